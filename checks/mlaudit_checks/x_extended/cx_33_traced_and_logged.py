"""X.33 Traces and logs are kept and end: what happened can be looked up, and not for ever."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.upkeep import TracedPart

OPTIONAL = ("traces",)
"""What is missed without being a failure."""


@check("X.33")
def traced_and_logged(parts: Evidence[TracedPart]) -> Verdict:
    """The part of a chain that writes no log is where every search ends.

    Exercised when every function and state machine of the workload is traced, every state machine
    logs, and every log group has a retention; partial where only traces are missing. One without
    logs or without a retention fails. Does not apply where the workload has none of them.
    """
    return for_all(
        parts, _keeps, one_miss_fails=True, nothing="no function, state machine or log group"
    )


def _keeps(part: TracedPart) -> Observation:
    if not part.lacks:
        return Observation(part.arn, Grade.EXERCISED, f"{part.words} keeps what it should")
    grade = Grade.CONFIGURED if part.lacks == OPTIONAL else Grade.MISSED
    return Observation(part.arn, grade, f"{part.words} is without {' and '.join(part.lacks)}")
