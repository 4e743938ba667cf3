"""X.17 Pipelines run reliably: most runs succeed, and the newest did."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.reliability import FlowRuns

GOOD = 0.75
BAD = 0.5
"""Shares of runs that succeed."""


@check("X.17")
def pipelines_reliable(flows: Evidence[FlowRuns]) -> Verdict:
    """A pipeline that fails every other time is run until it works, and nobody asks why.

    Exercised when of every pipeline and state machine that ran in the window at least three of four
    runs succeeded, the newest among them; partial with less, and a failure where more fail than
    succeed. Runs that somebody stopped do not count. Does not apply where nothing ran to an end.
    What an Airflow environment ran cannot be seen.
    """
    return for_all(flows, _is_reliable, one_miss_fails=True, nothing="no pipeline ran to an end")


def _is_reliable(flow: FlowRuns) -> Observation:
    runs = flow.succeeded + flow.failed
    if flow.succeeded < runs * BAD:
        return flow.observed(Grade.MISSED)
    steady = flow.succeeded >= runs * GOOD and not flow.newest_failed
    return flow.observed(Grade.EXERCISED if steady else Grade.CONFIGURED)
