"""X.20 Training on several machines shares the data: each of them does a part of the work."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.machines import SharedTraining

IDLE = 20.0
"""Percent of use below which a machine was paid for nothing."""


@check("X.20")
def machines_share_data(jobs: Evidence[SharedTraining]) -> Verdict:
    """Two machines that do the same work cost twice as much and are not faster.

    Exercised when every training job of the window on several machines gave each a part of the data
    of its own, and kept all of them at least a fifth busy; partial where each got all of the data,
    which a script may share out itself, or where nothing was measured. One with an idle machine
    fails. Does not apply where nothing trained on several machines.
    """
    return for_all(
        jobs, _shares, one_miss_fails=True, nothing="nothing trained on several machines"
    )


def _shares(job: SharedTraining) -> Observation:
    if job.busy is not None and job.busy < IDLE:
        return job.observed(Grade.MISSED, f"kept one of them {job.busy:.0f} % busy")
    if job.copied:
        return job.observed(Grade.CONFIGURED, "copied all of its data to each of them")
    if job.busy is None:
        return job.observed(Grade.CONFIGURED, "shared its data out, and was not measured")
    fact = f"shared its data out, and kept all at least {job.busy:.0f} % busy"
    return job.observed(Grade.EXERCISED, fact)
