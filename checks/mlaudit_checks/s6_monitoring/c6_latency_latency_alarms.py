"""6.latency System metrics, latency: the slowest answers set off an alarm."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.alarms import AlarmedPlace
from mlaudit.capabilities.signals import latency_statistics


@check("6.latency")
def latency_alarms(places: Evidence[AlarmedPlace]) -> Verdict:
    """A mean hides the callers who wait longest.

    Exercised when an alarm that has data watches a latency of every variant, or component, that
    serves at the 90th percentile or above, the maximum included; only configured by an alarm on a
    mean or without data, or where nothing was asked in the window. Does not apply where no endpoint
    serves.
    """
    return for_all(places, _is_alarmed, nothing="no endpoint serves")


def _is_alarmed(place: AlarmedPlace) -> Observation:
    high = [each for each in place.watches if latency_statistics(each, high=True)]
    if high:
        return place.observed(high, "a high percentile of latency")
    low = [each for each in place.watches if latency_statistics(each, high=False)]
    if low:
        said = ", ".join(
            sorted({one for each in low for one in latency_statistics(each, high=False)})
        )
        fact = f"{place.words}: latency alarmed by {said} only"
        return Observation(place.arn, Grade.CONFIGURED, fact)
    return place.observed((), "latency")
