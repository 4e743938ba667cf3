"""D.32 Built-in algorithms are used: what AWS maintains need not be written."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, exists
from mlaudit.capabilities.algorithms import Training


@check("D.32")
def built_in_algorithms(trainings: Evidence[Training]) -> Verdict:
    """An algorithm of AWS is tuned for its machines, patched, and tested by many.

    Exercised when a training job that completed in the window ran an algorithm of SageMaker, an
    AutoML job or a model of JumpStart; only configured where none of them completed. Whether one
    would do for what trains by code of one's own, nobody but its authors can tell. Does not apply
    where nothing trained in SageMaker.
    """
    return exists(
        trainings,
        _is_built_in,
        when_none=Status.NOT_APPLICABLE,
        nothing="no training job of SageMaker ended in the window",
    )


def _is_built_in(training: Training) -> Observation:
    if training.built_in is None:
        return training.observed(Grade.MISSED, "runs no algorithm of AWS")
    if not training.completed:
        return training.observed(Grade.CONFIGURED, f"did not complete with {training.built_in}")
    return training.observed(Grade.EXERCISED, f"trained with {training.built_in}")
