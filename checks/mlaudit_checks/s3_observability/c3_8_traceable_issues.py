"""3.8 Issues are traceable, debuggable, reproducible: the records lead back to what was done."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.drill import ENOUGH_LINKS, Drill


@check("3.8")
def traceable_issues(models: Evidence[Drill]) -> Verdict:
    """A wrong answer is explained in an hour, or never, by what was written down before it.

    Exercised when a drill over every model that serves finds on record the version of its training
    data, the digests of its images, the commit, the hyperparameters, the pipeline run and the logs
    of the training; partial where at least half of these links are on record. Fails where fewer
    are. Does not apply to models that AWS provides. Links that are kept in a tracker or in another
    engine's database cannot be seen: attest a drill of your own.
    """
    return for_all(models, _is_traced, nothing="no model that was trained serves")


def _is_traced(model: Drill) -> Observation:
    if model.complete:
        return model.observed(Grade.EXERCISED, f"is traced to its {', '.join(model.found)}")
    missing = f"is not traced to its {', '.join(model.missing)}"
    if len(model.found) >= ENOUGH_LINKS:
        return model.observed(Grade.CONFIGURED, missing)
    return model.observed(Grade.MISSED, missing)
