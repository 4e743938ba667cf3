"""X.8 Releases are guarded by alarms that work: in steps, and back when something goes off."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.guards import GuardedRollout

IN_STEPS = frozenset({"CANARY", "LINEAR", "ROLLING"})


@check("X.8")
def releases_guarded(rollouts: Evidence[GuardedRollout]) -> Verdict:
    """An alarm without data never goes off, so that a rollback that waits for it never comes.

    Exercised when everything that serves was last updated in the window in steps, by a canary, a
    linear shift or in batches, under alarms that exist and all have data; only configured where
    alarms have no data, or where no update of the window shows it. One that moves all its traffic
    at once, or under no alarm, fails. Does not apply where nothing serves on an endpoint.
    """
    return for_all(
        rollouts, _is_guarded, one_miss_fails=True, nothing="nothing serves on an endpoint"
    )


def _is_guarded(found: GuardedRollout) -> Observation:
    rollout = found.rollout
    if rollout.strategy not in IN_STEPS:
        how = (rollout.strategy or "the defaults of AWS").replace("_", " ").lower()
        how = how.replace("aws", "AWS")
        return rollout.observed(Grade.MISSED, f"moves its traffic by {how}")
    steps = f"moves its traffic by {rollout.strategy.lower()}"
    if not rollout.alarms:
        return rollout.observed(Grade.MISSED, f"{steps}, under no alarm")
    if found.silent:
        fact = f"{steps}, under alarms without data: {', '.join(found.silent)}"
        return rollout.observed(Grade.CONFIGURED, fact)
    if rollout.updated_at is None:
        return rollout.observed(Grade.CONFIGURED, f"{steps}, and was not updated in the window")
    return rollout.observed(Grade.EXERCISED, f"{steps}, under {', '.join(rollout.alarms)}")
