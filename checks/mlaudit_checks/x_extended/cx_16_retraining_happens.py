"""X.16 Retraining happens: no schedule that trains has fallen silent."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.retraining import RetrainSchedule

PERIODS = 2
"""For how many periods of its schedule a workflow may go without a success."""


@check("X.16")
def retraining_happens(schedules: Evidence[RetrainSchedule]) -> Verdict:
    """Where one of several schedules fails for months, the others hide it.

    Exercised when every schedule that trains had a success within its last two periods; only
    configured where it is switched off or starts once. One that is on and had no success for longer
    fails. Does not apply where no schedule trains.
    """
    scheduled = Evidence(
        tuple(each for each in schedules.items if each.schedule is not None), schedules.gaps
    )
    return for_all(scheduled, _is_on_time, one_miss_fails=True, nothing="no schedule trains")


def _is_on_time(found: RetrainSchedule) -> Observation:
    grade, fact = _graded(found)
    return Observation(found.arn, grade, f"{found.words}: {fact}", found.succeeded_at)


def _graded(found: RetrainSchedule) -> tuple[Grade, str]:
    if not found.enabled:
        return Grade.CONFIGURED, f"schedule {found.schedule} is switched off"
    if found.period is None:
        return Grade.CONFIGURED, f"schedule {found.schedule} starts it once"
    if found.rests is None:
        return Grade.MISSED, f"schedule {found.schedule} brought no success in the window"
    if found.rests / PERIODS > found.period:
        days = found.rests.days
        return Grade.MISSED, f"schedule {found.schedule} brought no success for {days} days"
    return Grade.EXERCISED, f"schedule {found.schedule} brings success in time"
