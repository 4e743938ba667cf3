"""6.1 Data quality detection: live data is held against what training saw."""

from mlaudit.api import Evidence, Observation, Verdict, check, for_all
from mlaudit.capabilities.detectors import DataQualityControl


@check("6.1")
def data_quality_detection(controls: Evidence[DataQualityControl]) -> Verdict:
    """A model answers broken input as surely as good input.

    Exercised when, on every endpoint that serves, a detector with a baseline ran with success in
    twice its period: a Model Monitor schedule, a scheduled job tagged ``mlaudit:control`` with
    ``data-quality``, or an alarm with data on such a metric of one's own; only configured where it
    did not run, failed or has no baseline. Does not apply where no endpoint serves.
    """
    return for_all(controls, _is_watched, nothing="no endpoint serves")


def _is_watched(control: DataQualityControl) -> Observation:
    return control.endpoint.observed("the quality of live data")
