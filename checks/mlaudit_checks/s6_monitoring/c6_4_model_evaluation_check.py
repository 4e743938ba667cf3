"""6.4 Model evaluation check: answers are compared with the truth that comes later."""

from mlaudit.api import Evidence, Observation, Verdict, check, for_all
from mlaudit.capabilities.detectors import ModelQualityControl


@check("6.4")
def model_evaluation_check(controls: Evidence[ModelQualityControl]) -> Verdict:
    """Only the truth that comes later shows whether a model still holds.

    Exercised when, on every endpoint that serves, something compares answers with ground truth and
    ran with success in twice its period: a Model Monitor schedule, a scheduled job tagged
    ``mlaudit:control`` with ``model-quality``, or an alarm with data on such a metric of one's own;
    only configured where it did not run, failed or has no ground truth or baseline. Does not apply
    where no endpoint serves.
    """
    return for_all(controls, _is_watched, nothing="no endpoint serves")


def _is_watched(control: ModelQualityControl) -> Observation:
    return control.endpoint.observed("the quality of answers")
