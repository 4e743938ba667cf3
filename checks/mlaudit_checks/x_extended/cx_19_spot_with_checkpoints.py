"""X.19 Training saves money and keeps its work: spot capacity for long jobs, with checkpoints."""

from datetime import timedelta

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.machines import TrainingCapacity

LONG = timedelta(hours=1)
"""What takes less may as well start over."""


@check("X.19")
def spot_with_checkpoints(jobs: Evidence[TrainingCapacity]) -> Verdict:
    """Spot capacity costs a fraction, and is taken away at two minutes' notice.

    Exercised when every training job of the window that took more than an hour ran on spot capacity
    and wrote checkpoints; partial where one ran on demand, which costs more and loses nothing. A
    long job on spot capacity without checkpoints fails. Does not apply where nothing trained.
    """
    return for_all(jobs, _saves, one_miss_fails=True, nothing="no training job ended in the window")


def _saves(job: TrainingCapacity) -> Observation:
    if job.took <= LONG:
        return job.observed(Grade.EXERCISED, "is short enough to start over")
    hours = job.took / timedelta(hours=1)
    if not job.spot:
        return job.observed(Grade.CONFIGURED, f"ran for {hours:.1f} hours on demand")
    if not job.checkpoints:
        fact = f"ran for {hours:.1f} hours on spot capacity without checkpoints"
        return job.observed(Grade.MISSED, fact)
    fact = f"ran for {hours:.1f} hours on spot capacity with checkpoints"
    return job.observed(Grade.EXERCISED, fact)
