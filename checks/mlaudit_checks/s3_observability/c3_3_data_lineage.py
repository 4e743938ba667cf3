"""3.3 Lineage, data inputs and outputs: from the data to what answers, without a break."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.provenance import Provenance


@check("3.3")
def data_lineage(models: Evidence[Provenance]) -> Verdict:
    """Wrong data can only be put right where it is known which models learned from it.

    Exercised when every model on an endpoint, and every model that scored a batch in the window, is
    traced by AWS's own records over its registered version and the job that trained it to the data
    the job read; partial where the chain is broken in between. Fails where nothing is known of any
    of them. A model whose training job is out of sight, as in AWS Batch, is not assessed.
    """
    return for_all(models, _is_traced, nothing="no model serves")


def _is_traced(model: Provenance) -> Observation:
    if model.version and model.trained and model.whole and model.data:
        jobs = ", ".join(model.jobs)
        fact = f"is traced over {model.version} and training job {jobs} to {', '.join(model.data)}"
        return model.observed(Grade.EXERCISED, fact)
    known = [
        words
        for words, is_known in (
            ("its version", model.version is not None),
            ("its training job", bool(model.jobs) and model.whole),
            ("its data", bool(model.data)),
        )
        if is_known
    ]
    if not known:
        return model.observed(Grade.MISSED, "has no record of where it comes from")
    return model.observed(Grade.CONFIGURED, f"is traced no further than {' and '.join(known)}")
