"""X.29 Asynchronous endpoints tell of errors and wake up: no request is lost or left waiting."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.queued import QueuedVariant


@check("X.29")
def async_tells_and_wakes(variants: Evidence[QueuedVariant]) -> Verdict:
    """Nobody waits for an asynchronous answer, so nobody notices when none comes.

    Exercised when every asynchronous endpoint tells a topic of requests that fail, and one that may
    scale down to no instance has a policy that an alarm on the first waiting request sets off;
    partial without the policy, as it then wakes late. One without a topic for errors, which is
    configured with the endpoint, fails. Does not apply where nothing answers asynchronously.
    """
    return for_all(
        variants, _is_heard, one_miss_fails=True, nothing="nothing answers asynchronously"
    )


def _is_heard(variant: QueuedVariant) -> Observation:
    place = variant.placement
    if not variant.tells:
        return place.observed(Grade.MISSED, "no topic hears of requests that fail")
    if variant.sleeps and not variant.wakes:
        return place.observed(Grade.CONFIGURED, "tells of errors, and wakes late from no instance")
    rest = "wakes on the first request" if variant.sleeps else "never sleeps"
    return place.observed(Grade.EXERCISED, f"tells of errors, and {rest}")
