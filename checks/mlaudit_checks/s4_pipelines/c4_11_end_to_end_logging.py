"""4.11 End-to-end logging: every kind of step leaves a trace that is kept."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    every_part,
    for_all,
)
from mlaudit.capabilities.logging import InferenceRecord, StepLogs

BOTH_WAYS = frozenset({"Input", "Output"})
FULL_LEVEL = "ALL"


@check("4.11")
def end_to_end_logging(logs: Evidence[StepLogs], records: Evidence[InferenceRecord]) -> Verdict:
    """What is not logged cannot be debugged.

    Exercised when every kind of step that ran in the window logged in it, its log group has a
    retention, and endpoints keep requests and answers; partial with logs that are kept for ever,
    state machines that log errors only, endpoints that keep nothing, or steps that did not run.
    Fails as soon as one kind of step ran and logged nothing.
    """
    return decide(
        _joined,
        for_all(logs, _is_kept, one_miss_fails=True, nothing="nothing ran"),
        for_all(records, _keeps_both_ways, nothing="no endpoint serves"),
    )


def _joined(parts: tuple[Status, ...]) -> Status:
    return Status.FAIL if parts[0] is Status.FAIL else every_part(parts)


def _is_kept(logs: StepLogs) -> Observation:
    if logs.last_event_at is None and logs.idle:
        return Observation(logs.arn, Grade.CONFIGURED, f"{logs.words}: nothing ran to be logged")
    if logs.last_event_at is None:
        return Observation(logs.arn, Grade.MISSED, f"{logs.words}: no log event in the window")
    if logs.retention_days is None:
        fact = f"{logs.words}: logged, and kept for ever"
        return Observation(logs.arn, Grade.CONFIGURED, fact, logs.last_event_at)
    if logs.level not in {None, FULL_LEVEL}:
        fact = f"{logs.words}: logs at level {logs.level}"
        return Observation(logs.arn, Grade.CONFIGURED, fact, logs.last_event_at)
    fact = f"{logs.words}: logged, and kept for {logs.retention_days} days"
    return Observation(logs.arn, Grade.EXERCISED, fact, logs.last_event_at)


def _keeps_both_ways(record: InferenceRecord) -> Observation:
    if not record.modes or record.sampling_percent == 0:
        return Observation(record.arn, Grade.MISSED, f"{record.words}: keeps no requests")
    fact = f"{record.words}: keeps {' and '.join(sorted(record.modes)).lower()}"
    if record.sampling_percent is not None:
        fact += f" of {record.sampling_percent} % of requests"
    both = {*record.modes} >= BOTH_WAYS or "InputAndOutput" in record.modes
    return Observation(record.arn, Grade.EXERCISED if both else Grade.CONFIGURED, fact)
