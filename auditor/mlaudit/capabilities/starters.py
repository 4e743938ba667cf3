"""What leads to a workflow: schedules, rules, alarms, buckets and functions, over any way between.

The definitions of workflows tell what these start. What a function starts is not in the API; that
it did start a pipeline in the window is on record in CloudTrail.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlaudit.capabilities.alarms import ALARM_EVENT, hears
from mlaudit.model import Gap
from mlaudit.resources import (
    Alarm,
    Bucket,
    CompositeAlarm,
    EventSourceMapping,
    Function,
    Pipe,
    Pipeline,
    RunStart,
    StateMachine,
    Topic,
    Trigger,
)
from mlaudit.resources.orchestration import PIPES
from mlaudit.sight import Region, View

Claim = tuple[str, str]
"""What leads to something, and that."""

_BY_FUNCTIONS = frozenset({"lambda", "sns", "sqs"})
"""Services of targets behind which a function, or a pipe, may be."""


@dataclass(frozen=True, slots=True)
class Way:
    """How one thing leads to a workflow.

    Attributes:
        arns: What it begins with, what lies between, and the workflow.
    """

    arns: tuple[str, ...]

    @property
    def origin(self) -> str:
        """What it begins with."""
        return self.arns[0]


def ways_to(view: View, arn: str) -> tuple[Way, ...]:
    """The shortest way from everything that leads to a workflow, directly or not."""
    leading = view.region.once(_leading)
    found = {arn: Way((arn,))}
    todo = [arn]
    while todo:
        here = todo.pop(0)
        for before in leading.get(here, ()):
            if before not in found:
                found[before] = Way((before, *found[here].arns))
                todo.append(before)
    return tuple(way for origin, way in found.items() if origin != arn)


def triggers_to(view: View, arn: str) -> tuple[Trigger, ...]:
    """The rules and schedules that lead to a workflow, directly or not."""
    origins = sorted(way.origin for way in ways_to(view, arn))
    return tuple(each for origin in origins if (each := view.region.get(Trigger, origin)))


def trigger_gaps(view: View) -> tuple[Gap, ...]:
    """What may hide a rule or a schedule that leads to a workflow."""
    gaps = view.gaps(Trigger, StateMachine)
    targets = {arn.split(":")[2] for each in view.region.all(Trigger) for arn in each.targets}
    return gaps + view.gaps(Function, Pipe, RunStart) if targets & _BY_FUNCTIONS else gaps


def functions_that_start(view: View) -> frozenset[str]:
    """The functions that started a pipeline in the window."""
    seen = view.region.once(_starts_on_record)
    return frozenset(source for source, _ in seen if view.region.get(Function, source))


def starts_by(view: View, starter: str, pipeline: str) -> tuple[datetime, ...]:
    """When a function or a pipe started a SageMaker pipeline."""
    return view.region.once(_starts_on_record).get((starter, pipeline), ())


def started_outside(view: View, pipeline: str) -> bool:
    """Whether a program outside of AWS started a pipeline in the window."""
    name = pipeline.rpartition("/")[2].lower()
    starts = view.region.by(RunStart, "pipeline_name").get(name, ())
    return ":pipeline/" in pipeline and any(each.outside for each in starts)


def _leading(region: Region) -> Mapping[str, tuple[str, ...]]:
    """What leads directly to each thing."""
    found: dict[str, set[str]] = defaultdict(set)
    for some in (_by_definitions, _by_functions, _by_triggers, _by_alarms, _by_data):
        for source, target in some(region):
            found[target].add(source)
    return {target: tuple(sorted(sources)) for target, sources in found.items()}


def _by_definitions(region: Region) -> Iterator[Claim]:
    """What runs other workflows and functions in its steps."""
    holders: list[Pipeline | StateMachine] = [*region.all(Pipeline), *region.all(StateMachine)]
    for holder in holders:
        for step in holder.steps:
            yield from ((holder.arn, arn) for arn in step.refers_to)


def _by_functions(region: Region) -> Iterator[Claim]:
    """What functions were seen to start."""
    yield from region.once(_starts_on_record)


def _starts_on_record(region: Region) -> Mapping[Claim, tuple[datetime, ...]]:
    """When each function or pipe started each pipeline; a pipe is known by what it leads to."""
    found: dict[Claim, list[datetime]] = defaultdict(list)
    functions = region.by(Function, "name")
    pipelines = {each.arn.rpartition("/")[2].lower(): each.arn for each in region.all(Pipeline)}
    pipes = region.by(Pipe, "target_arn")
    for start in region.all(RunStart):
        started = pipelines.get(start.pipeline_name)
        if started:
            by = pipes if start.program == PIPES else functions
            key = started if start.program == PIPES else start.program
            for each in by.get(key, ()):
                found[each.arn, started].append(start.at)
    return {claim: tuple(moments) for claim, moments in found.items()}


def _by_triggers(region: Region) -> Iterator[Claim]:
    """What rules and schedules start, and the alarms that rules hear."""
    alarms = _alarms(region)
    for trigger in region.all(Trigger):
        yield from ((trigger.arn, target) for target in trigger.targets)
        for alarm in alarms if ALARM_EVENT in (trigger.pattern or "") else ():
            if hears(trigger, alarm.arn, alarm.name):
                yield alarm.arn, trigger.arn


def _by_alarms(region: Region) -> Iterator[Claim]:
    """What alarms do, by themselves and by alarms on them."""
    named = {each.name: each.arn for each in region.all(Alarm)}
    named |= {each.name: each.arn for each in region.all(CompositeAlarm)}
    for alarm in _alarms(region):
        yield from ((alarm.arn, action) for action in alarm.actions)
    for composite in region.all(CompositeAlarm):
        yield from ((named.get(each, each), composite.arn) for each in composite.watches)


def _alarms(region: Region) -> list[Alarm | CompositeAlarm]:
    return [*region.all(Alarm), *region.all(CompositeAlarm)]


def _by_data(region: Region) -> Iterator[Claim]:
    """What hears of new objects, and what topics, queues and streams feed, by pipes too."""
    for bucket in region.all(Bucket):
        yield from ((bucket.arn, target) for target in bucket.notifies)
    for topic in region.all(Topic):
        yield from ((topic.arn, target) for target in topic.passes_to)
    for mapping in region.all(EventSourceMapping):
        if mapping.source_arn and mapping.enabled:
            yield mapping.source_arn, mapping.function_arn
    for pipe in region.all(Pipe):
        if pipe.enabled:
            yield pipe.source_arn, pipe.arn
            yield pipe.arn, pipe.target_arn


def event_pattern(trigger: Trigger) -> Mapping[str, Any]:
    """The pattern of a rule as an object; empty where it has none or it is not understood."""
    try:
        pattern = json.loads(trigger.pattern or "{}")
    except ValueError:
        return {}
    return pattern if isinstance(pattern, dict) else {}
