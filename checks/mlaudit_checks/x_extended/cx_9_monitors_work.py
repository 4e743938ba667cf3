"""X.9 Monitors that exist work: none is stopped, blind or long without a run."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.guards import Monitor


@check("X.9")
def monitors_work(monitors: Evidence[Monitor]) -> Verdict:
    """A monitor that fails says nothing, which sounds like good news.

    Exercised when every monitor of what serves is active, has what it compares with, and ran with
    success within twice its period, whatever it is made with. One that is configured and does not
    work fails. Does not apply where nothing watches data or results.
    """
    return for_all(monitors, _works, one_miss_fails=True, nothing="nothing watches data or results")


def _works(monitor: Monitor) -> Observation:
    if monitor.lacks:
        return monitor.observed(Grade.MISSED, f"is without {' and '.join(monitor.lacks)}")
    return monitor.observed(Grade.EXERCISED, "works")
