"""What starts training again when something happens, and whether it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.causation import cannot_tell, rules_on, succeeded, successes
from mlaudit.capabilities.causes import Cause, causes_of
from mlaudit.capabilities.retraining import TRAINS, may_train
from mlaudit.capabilities.starters import Way, functions_that_start, started_outside, ways_to
from mlaudit.capabilities.workflows import Workflow, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation, Status
from mlaudit.resources import (
    Alarm,
    Bucket,
    CompositeAlarm,
    EventSourceMapping,
    Function,
    Pipe,
    ProcessingJob,
    RuleUse,
    RunStart,
    RunStep,
    StateMachine,
    Topic,
    TrainingJob,
    Trigger,
)
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class RetrainTrigger:
    """A workflow that trains, with one thing that starts it for a cause, or with none.

    Attributes:
        arn: The workflow.
        words: It in words.
        begins: What starts it, in words; ``None`` where nothing does for that cause.
        enabled: Whether all that lies between is switched on.
        succeeded_at: Its newest success in the window that was started so.
    """

    arn: str
    words: str
    begins: str | None
    enabled: bool
    succeeded_at: datetime | None

    def observed(self, what: str) -> Observation:
        """How it speaks for being started by something, said in words."""
        grade, fact = self._graded(what)
        return Observation(self.arn, grade, f"{self.words} {fact}", self.succeeded_at)

    def _graded(self, what: str) -> tuple[Grade, str]:
        if self.begins is None:
            return Grade.MISSED, f"trains, and no {what} starts it"
        if not self.enabled:
            return Grade.CONFIGURED, f"would train on {what} by {self.begins}, which is off"
        if self.succeeded_at is None:
            return Grade.CONFIGURED, f"has no success in the window started by {self.begins}"
        return Grade.EXERCISED, f"trains on {what}, started by {self.begins}"


@dataclass(frozen=True, slots=True)
class NewDataTrigger:
    """What starts training when there is new data."""

    trigger: RetrainTrigger


@dataclass(frozen=True, slots=True)
class WorseAnswersTrigger:
    """What starts training when the measured quality of answers drops."""

    trigger: RetrainTrigger


@dataclass(frozen=True, slots=True)
class ShiftedDataTrigger:
    """What starts training when live data or its meaning has moved away from training."""

    trigger: RetrainTrigger


def started_or_watched(statuses: tuple[Status, ...]) -> Status:
    """Rule: what is watched, and starts nothing, is a beginning."""
    started, watched = statuses
    alone = started is Status.FAIL and watched in {Status.PASS, Status.PARTIAL}
    return Status.PARTIAL if alone else started


@provider
def new_data_triggers(view: View) -> Evidence[NewDataTrigger]:
    """Workflows that train, by what starts them when there is new data."""
    seen = _triggers(view, Cause.NEW_DATA)
    return Evidence(tuple(NewDataTrigger(each) for each in seen.items), seen.gaps)


@provider
def worse_answers_triggers(view: View) -> Evidence[WorseAnswersTrigger]:
    """Workflows that train, by what starts them when answers get worse."""
    seen = _triggers(view, Cause.WORSE_ANSWERS)
    return Evidence(tuple(WorseAnswersTrigger(each) for each in seen.items), seen.gaps)


@provider
def shifted_data_triggers(view: View) -> Evidence[ShiftedDataTrigger]:
    """Workflows that train, by what starts them when data has shifted."""
    seen = _triggers(view, Cause.SHIFTED_DATA)
    return Evidence(tuple(ShiftedDataTrigger(each) for each in seen.items), seen.gaps)


def _triggers(view: View, cause: Cause) -> Evidence[RetrainTrigger]:
    """Those that worked, and the others where everything could be seen."""
    flows = [each for each in view.once(workflows).items if each.kinds() & TRAINS]
    gaps = tuple(dict.fromkeys((*_hiding(view, cause), *_untold(view, cause, flows))))
    found = [each for flow in flows for each in _of_flow(view, cause, flow)]
    items = tuple(each for each in found if each.succeeded_at or not gaps)
    return Evidence(items, gaps)


def _of_flow(view: View, cause: Cause, flow: Workflow) -> Iterator[RetrainTrigger]:
    words = f"{flow.engine} {flow.name}"
    ways = [way for way in ways_to(view, flow.arn) if cause in causes_of(view.region, way.origin)]
    for way in ways:
        yield RetrainTrigger(
            arn=flow.arn,
            words=words,
            begins=_begins(way),
            enabled=all(each.enabled for each in rules_on(view, way)),
            succeeded_at=succeeded(view, way),
        )
    if not ways:
        yield RetrainTrigger(flow.arn, words, None, enabled=False, succeeded_at=None)


_CALLED = {
    "cloudwatch": "alarm",
    "dynamodb": "table",
    "events": "rule",
    "kafka": "cluster",
    "kinesis": "stream",
    "lambda": "function",
    "s3": "bucket",
    "sagemaker": "pipeline",
    "states": "state machine",
}


def _begins(way: Way) -> str:
    service = way.origin.split(":")[2]
    name = way.origin.rpartition(":")[2].rpartition("/")[2]
    return f"{_CALLED.get(service, service)} {name}"


_BY_ALARMS = (Alarm, CompositeAlarm, Topic)
_BY_ANY = (EventSourceMapping, Function, Pipe, RuleUse, RunStart, RunStep, StateMachine, Trigger)


def _hiding(view: View, cause: Cause) -> Iterator[Gap]:
    """What may hide a way to training."""
    yield from view.once(workflows).gaps
    yield from view.gaps(*_BY_ANY)
    if cause is not Cause.NEW_DATA:
        yield from view.gaps(*_BY_ALARMS)
        return
    read = [uri for job in view.items(TrainingJob) for uri in job.inputs]
    read += [uri for job in view.items(ProcessingJob) for uri in job.inputs]
    mine = {uri.split("/")[2] for uri in read if uri.startswith("s3://")}
    for gap in view.gaps(Bucket):
        if gap.subject is None or gap.subject.rpartition(":")[2] in mine:
            yield gap
    notified = {None, *(arn for each in view.region.all(Bucket) for arn in each.notifies)}
    yield from (gap for gap in view.gaps(Topic) if gap.subject in notified)


def _untold(view: View, cause: Cause, flows: list[Workflow]) -> Iterator[Gap]:
    """What is there and does not tell what it starts, or why."""
    for flow in flows:
        ways = ways_to(view, flow.arn)
        for way in ways:
            causes = causes_of(view.region, way.origin)
            if Cause.NOT_KNOWN in causes or _only_passes_on(view, way.origin):
                yield _unread(view, "CauseNotKnown", way.origin)
            if cause in causes and cannot_tell(view, way) and _succeeded_at_all(view, flow):
                yield _unread(view, "StarterNotKnown", flow.arn)
        if started_outside(view, flow.arn):
            yield _unread(view, "StarterNotKnown", flow.arn)
    for arn in sorted(functions_that_start(view)):
        started = {
            way.arns[-1] for flow in flows for way in ways_to(view, flow.arn) if way.origin == arn
        }
        if started and not ways_to(view, arn):
            yield _unread(view, "StarterNotKnown", arn)
    yield from _unread_code(view, cause)
    yield from _loose_jobs(view, flows)


def _succeeded_at_all(view: View, flow: Workflow) -> bool:
    return any(True for _ in successes(view, flow.arn))


def _only_passes_on(view: View, arn: str) -> bool:
    """Whether a queue or a topic is filled by something that is not in sight."""
    return arn.split(":")[2] in {"sns", "sqs"} and not ways_to(view, arn)


def _unread_code(view: View, cause: Cause) -> Iterator[Gap]:
    """Code of one's own that is run for the cause, or for one not known, and may train.

    A function that calls an endpoint scores, unless it says itself that it watches.
    """
    known = functions_that_start(view)
    for function in view.items(Function):
        if function.endpoint_names and not causes_of(view.region, function.arn):
            continue
        if function.arn not in known and _serves(view, function.arn, cause):
            yield _unread(view, "CodeNotRead", function.arn)
    for flow in view.once(workflows).items:
        if may_train(view, flow) and _serves(view, flow.arn, cause):
            yield _unread(view, "CodeNotRead", flow.arn)


def _serves(view: View, arn: str, cause: Cause) -> bool:
    origins = (arn, *(way.origin for way in ways_to(view, arn)))
    return any({cause, Cause.NOT_KNOWN} & causes_of(view.region, each) for each in origins)


def _loose_jobs(view: View, flows: list[Workflow]) -> Iterator[Gap]:
    """The newest training job that no workflow in sight ran: something unseen started it."""
    if any(view.region.get(StateMachine, flow.arn) for flow in flows):
        return  # state machines do not tell which jobs are theirs
    made = view.region.by(RunStep, "made_arn")
    loose = [
        job
        for job in view.items(TrainingJob)
        if view.window.covers(job.created_at)
        and not (job.tuning_job_arn or job.auto_ml_job_arn or job.arn in made)
        and not job.name.startswith("pipelines-")
    ]
    for job in sorted(loose, key=lambda each: (each.created_at, each.arn))[-1:]:
        yield _unread(view, "StarterNotKnown", job.arn)


_READ = {
    "CauseNotKnown": "events:ListRules",
    "CodeNotRead": "lambda:ListFunctions",
    "StarterNotKnown": "cloudtrail:LookupEvents",
}


def _unread(view: View, code: str, arn: str) -> Gap:
    return Gap.unread(_READ[code], view.region.name, code, arn)
