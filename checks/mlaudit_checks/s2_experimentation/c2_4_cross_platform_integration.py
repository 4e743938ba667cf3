"""2.4 Cross-platform integration: results of past runs reach what comes after."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, decide, every_part, for_all
from mlaudit.capabilities.results import RegisteredResults, ResultsUse


@check("2.4")
def cross_platform_integration(
    registered: Evidence[RegisteredResults], uses: Evidence[ResultsUse]
) -> Verdict:
    """Results that only their run knows are looked up by hand, or not at all.

    Exercised when the results of the run behind every model that serves are registered with its
    version, and a monitor or a job of the window read what is registered; partial with one of the
    two, or where baselines are only configured. Does not apply where no model serves. What a
    tracker holds, and what a function reads, cannot be seen.
    """
    return decide(
        every_part,
        for_all(registered, _is_registered, nothing="no model serves"),
        for_all(uses, _is_read, nothing="no model serves"),
    )


def _is_registered(found: RegisteredResults) -> Observation:
    if found.evaluated:
        return found.version.observed(Grade.EXERCISED, "is registered with the results of its run")
    if found.version.package:
        return found.version.observed(Grade.CONFIGURED, "is registered without results")
    return found.version.observed(Grade.MISSED, "is in no registry, nor are its results")


def _is_read(use: ResultsUse) -> Observation:
    if use.used_by:
        fact = f"is watched by what is registered with it: {use.used_by} read it"
        return use.observed(Grade.EXERCISED, fact)
    if use.readable:
        fact = "is registered with results that nothing of the window is known to have read"
        return use.observed(Grade.CONFIGURED, fact)
    return use.observed(Grade.MISSED, "gives monitoring nothing to compare with")
