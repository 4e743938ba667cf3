"""7.7 Support for A/B testing or more: versions are compared on live traffic."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, exists
from mlaudit.capabilities.comparisons import TrafficSplit

SEVERAL = 2


@check("7.7")
def ab_testing(splits: Evidence[TrafficSplit]) -> Verdict:
    """Which version is better for callers is known only once both have answered them.

    Exercised by an endpoint whose variants share the traffic, two of which answered requests in the
    window, counted apart; only configured where fewer of them did. Does not apply where nothing
    serves on an endpoint. A program that shares requests between endpoints or components is not
    visible in AWS.
    """
    return exists(
        splits,
        _is_shared,
        when_none=Status.NOT_APPLICABLE,
        nothing="nothing serves on an endpoint",
    )


def _is_shared(split: TrafficSplit) -> Observation:
    words = f"endpoint {split.name}"
    if len(split.weighted) < SEVERAL:
        return Observation(split.arn, Grade.MISSED, f"{words} sends all requests to one variant")
    fact = f"{words} shares requests between {', '.join(split.weighted)}"
    if len(split.answered) < SEVERAL:
        fact += f", and {len(split.answered)} of them answered in the window"
        return Observation(split.arn, Grade.CONFIGURED, fact, split.at)
    return Observation(split.arn, Grade.EXERCISED, fact, split.at)
