"""What starts training again by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mlaudit.capabilities import provider
from mlaudit.capabilities.starters import (
    functions_that_start,
    started_outside,
    trigger_gaps,
    triggers_to,
)
from mlaudit.capabilities.workflows import Workflow, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import Function, Trigger
from mlaudit.sight import View

TRAINS = frozenset({"automl", "training", "tuning"})
MAY_TRAIN = frozenset({"batch", "emr", "emrserverless", "lambda", "pipeline", "startjobrun"})
"""Kinds of steps that run code of one's own, or another workflow."""

_RATE = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day|week)s?\s*\)")
_CRON = re.compile(r"cron\(\s*\S+\s+\S+\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+\S+)?\s*\)")
_ANY = frozenset({"*", "?"})
_DAY, _WEEK, _MONTH, _YEAR = (timedelta(days=days) for days in (1, 7, 35, 366))


@dataclass(frozen=True, slots=True)
class RetrainSchedule:
    """A workflow that trains, with one schedule that starts it, or with none.

    Attributes:
        arn: The workflow.
        words: It in words.
        schedule: The schedule's name; ``None`` where there is none.
        enabled: Whether the schedule is switched on.
        period: The longest time between two starts; ``None`` where it starts only once.
        rests: For how long there was no success; ``None`` where there was none in the window.
        succeeded_at: The newest success in the window.
    """

    arn: str
    words: str
    schedule: str | None
    enabled: bool
    period: timedelta | None
    rests: timedelta | None
    succeeded_at: datetime | None


@provider
def retrain_schedules(view: View) -> Evidence[RetrainSchedule]:
    """Workflows that train, by the schedules that start them, by whatever way.

    What a schedule starts without its content being in sight may train: a gap.
    """
    seen = view.once(workflows)
    hiding = trigger_gaps(view)
    items: list[RetrainSchedule] = []
    gaps = [*seen.gaps, *hiding, *view.gaps(Function)]
    unread: list[str] = []
    for flow in seen.items:
        schedules = tuple(each for each in triggers_to(view, flow.arn) if each.schedule)
        if flow.kinds() & TRAINS:
            if not schedules and started_outside(view, flow.arn):
                gaps.append(_outside(view, flow.arn))
            elif schedules or not hiding:
                items += [_item(view, flow, each) for each in schedules or (None,)]
        elif may_train(view, flow) and schedules:
            unread.append(flow.arn)
    unread += _hidden_targets(view, {flow.arn for flow in seen.items})
    gaps += (_unread(view, arn) for arn in unread)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def may_train(view: View, flow: Workflow) -> bool:
    """Whether a step of a workflow runs code of one's own, or a workflow that is not in sight."""
    seen = {each.arn for each in view.once(workflows).items} | functions_that_start(view)
    return not flow.kinds() & TRAINS and any(
        step.kind in MAY_TRAIN and seen.isdisjoint(step.refers_to) for step in flow.steps
    )


def period_of(schedule: str) -> timedelta | None:
    """The longest time between two starts; ``None`` for a schedule that starts once."""
    rate = _RATE.fullmatch(schedule)
    if rate:
        return int(rate[1]) * timedelta(**{f"{rate[2]}s": 1})
    cron = _CRON.fullmatch(schedule)
    if cron is None:
        return None
    day, month, weekday = cron.groups()
    if month not in _ANY:
        return _YEAR
    if day not in _ANY or "#" in weekday or "L" in weekday:
        return _MONTH
    return _DAY if weekday in _ANY else _WEEK


def _item(view: View, flow: Workflow, trigger: Trigger | None) -> RetrainSchedule:
    return RetrainSchedule(
        arn=flow.arn,
        words=f"{flow.engine} {flow.name}",
        schedule=trigger.name if trigger else None,
        enabled=bool(trigger and trigger.enabled),
        period=period_of(trigger.schedule or "") if trigger else None,
        rests=view.window.end - flow.succeeded_at if flow.succeeded_at else None,
        succeeded_at=flow.succeeded_at,
    )


def _hidden_targets(view: View, known: set[str]) -> Iterator[str]:
    """What schedules start that is no workflow in sight: functions, and what is named by a tag."""
    functions = {each.arn for each in view.items(Function)} - functions_that_start(view)
    known = known | functions_that_start(view)
    tagged = {each.arn for each in view.items(Trigger)}
    for trigger in view.region.all(Trigger):
        if not trigger.schedule:
            continue
        if functions & {*trigger.targets}:
            yield from functions & {*trigger.targets}
        elif trigger.arn in tagged and not known & {*trigger.targets}:
            yield trigger.arn


def _outside(view: View, arn: str) -> Gap:
    return Gap.unread("cloudtrail:LookupEvents", view.region.name, "StarterNotKnown", arn)


def _unread(view: View, arn: str) -> Gap:
    operation = "scheduler:GetSchedule" if ":scheduler:" in arn else "events:ListTargetsByRule"
    return Gap.unread(operation, view.region.name, "CodeNotRead", arn)
