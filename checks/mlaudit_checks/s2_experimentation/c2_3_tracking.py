"""2.3 Tracking: one tool knows metrics, parameters and artefacts of every run."""

from mlaudit.api import Evidence, Status, Verdict, check, exists
from mlaudit.capabilities.tracking import RunTracking


@check("2.3")
def tracking(runs: Evidence[RunTracking]) -> Verdict:
    """A run that nobody wrote down is repeated, or believed without proof.

    Exercised when at least 90 % of the training jobs of the window are attached to a run of a
    SageMaker experiment or of managed MLflow; partial where fewer are. Fails where none is and the
    jobs reach no network, so that no other tracker can know them. Does not apply where nothing
    trained. What a tracker holds that AWS does not list cannot be seen: attest it.
    """
    return exists(
        runs,
        RunTracking.observed,
        when_none=Status.NOT_APPLICABLE,
        nothing="nothing trained in the window",
    )
