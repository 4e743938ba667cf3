"""6.traffic System metrics, traffic: an unusual number of requests is noticed."""

from mlaudit.api import Evidence, Observation, Verdict, check, for_all
from mlaudit.capabilities.alarms import WatchedPlace
from mlaudit.capabilities.signals import is_on_traffic


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
    return found.place.observed(filter(is_on_traffic, found.place.watches), "traffic")
