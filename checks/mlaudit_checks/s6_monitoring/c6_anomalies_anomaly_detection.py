"""6.anomalies System metrics, anomalies: unusual requests and answers are found and kept."""

from mlaudit.api import Evidence, Observation, Verdict, check, for_all
from mlaudit.capabilities.anomalies import AnomalyControl


@check("6.anomalies")
def anomaly_detection(controls: Evidence[AnomalyControl]) -> Verdict:
    """A model answers what it has never seen as readily as anything else, and nobody notices.

    Exercised when, on every endpoint that serves, something finds unusual requests or answers and
    they are kept: a log anomaly detector, a trained anomaly detector on a metric of one's own, an
    alarm with data on a count of outliers, or a scheduled job tagged ``mlaudit:control`` with
    ``anomalies``; only configured where it did not run or learn, watches nothing but metrics of the
    system, or where nothing was asked in the window. Does not apply where no endpoint serves. Where
    data capture is off, what keeps the requests cannot be seen: attest it.
    """
    return for_all(controls, _is_watched, nothing="no endpoint serves")


def _is_watched(control: AnomalyControl) -> Observation:
    return control.endpoint.observed("inputs and answers for anomalies")
