"""2.5 Debugging, accuracy and system performance: a run can be looked into."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    every_part,
    exists,
    for_all,
)
from mlaudit.capabilities.inspection import HostWatch, InspectedJob

_NONE = "no training job took long or had accelerators, but for those that tuning tried"


@check("2.5")
def run_debugging(jobs: Evidence[InspectedJob], watches: Evidence[HostWatch]) -> Verdict:
    """A run that stalls or starves its accelerators costs as much as one that learns.

    Exercised when every training job of the window that took an hour or had accelerators wrote for
    TensorBoard, or was inspected by a profiler, Debugger rules or an infrastructure check, and an
    alarm or a dashboard has the use of its hosts; partial with one of the two, or where only some
    jobs have a tool configured. Does not apply where no job is so large; those that tuning tried
    are left out. Profilers in code of one's own, and dashboards elsewhere, cannot be seen.
    """
    return decide(
        every_part,
        for_all(jobs, _is_inspected, nothing=_NONE),
        exists(watches, _is_watched, when_none=Status.NOT_APPLICABLE, nothing=_NONE),
    )


def _is_inspected(job: InspectedJob) -> Observation:
    if job.tools:
        return job.observed(Grade.EXERCISED, f"is inspected by {', '.join(job.tools)}")
    return job.observed(Grade.MISSED, "has nothing that inspects it")


def _is_watched(watch: HostWatch) -> Observation:
    fact = f"{watch.words} how busy the hosts of training jobs are"
    return Observation(watch.arn, Grade.EXERCISED, fact)
