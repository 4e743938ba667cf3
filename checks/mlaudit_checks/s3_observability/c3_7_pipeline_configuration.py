"""3.7 Pipeline parameter configuration: the run that made a model is known with its settings."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.provenance import RunOfModel


@check("3.7")
def pipeline_configuration(models: Evidence[RunOfModel]) -> Verdict:
    """A model is made again only with the definition and the parameters that made it.

    Exercised when the version of every model that serves was registered by a step of a pipeline
    run, as SageMaker keeps the definition and the parameters of each run; partial where a run
    trained the model and something else registered it. Fails where no run had a part in it. Which
    run of a state machine or of Airflow made a model is not told: attest it.
    """
    return for_all(models, _has_its_run, nothing="no model serves")


def _has_its_run(model: RunOfModel) -> Observation:
    if model.registered_by:
        name = model.registered_by.partition(":pipeline/")[2]
        return model.observed(Grade.EXERCISED, f"was registered by run {name}")
    if model.trained_by:
        name = model.trained_by.partition(":pipeline/")[2]
        return model.observed(
            Grade.CONFIGURED, f"was trained by run {name}, which did not register it"
        )
    return model.observed(Grade.MISSED, "was made by no pipeline run")
