"""6.errors System metrics, errors: errors of what serves set off an alarm."""

import re

from mlaudit.api import Evidence, Observation, Verdict, check, for_all
from mlaudit.capabilities.alarms import AlarmedPlace

ERRORS = re.compile(r"error|fail|fault|4xx|5xx|exception", re.IGNORECASE)
"""Names of metrics that count errors, those of SageMaker and one's own alike."""


@check("6.errors")
def error_alarms(places: Evidence[AlarmedPlace]) -> Verdict:
    """Callers see an error long before anybody looks at a log.

    Exercised when an alarm that has data watches an error metric of every variant, or component,
    that serves; only configured by an alarm without data, or where nothing was asked in the window.
    Does not apply where no endpoint serves.
    """
    return for_all(places, _is_alarmed, nothing="no endpoint serves")


def _is_alarmed(place: AlarmedPlace) -> Observation:
    return place.observed(
        (each for each in place.watches if any(ERRORS.search(one.name) for one in each.metrics)),
        "errors",
    )
