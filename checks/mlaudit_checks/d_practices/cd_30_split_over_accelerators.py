"""D.30 Large models are split over accelerators: training does not end where memory does."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, exists
from mlaudit.capabilities.algorithms import SplitTraining


@check("D.30")
def split_over_accelerators(trainings: Evidence[SplitTraining]) -> Verdict:
    """A model that does not fit one accelerator can only be trained in parts.

    Exercised when a training job that completed in the window named a degree of model parallelism;
    only configured where none of them completed. Does not apply where nothing trained on several
    accelerators. A script that splits a model without a hyperparameter cannot be seen.
    """
    return exists(
        trainings,
        _is_split,
        when_none=Status.NOT_APPLICABLE,
        nothing="nothing of one's own code trained on several accelerators in the window",
    )


def _is_split(training: SplitTraining) -> Observation:
    grade = Grade.EXERCISED if training.completed else Grade.CONFIGURED
    ended = "trained" if training.completed else "did not complete"
    fact = f"training job {training.name} {ended} a model split by {training.by}"
    return Observation(training.arn, grade, fact, training.ended_at)
