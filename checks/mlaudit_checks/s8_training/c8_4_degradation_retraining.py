"""8.4 Retrain trigger, performance degradation: a drop in measured quality starts retraining."""

from mlaudit.api import Evidence, Observation, Verdict, check, decide, exists
from mlaudit.capabilities.detectors import ModelQualityControl
from mlaudit.capabilities.retrain_triggers import WorseAnswersTrigger, started_or_watched


@check("8.4")
def degradation_retraining(
    triggers: Evidence[WorseAnswersTrigger], controls: Evidence[ModelQualityControl]
) -> Verdict:
    """A model that is known to be wrong goes on being wrong until somebody finds the time.

    Exercised by a workflow that trains, with a success in the window that a drop in quality
    started: by an alarm on such a metric, an event of one's own, or a job tagged
    ``mlaudit:control`` with ``model-quality``, directly or by way of a rule, a topic, a function or
    another workflow; a drill counts. Only configured where that is switched off, or started no
    success in the window, or where quality is watched and starts nothing. What a function starts is
    known for pipelines only; a program outside of AWS is not judged.
    """
    started = exists(triggers, _is_started, nothing="no pipeline or state machine that trains")
    watched = exists(controls, _is_watched, nothing="no endpoint serves")
    return decide(started_or_watched, started, watched)


def _is_started(found: WorseAnswersTrigger) -> Observation:
    return found.trigger.observed("drop in quality")


def _is_watched(control: ModelQualityControl) -> Observation:
    return control.endpoint.observed("the quality of answers")
