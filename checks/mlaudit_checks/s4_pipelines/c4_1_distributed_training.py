"""4.1 Large-scale and distributed training: training spreads over machines and keeps them busy."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, exists
from mlaudit.capabilities.training import ParallelTraining

LEAST_MEAN_USE = 50.0
"""Percent of its processors or accelerators that a host must use on average."""

WIDEST_SPREAD = 20.0
"""Percentage points between the busiest and the idlest host."""


@check("4.1")
def distributed_training(jobs: Evidence[ParallelTraining]) -> Verdict:
    """A model that outgrows one machine must not stop the team.

    Exercised by a completed job of the window on several machines or accelerators whose hosts were
    busy (mean use of 50 % or more) and evenly so (within 20 points); only configured where their
    use is low, uneven or not known, or where the job completed before the window.
    """
    return exists(
        jobs,
        _is_well_used,
        nothing="no training on several machines or accelerators in the window",
    )


def _is_well_used(job: ParallelTraining) -> Observation:
    if not job.succeeded:
        return job.observed(Grade.MISSED, f"training on {job.shape} did not complete")
    if not job.use:
        return job.observed(Grade.CONFIGURED, f"trained on {job.shape}, use of hosts not known")
    mean, spread = sum(job.use) / len(job.use), max(job.use) - min(job.use)
    fact = f"trained on {job.shape}, hosts {mean:.0f} % busy within {spread:.0f} points"
    busy = mean >= LEAST_MEAN_USE and spread <= WIDEST_SPREAD
    return job.observed(Grade.EXERCISED if busy else Grade.CONFIGURED, fact)
