"""6.traffic System metrics, traffic: an unusual number of requests is noticed."""

import re

from mlaudit.api import Evidence, Observation, Verdict, check, for_all
from mlaudit.capabilities.alarms import Watch, WatchedPlace

TRAFFIC = re.compile(r"invocations|requests|backlog", re.IGNORECASE)
"""Names of metrics that count requests, those of SageMaker and one's own alike."""

ERRORS = re.compile(r"error|fail", re.IGNORECASE)


@check("6.traffic")
def traffic_alarms(places: Evidence[WatchedPlace]) -> Verdict:
    """Callers who vanish, and callers who flood, are seen in the number of requests first.

    Exercised when an alarm that has data, or a trained anomaly detector, watches the number of
    requests of every variant, or component, that serves; only configured by one that has no data,
    or where nothing was asked in the window. Alarms that do nothing but scale do not count. Does
    not apply where no endpoint serves.
    """
    return for_all(places, _is_watched, nothing="no endpoint serves")


def _is_watched(found: WatchedPlace) -> Observation:
    return found.place.observed((each for each in found.place.watches if _counts(each)), "traffic")


def _counts(watch: Watch) -> bool:
    """Whether it is about requests alone; a rate of errors divides by them."""
    names = [each.name for each in watch.metrics]
    return all(TRAFFIC.search(each) and not ERRORS.search(each) for each in names)
