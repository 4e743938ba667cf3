"""6.6 System captures, evaluation results: how good each version was is on record."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.captures import EvaluatedVersion


@check("6.6")
def evaluation_results(versions: Evidence[EvaluatedVersion]) -> Verdict:
    """Live results mean little without those that the version had when it was made.

    Exercised when every model that serves, and every version registered in the window, has its
    evaluation in the registry, or metrics on validation data that its training job put out; partial
    where only some have, where the metrics are of training data alone, or where a step tests each
    model and its results are only configured to stay elsewhere. Does not apply without a model or a
    version. Results in a tracker, and those of a training job out of sight, cannot be seen.
    """
    return for_all(versions, _is_on_record, nothing="no model serves and no version is registered")


def _is_on_record(version: EvaluatedVersion) -> Observation:
    if version.reported:
        return version.observed(Grade.EXERCISED, "has its evaluation in the registry")
    if version.validation:
        fact = f"has {', '.join(version.validation)} on record from its training"
        return version.observed(Grade.EXERCISED, fact)
    if version.metrics:
        fact = f"has no metric of validation data on record, only {', '.join(version.metrics)}"
        return version.observed(Grade.CONFIGURED, fact)
    if version.tested_in:
        fact = f"was tested in {', '.join(version.tested_in)}, with no result on record"
        return version.observed(Grade.CONFIGURED, fact)
    return version.observed(Grade.MISSED, "has no evaluation on record")
