"""3.5 Lineage, model: each model leads to one training job with its algorithm and parameters."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.provenance import TrainingRecord


@check("3.5")
def model_lineage(models: Evidence[TrainingRecord]) -> Verdict:
    """Two models can only be compared by what they were trained with.

    Exercised when every model that serves leads to one training job for each of its artefacts, with
    algorithm and hyperparameters on record, and the run that trained it also registered it; partial
    where only the place of the artefact leads to the job, or a job has no hyperparameters. Does not
    apply to models that AWS provides. Only the names of hyperparameters are looked at.
    """
    return for_all(models, _is_on_record, nothing="no model that was trained serves")


def _is_on_record(model: TrainingRecord) -> Observation:
    if not model.jobs:
        return model.observed(Grade.MISSED, "leads to no training job")
    words = f"leads to training job {', '.join(model.jobs)}"
    if not model.single:
        return model.observed(Grade.CONFIGURED, f"{words}, which is not one for each artefact")
    if not model.described:
        return model.observed(Grade.CONFIGURED, f"{words}, without hyperparameters on record")
    if not model.tied:
        return model.observed(Grade.CONFIGURED, f"{words} by the place of its artefact alone")
    return model.observed(Grade.EXERCISED, f"{words} in the run that registered it")
