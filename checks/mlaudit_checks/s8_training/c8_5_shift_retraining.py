"""8.5 Retrain trigger, data distribution shift: a shift of the data starts retraining."""

from mlaudit.api import Evidence, Observation, Verdict, check, decide, exists
from mlaudit.capabilities.detectors import DataDriftControl
from mlaudit.capabilities.retrain_triggers import ShiftedDataTrigger, started_or_watched


@check("8.5")
def shift_retraining(
    triggers: Evidence[ShiftedDataTrigger], controls: Evidence[DataDriftControl]
) -> Verdict:
    """Where labels come late, a shift of the data is the first sign that a model is out of date.

    Exercised by a workflow that trains, with a success in the window that a shift started: by an
    alarm on a metric of drift or violations, an event of one's own, or a job tagged
    ``mlaudit:control`` with ``data-drift`` or ``concept-drift``, directly or by way of a rule, a
    topic, a function or another workflow; a drill counts. Only configured where that is switched
    off, or started no success in the window, or where drift is watched and starts nothing. What a
    function starts is known for pipelines only; a program outside of AWS is not judged.
    """
    started = exists(triggers, _is_started, nothing="no pipeline or state machine that trains")
    watched = exists(controls, _is_watched, nothing="no endpoint serves")
    return decide(started_or_watched, started, watched)


def _is_started(found: ShiftedDataTrigger) -> Observation:
    return found.trigger.observed("shift of the data")


def _is_watched(control: DataDriftControl) -> Observation:
    return control.endpoint.observed("the distribution of live data")
