"""X.32 Nothing runs on what is retired: what AWS ends or closes is left in time."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.dependencies import Dependency


@check("X.32")
def nothing_retired(dependencies: Evidence[Dependency]) -> Verdict:
    """What is closed or in maintenance gets no better, and what has ended takes the workload along.

    Exercised when monitors, training jobs, labelling jobs, explanations and functions use nothing
    that AWS closes, ends or no longer develops; a runtime counts from three months before its end.
    Only configured where one uses what is closed to new customers, in maintenance or about to end.
    One on what has ended fails. What container images and programs use cannot be seen here.
    """
    return for_all(
        dependencies,
        _is_kept_up,
        one_miss_fails=True,
        nothing="nothing here can depend on what AWS retires",
    )


def _is_kept_up(dependency: Dependency) -> Observation:
    if dependency.warning is None:
        return dependency.observed(Grade.EXERCISED)
    return dependency.observed(Grade.MISSED if dependency.is_over else Grade.CONFIGURED)
