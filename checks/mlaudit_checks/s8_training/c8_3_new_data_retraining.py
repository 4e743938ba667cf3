"""8.3 Retrain trigger, new training data: enough new data starts retraining."""

from mlaudit.api import Evidence, Observation, Verdict, check, exists
from mlaudit.capabilities.retrain_triggers import NewDataTrigger


@check("8.3")
def new_data_retraining(triggers: Evidence[NewDataTrigger]) -> Verdict:
    """What a model could learn from is of no use until it is trained on it.

    Exercised by a workflow that trains, with a success in the window that new data started: by a
    rule on objects, tables, features or labels, the notification of a bucket, or a stream, directly
    or by way of a function, a queue or another workflow; only configured where that is switched
    off, or started no success in the window. How much data is enough is for a person to judge. What
    a function starts is known for pipelines only: another function that new data calls, a program
    outside of AWS and events whose names do not tell are not judged.
    """
    return exists(triggers, _is_started, nothing="no pipeline or state machine that trains")


def _is_started(found: NewDataTrigger) -> Observation:
    return found.trigger.observed("new data")
