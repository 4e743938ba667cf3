"""6.2 Distribution shift: live features are compared with those of training."""

from mlaudit.api import Evidence, Observation, Verdict, check, for_all
from mlaudit.capabilities.detectors import DataDriftControl


@check("6.2")
def distribution_shift(controls: Evidence[DataDriftControl]) -> Verdict:
    """A model is only as good as the likeness of today to the data it has learned from.

    Exercised when, on every endpoint that serves, something compares live features with training
    and ran with success in twice its period: a Model Monitor schedule, a scheduled job tagged
    ``mlaudit:control`` with ``data-drift``, or an alarm with data on a drift metric of one's own;
    only configured where it did not run, failed or has no statistics. Test and window are for a
    person to judge. Does not apply where no endpoint serves.
    """
    return for_all(controls, _is_watched, nothing="no endpoint serves")


def _is_watched(control: DataDriftControl) -> Observation:
    return control.endpoint.observed("the distribution of live data")
