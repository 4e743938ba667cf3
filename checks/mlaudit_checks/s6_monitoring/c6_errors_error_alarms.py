"""6.errors System metrics, errors: errors of what serves set off an alarm."""

from mlaudit.api import Evidence, Observation, Verdict, check, for_all
from mlaudit.capabilities.alarms import AlarmedPlace
from mlaudit.capabilities.signals import is_on_errors


@check("6.errors")
def error_alarms(places: Evidence[AlarmedPlace]) -> Verdict:
    """Callers see an error long before anybody looks at a log.

    Exercised when an alarm that has data watches an error metric of every variant, or component,
    that serves; only configured by an alarm without data, or where nothing was asked in the window.
    Does not apply where no endpoint serves.
    """
    return for_all(places, _is_alarmed, nothing="no endpoint serves")


def _is_alarmed(place: AlarmedPlace) -> Observation:
    return place.observed(filter(is_on_errors, place.watches), "errors")
