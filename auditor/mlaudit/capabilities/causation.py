"""Whether a run was started by what leads to its workflow.

It is taken for that when all that lies between agrees: the function or the pipe on the way started
it, the workflow on the way ran meanwhile, the rule on the way had set off its targets in that hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from mlaudit.capabilities.causes import Cause, causes_of
from mlaudit.capabilities.retraining import period_of
from mlaudit.capabilities.starters import Way, starts_by, ways_to
from mlaudit.resources import (
    Function,
    Pipe,
    Pipeline,
    PipelineRun,
    RuleUse,
    StateMachine,
    StateMachineRun,
    Trigger,
)
from mlaudit.sight import View

_HOUR = timedelta(hours=1)
_AT_ONCE = timedelta(minutes=5)
"""How long after its cause a run may start to be taken for started by it."""
_OFTEN = timedelta(days=1)
"""A schedule that fires as often as this may have started any run of its workflow."""


def rules_on(view: View, way: Way) -> tuple[Trigger, ...]:
    """The rules and schedules on a way."""
    found = (view.region.get(Trigger, arn) for arn in way.arns)
    return tuple(each for each in found if each is not None)


def succeeded(view: View, way: Way) -> datetime | None:
    """The newest success of the workflow that the way explains."""
    if cannot_tell(view, way):
        return None
    ended = (end for start, end in successes(view, way.arns[-1]) if _explains(view, way, start))
    return max(ended, default=None)


def successes(view: View, arn: str) -> Iterator[tuple[datetime, datetime]]:
    """When each run of a workflow that succeeded in the window started and ended."""
    for run in view.region.by(PipelineRun, "pipeline_arn").get(arn, ()):
        if run.status == "Succeeded" and view.window.covers(run.started_at):
            yield run.started_at, run.modified_at
    for each in view.region.by(StateMachineRun, "machine_arn").get(arn, ()):
        if each.status == "SUCCEEDED" and each.ended_at and view.window.covers(each.ended_at):
            yield each.started_at, each.ended_at


def _explains(view: View, way: Way, started: datetime) -> bool:
    """Whether all that lies on the way agrees with a start."""
    for arn, then in reversed(list(pairwise(way.arns))):
        if _tells(view, arn, then):
            caused_at = _caused_at(view, arn, then, started)
            if caused_at is None:
                return False
            started = caused_at
    return True


def _tells(view: View, arn: str, then: str) -> bool:
    """Whether it is known when a thing started the next one."""
    machine = view.region.get(StateMachine, arn)
    return bool(
        (machine and (machine.runs_ml or machine.tags))
        or view.region.get(Pipeline, arn)
        or view.region.get(Trigger, arn)
        or (_is_on_record(view, arn) and view.region.get(Pipeline, then))
    )


def _is_on_record(view: View, arn: str) -> bool:
    """Whether a thing is of a kind whose starts of pipelines are on record."""
    return any(view.region.get(kind, arn) for kind in (Function, Pipe))


def _caused_at(view: View, arn: str, then: str, started: datetime) -> datetime | None:
    """When a thing was set off so that it started the next one then; ``None`` if it was not."""
    if _is_on_record(view, arn):
        near = any(_near(at, started) for at in starts_by(view, arn, then))
        return started if near else None
    if view.region.get(Trigger, arn):
        return started if _set_off(view, arn, started) else None
    around = (start for start, end in _spans(view, arn) if start <= started <= end)
    return max(around, default=None)


def _near(at: datetime, started: datetime) -> bool:
    return abs(at - started) <= _AT_ONCE


def _set_off(view: View, rule: str, started: datetime) -> bool:
    uses = view.region.by(RuleUse, "trigger_arn").get(rule, ())
    return any(
        hour - _AT_ONCE <= started <= hour + _HOUR + _AT_ONCE
        for each in uses
        for hour in each.hours
    )


def _spans(view: View, arn: str) -> Iterator[tuple[datetime, datetime]]:
    """When a workflow on the way ran, whatever came of it."""
    for run in view.region.by(PipelineRun, "pipeline_arn").get(arn, ()):
        yield run.started_at, run.modified_at + _AT_ONCE
    for each in view.region.by(StateMachineRun, "machine_arn").get(arn, ()):
        yield each.started_at, (each.ended_at or view.window.end) + _AT_ONCE


def cannot_tell(view: View, way: Way) -> bool:
    """Whether what starts the workflow may as well have been set off by something else.

    A rule tells when it did, but not of a schedule that fires all the time; without a rule on the
    way, nothing tells two origins apart.
    """
    if not any(_tells(view, arn, then) for arn, then in pairwise(way.arns)):
        return True
    if not _passes_on(view, way.origin):
        return False
    entry = next((arn for arn in reversed(way.arns) if _is_on_record(view, arn)), None)
    others = ways_to(view, entry or way.arns[-1])
    clocks = [each for other in others for each in rules_on(view, other) if each.schedule]
    if any(each.enabled and _is_often(each) for each in clocks):
        return True
    mine = causes_of(view.region, way.origin)
    return not rules_on(view, way) and any(
        _begins_other(view, each.origin, mine) for each in others
    )


def _passes_on(view: View, arn: str) -> bool:
    """Whether a thing is no code or workflow, which is a cause by what it finds itself."""
    return not any(view.region.get(kind, arn) for kind in (Function, Pipeline, StateMachine))


def _is_often(clock: Trigger) -> bool:
    period = period_of(clock.schedule or "")
    return period is not None and period <= _OFTEN


def _begins_other(view: View, origin: str, mine: frozenset[Cause]) -> bool:
    rule = view.region.get(Trigger, origin)
    causes = causes_of(view.region, origin)
    return bool(rule and rule.schedule) or bool(causes and not causes & mine)
