"""8.2 Retrain trigger, scheduled jobs: a schedule starts retraining."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, exists
from mlaudit.capabilities.retraining import RetrainSchedule

PERIODS = 2
"""Within how many periods of its schedule a workflow must have trained with success."""


@check("8.2")
def scheduled_retraining(schedules: Evidence[RetrainSchedule]) -> Verdict:
    """A model ages while nobody looks; a schedule is the simplest way to keep it young.

    Exercised by an enabled schedule that starts a workflow which trains, with a success within the
    last two periods and in the window; only configured where the schedule is switched off, starts
    once, or had no success for longer. A schedule that starts code which is not in sight, such as a
    function, may train and is not judged.
    """
    return exists(schedules, _trains_on_time, nothing="no pipeline or state machine that trains")


def _trains_on_time(found: RetrainSchedule) -> Observation:
    grade, fact = _graded(found)
    return Observation(found.arn, grade, f"{found.words} {fact}", found.succeeded_at)


def _graded(found: RetrainSchedule) -> tuple[Grade, str]:
    if found.schedule is None:
        return Grade.MISSED, "trains, and no schedule starts it"
    if not found.enabled:
        return Grade.CONFIGURED, f"trains, and its schedule {found.schedule} is switched off"
    if found.period is None:
        return Grade.CONFIGURED, f"trains, and its schedule {found.schedule} starts it once"
    if found.rests is None:
        return Grade.CONFIGURED, f"has schedule {found.schedule} and no success in the window"
    if found.rests / PERIODS > found.period:
        days = found.rests.days
        return Grade.CONFIGURED, f"has schedule {found.schedule} and no success for {days} days"
    return Grade.EXERCISED, f"trains by schedule {found.schedule}"
