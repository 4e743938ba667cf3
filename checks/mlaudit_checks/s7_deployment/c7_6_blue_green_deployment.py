"""7.6 Blue/green deployment: old and new run side by side until the traffic has moved."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, exists
from mlaudit.capabilities.rollouts import Rollout

BLUE_GREEN = frozenset({"ALL_AT_ONCE", "CANARY", "LINEAR"})
"""The strategies that bring up a second fleet."""


@check("7.6")
def blue_green_deployment(rollouts: Evidence[Rollout]) -> Verdict:
    """While the old fleet still runs, the way back takes seconds and costs no request.

    Exercised by an update of the window under a blue/green policy that keeps the old fleet for a
    while after the traffic has moved, and watches alarms meanwhile; only configured without either,
    or by an update that left it to the defaults of AWS. Does not apply where nothing serves on an
    endpoint.
    """
    return exists(
        rollouts,
        _runs_side_by_side,
        when_none=Status.NOT_APPLICABLE,
        nothing="nothing serves on an endpoint",
    )


def _runs_side_by_side(rollout: Rollout) -> Observation:
    if rollout.strategy == "ROLLING":
        return rollout.observed(Grade.MISSED, "is updated in batches on one fleet")
    if rollout.strategy not in BLUE_GREEN:
        if rollout.updated_at is None:
            return rollout.observed(Grade.MISSED, "was not updated in the window")
        return rollout.observed(Grade.CONFIGURED, "was updated with the defaults of AWS")
    if rollout.updated_at is None:
        return rollout.observed(Grade.CONFIGURED, "has a policy, and was not updated in the window")
    bake = rollout.bake_seconds or 0
    watch = ", ".join(rollout.alarms) or "no alarm"
    fact = f"kept its old fleet for {bake} seconds, watched by {watch}"
    complete = bake > 0 and rollout.alarms
    return rollout.observed(Grade.EXERCISED if complete else Grade.CONFIGURED, fact)
