"""7.4 Canary deployment: a new version first meets a small share of the traffic."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, exists
from mlaudit.capabilities.rollouts import Rollout

GRADUAL = {"CANARY": "by canary", "LINEAR": "in linear steps", "ROLLING": "in batches"}
"""The strategies that move traffic step by step, in words."""


@check("7.4")
def canary_deployment(rollouts: Evidence[Rollout]) -> Verdict:
    """A fault that only a part of the callers meets is cheap to take back.

    Exercised by an update of the window that moved traffic step by step (canary, linear or rolling)
    under alarms that would have stopped it; only configured without such alarms, by weights of
    variants, or where nothing was updated in the window. Does not apply where nothing serves on an
    endpoint.
    """
    return exists(
        rollouts,
        _is_gradual,
        when_none=Status.NOT_APPLICABLE,
        nothing="nothing serves on an endpoint",
    )


def _is_gradual(rollout: Rollout) -> Observation:
    way = GRADUAL.get(rollout.strategy or "")
    if way is None and len(rollout.weighted) > 1:
        fact = f"shares its traffic by hand between {', '.join(rollout.weighted)}"
        return rollout.observed(Grade.CONFIGURED, fact)
    if way is None:
        never = "was not updated in the window" if rollout.updated_at is None else ""
        return rollout.observed(Grade.MISSED, never or "was updated all at once")
    if rollout.updated_at is None:
        return rollout.observed(Grade.CONFIGURED, f"updates {way}, and did not in the window")
    if not rollout.alarms:
        return rollout.observed(Grade.CONFIGURED, f"was updated {way}, watched by no alarm")
    fact = f"was updated {way}, watched by {', '.join(rollout.alarms)}"
    return rollout.observed(Grade.EXERCISED, fact)
