"""3.6 Integration with deployment and monitoring: the registry is read, not only written."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, decide, every_part, for_all
from mlaudit.capabilities.registry_use import BaselineUse, RollbackVersion


@check("3.6")
def registry_integration(
    baselines: Evidence[BaselineUse], versions: Evidence[RollbackVersion]
) -> Verdict:
    """A registry pays when live quality is held against it, and when a bad version is taken back.

    Exercised when a job of the window read a baseline that is registered with every version that
    serves, and each of them is deployed from the registry with an older approved version to go
    back to; partial where one of the two is missing, or a baseline or a schedule is only
    configured. Whether the artefact of an older version still lies in its bucket is not read.
    """
    return decide(
        every_part,
        for_all(baselines, _is_compared, nothing="no model serves"),
        for_all(versions, _can_go_back, nothing="no model serves"),
    )


def _is_compared(use: BaselineUse) -> Observation:
    if use.read_by:
        fact = f"is monitored: job {use.read_by} read its baseline"
        return use.observed(Grade.EXERCISED, fact)
    watched = f"watched by {', '.join(use.schedules)}" if use.schedules else ""
    if use.baselines:
        fact = f"has a baseline that no job of the window read{watched and ', ' + watched}"
        return use.observed(Grade.CONFIGURED, fact)
    if watched:
        return use.observed(Grade.CONFIGURED, f"is {watched}, with no baseline in the registry")
    return use.observed(Grade.MISSED, "has no baseline in the registry")


def _can_go_back(found: RollbackVersion) -> Observation:
    if not found.registered:
        return found.observed(Grade.MISSED, "is in no registry to go back in")
    if found.deployed_from is None:
        return found.observed(Grade.CONFIGURED, "is registered, and not deployed from there")
    if not found.earlier:
        fact = f"{found.deployed_from}, and no older one is approved"
        return found.observed(Grade.CONFIGURED, fact)
    fact = f"{found.deployed_from}, and {found.earlier} older are approved"
    return found.observed(Grade.EXERCISED, fact)
