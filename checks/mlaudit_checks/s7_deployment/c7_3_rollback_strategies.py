"""7.3 Rollback strategies: everything that serves has a way back to the version before."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Verdict,
    check,
    decide,
    every_part,
    for_all,
)
from mlaudit.capabilities.rollouts import WayBack


@check("7.3")
def rollback_strategies(ways: Evidence[WayBack]) -> Verdict:
    """A version that fails in production must be out of the way before somebody has read the logs.

    Exercised where an update of the window was guarded by alarms that bring the old version back,
    and an earlier version is kept: an approved one in the registry, or a model of the same images;
    only configured with one of the two, or where nothing was updated. Does not apply where nothing
    serves on an endpoint. Runbooks and fallbacks inside an application are for a person to attest.
    """
    found = for_all(ways, _leads_back, nothing="nothing serves on an endpoint")
    return decide(every_part, found)  # a failure next to something unseen may yet be a partial


def _leads_back(way: WayBack) -> Observation:
    rollout = way.rollout
    kept = f"{way.earlier} is kept" if way.earlier else "no earlier version is kept"
    if not rollout.alarms:
        grade = Grade.CONFIGURED if way.earlier else Grade.MISSED
        return rollout.observed(grade, f"has no alarm that rolls it back, {kept}")
    fact = f"rolls back on {', '.join(rollout.alarms)}, {kept}"
    if rollout.updated_at is None:
        return rollout.observed(Grade.CONFIGURED, f"{fact}, not updated in the window")
    return rollout.observed(Grade.EXERCISED if way.earlier else Grade.CONFIGURED, fact)
