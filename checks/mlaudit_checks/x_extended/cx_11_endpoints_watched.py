"""X.11 Every endpoint is watched by something: by whatever tool, and seen to run."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.guards import WatchedEndpoint


@check("X.11")
def endpoints_watched(endpoints: Evidence[WatchedEndpoint]) -> Verdict:
    """An endpoint without any monitor is right until somebody complains.

    Exercised when on every endpoint that serves at least one thing that watches data or results
    works: Model Monitor, a tagged pipeline, function or job of one's own, or an alarm on a metric
    of one's own; only configured where what there is does not work. One that nothing watches fails.
    Does not apply where no endpoint serves.
    """
    return for_all(endpoints, _is_watched, one_miss_fails=True, nothing="no endpoint serves")


def _is_watched(endpoint: WatchedEndpoint) -> Observation:
    if endpoint.works:
        fact = f"{endpoint.words} is watched by {', '.join(endpoint.works)}"
        return Observation(endpoint.arn, Grade.EXERCISED, fact)
    if endpoint.lacks:
        fact = f"{endpoint.words} has monitors that do not work: {', '.join(endpoint.lacks)}"
        return Observation(endpoint.arn, Grade.CONFIGURED, fact)
    return Observation(endpoint.arn, Grade.MISSED, f"nothing watches {endpoint.words}")
