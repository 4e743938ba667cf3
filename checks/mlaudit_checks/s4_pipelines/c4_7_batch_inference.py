"""4.7 Inference support, batch: batches are scored in order, by schedule or trigger."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, exists
from mlaudit.capabilities.workflows import BatchScoring


@check("4.7")
def batch_inference(scorings: Evidence[BatchScoring]) -> Verdict:
    """A batch that somebody has to start is a batch that is forgotten.

    Exercised by a pipeline or state machine with a scoring step that succeeded in the window and
    that an enabled rule or schedule starts; only configured where nothing starts it, where it did
    not run, or by single transform jobs. Does not apply where nothing is scored in batches.
    """
    return exists(
        scorings,
        _runs_by_itself,
        when_none=Status.NOT_APPLICABLE,
        nothing="nothing is scored in batches",
    )


def _runs_by_itself(scoring: BatchScoring) -> Observation:
    if not scoring.in_workflow:
        if scoring.succeeded_at is None:
            return scoring.observed(Grade.MISSED, "did not complete")
        return scoring.observed(Grade.CONFIGURED, "scored once, outside any workflow")
    if scoring.succeeded_at is None:
        return scoring.observed(Grade.CONFIGURED, "has a scoring step and no success in the window")
    if not scoring.started_by:
        return scoring.observed(Grade.CONFIGURED, "scores, and no enabled trigger starts it")
    return scoring.observed(
        Grade.EXERCISED, f"scores, started by {', '.join(sorted(scoring.started_by))}"
    )
