"""X.22 The lineage of each served model is complete: no model hides behind the traced ones."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.provenance import Provenance


@check("X.22")
def complete_lineage(models: Evidence[Provenance]) -> Verdict:
    """The one model whose chain is broken is the one that is asked about.

    Exercised when every model that serves leads over its registered version and the training job
    that made it to the data the job read; partial where only the data is not on record, which may
    lie outside of S3. One without a version or a job fails, and the missing edge is named. Does not
    apply where nothing serves that was trained; what AWS provides is left out.
    """
    trained = Evidence(tuple(each for each in models.items if each.trained), models.gaps)
    return for_all(
        trained, _is_complete, one_miss_fails=True, nothing="nothing serves that was trained"
    )


def _is_complete(model: Provenance) -> Observation:
    missing = [] if model.version else ["a registered version"]
    missing += [] if model.jobs and model.whole else ["a training job"]
    if missing:
        return model.observed(Grade.MISSED, f"has no edge to {' and to '.join(missing)}")
    if not model.data:
        return model.observed(Grade.CONFIGURED, "has no edge to its data")
    return model.observed(Grade.EXERCISED, f"is traced over {model.version} to its data")
