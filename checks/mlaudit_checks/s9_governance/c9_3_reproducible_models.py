"""9.3 Reproducibility and traceability: what a model was made from outlives it."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, decide, every_part, for_all
from mlaudit.capabilities.drill import ENOUGH_LINKS, Drill
from mlaudit.capabilities.retention import KeptData


@check("9.3")
def reproducible_models(models: Evidence[Drill], data: Evidence[KeptData]) -> Verdict:
    """Who must defend a decision of last year needs the model of last year, and its data.

    Exercised when every model that serves is traced to its data version, images, commit,
    hyperparameters, pipeline run and logs, and no lifecycle rule deletes versions of its training
    data sooner than the model is old, or a lock holds them as long; partial where one of the two is
    short. Fails where both are. Does not apply to models that AWS provides. Whether a model was
    really made again from it is for a person to attest.
    """
    return decide(
        every_part,
        for_all(models, _can_be_made_again, nothing="no model that was trained serves"),
        for_all(data, _is_kept, nothing="no model that was trained serves"),
    )


def _can_be_made_again(model: Drill) -> Observation:
    if model.complete:
        return model.observed(Grade.EXERCISED, "has all on record that made it")
    missing = f"is not traced to its {', '.join(model.missing)}"
    enough = len(model.found) >= ENOUGH_LINKS
    return model.observed(Grade.CONFIGURED if enough else Grade.MISSED, missing)


def _is_kept(data: KeptData) -> Observation:
    age = f"was trained {data.life_days} days ago"
    if data.short:
        places = ", ".join(data.short)
        return data.observed(Grade.MISSED, f"{age}, and its data may be deleted: {places}")
    return data.observed(Grade.EXERCISED, f"{age}, and nothing has deleted its data since")
