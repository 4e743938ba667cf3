"""X.4 Served models come from the registry: nothing serves that nobody registered."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.registry import ServedVersion


@check("X.4")
def served_from_registry(versions: Evidence[ServedVersion]) -> Verdict:
    """A model that was deployed past the registry has no approval, no card and no way back.

    Exercised when every model that serves is created from a registered version; only configured
    where a registered version holds the same artefact, and nothing ties the model to it. One model
    without a version fails. Does not apply where no model serves.
    """
    return for_all(versions, _is_registered, one_miss_fails=True, nothing="no model serves")


def _is_registered(version: ServedVersion) -> Observation:
    if version.package is None:
        return version.observed(Grade.MISSED, "is no version of any registry")
    if any(each.package_arn == version.package.arn for each in version.containers):
        return version.observed(Grade.EXERCISED, f"is created from {version.name}")
    fact = f"holds the artefact of {version.name}, and does not name it"
    return version.observed(Grade.CONFIGURED, fact)
