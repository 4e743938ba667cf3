"""The training pipeline as a state machine: the same steps, run by Step Functions.

Jobs are started and waited for by the integrations of SageMaker (``….sync``). What they leave is
kept in variables; a report is read from S3 before a gate asks for its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.definitions import automl, places
from mlaudit_reference.definitions.expressions import Joined, Made, Reported, joined
from mlaudit_reference.definitions.parameters import Setting, settings_of
from mlaudit_reference.definitions.steps import Gate, Kind, Limit, Step, Steps, steps_of, walk
from mlaudit_reference.engines import batch
from mlaudit_reference.engines.jsonata import RUN, in_jsonata, quoted, text, variable
from mlaudit_reference.manifest import Manifest, Platform
from mlaudit_reference.templates.machines import (
    State,
    States,
    call,
    caught,
    choose,
    fail,
    tell,
)

START = "Start"
DONE = "Done"
TELL = "TellOfFailure"
FAILED = "Failed"
EXPERIMENT = "KeepExperiment"
TRIAL = "KeepTrial"

_CALLS = {
    Kind.PROCESSING: ("sagemaker:createProcessingJob.sync", "ProcessingJobName"),
    Kind.TRAINING: ("sagemaker:createTrainingJob.sync", "TrainingJobName"),
    Kind.TUNING: ("sagemaker:createHyperParameterTuningJob.sync", "HyperParameterTuningJobName"),
    Kind.AUTOML: ("aws-sdk:sagemaker:createAutoMLJobV2", "AutoMLJobName"),
    Kind.REGISTER: ("aws-sdk:sagemaker:createModelPackage", None),
}
"""What makes a step, and what it calls the name. An AutoML job is not waited for: nothing that
follows needs it."""

_TRACKED = frozenset({Kind.PROCESSING, Kind.TRAINING})
_NOT_TAKEN = frozenset({"InfraCheckConfig", "RetryStrategy"})
"""Younger arguments of CreateTrainingJob; the integration is asked for what it has long had."""

_BUSY = [
    {
        "ErrorEquals": [
            "Batch.BatchException",
            "SageMaker.AmazonSageMakerException",
            "SageMaker.ResourceLimitExceededException",
            "SageMaker.SageMakerException",
        ],
        "IntervalSeconds": 60,
        "MaxAttempts": 5,
        "BackoffRate": 2,
        "JitterStrategy": "FULL",
    }
]
"""A call that AWS refuses for a while is tried again; a job whose own code failed is not."""

HEAD = "bytes=0-65535"
"""A state holds 256 KiB: statistics may be longer, and begin with what is asked of them."""

_COUNT = "dataset.item_count"
_FROM_HEAD = (
    "{'dataset': {'item_count': "
    r"$number($match($states.result.Body, /"
    r'"item_count": *(\d+)/).groups[0])}}'
)


def states_of(manifest: Manifest) -> States:
    """The states of the machine, beginning with ``START``."""
    makers = _Makers(manifest)
    flow = list(makers.flow(steps_of(manifest), DONE))
    experiment = names.training_pipeline(manifest)
    return {
        START: _start(manifest),
        EXPERIMENT: call(
            "aws-sdk:sagemaker:createExperiment",
            {"ExperimentName": experiment},
            # The experiment is there from the second run on.
            Catch=[{"ErrorEquals": ["States.ALL"], "Next": TRIAL}],
            Next=TRIAL,
        ),
        TRIAL: call(
            "aws-sdk:sagemaker:createTrial",
            {"ExperimentName": experiment, "TrialName": _trial(manifest)},
            Retry=_BUSY,
            Catch=caught(TELL),
            Next=flow[0][0],
        ),
        **dict(flow),
        TELL: tell(f"Training of {manifest.name} failed", "{% $cause %}", FAILED),
        FAILED: fail("TrainingFailed"),
        DONE: {"Type": "Succeed"},
    }


def _start(manifest: Manifest) -> State:
    """Take the input, complete it by the defaults, and name the run."""
    given = {each.name: f"{{% {_given(each)} %}}" for each in settings_of(manifest)}
    # Jobs take shorter names than executions have.
    run = "{% $substring($replace($uuid(), '-', ''), 0, 16) %}"
    started = "{% $now() %}"
    return {
        "Type": "Pass",
        "Assign": {**given, "run": run, "started": started},
        "Next": EXPERIMENT,
    }


def _given(setting: Setting) -> str:
    said = f"$states.input.{setting.name}"
    if setting.default is None:
        return f"$exists({said}) ? {said} : $error({quoted(f'{setting.name} must be given')})"
    default = text(setting.default)
    if setting.name == "Trigger":
        # What starts the machine by itself says why in this word.
        default = f"$exists($states.input.why) ? $states.input.why : {default}"
    if setting.choices:
        choices = ", ".join(quoted(each) for each in setting.choices)
        return f"{said} in [{choices}] ? {said} : {default}"
    return f"$exists({said}) ? {said} : ({default})"


def _trial(manifest: Manifest) -> str:
    return f"{{% {quoted(names.training_pipeline(manifest) + '-')} & {RUN['id']} %}}"


class _Makers:
    """Make the states of steps and gates."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._kept = _kept(steps_of(manifest))

    def flow(self, steps: Steps, then: str) -> Iterator[tuple[str, State]]:
        """The states of steps that follow each other, and of what is behind their gates."""
        for each, following in zip(steps, [*steps[1:], None], strict=True):
            after = _first(following) if following else then
            if isinstance(each, Gate):
                yield from self._gate(each)
                yield from self.flow(each.then, after)
                yield each.otherwise.name, _refused(each.otherwise)
            else:
                yield from self._step(each, after)

    def _step(self, step: Step, then: str) -> Iterator[tuple[str, State]]:
        if step.kind is Kind.LINEAGE:
            yield from _lineage(step, then)
            return
        what, arguments = self._called(step)
        kept = {
            variable(made): f"{{% $states.result.{made.path} %}}"
            for made in self._kept
            if made.step == step.name
        }
        more = {"Assign": kept} if kept else {}
        state = call(what, arguments, Retry=_BUSY, Catch=caught(TELL), Next=then, **more)
        yield step.name, {**state, "Comment": step.about}

    def _called(self, step: Step) -> tuple[str, State]:
        """What makes a step, and with which arguments."""
        if self._manifest.platform is Platform.BATCH and step.kind in batch.ON_BATCH:
            asked = in_jsonata(batch.submission(self._manifest, step))
            return "batch:submitJob.sync", {"JobName": _job_name(step), **asked}
        what, name = _CALLS[step.kind]
        request = automl.request(self._manifest) if step.kind is Kind.AUTOML else step.request
        arguments = {**in_jsonata(_taken(request)), **({name: _job_name(step)} if name else {})}
        if step.kind in _TRACKED:
            arguments["ExperimentConfig"] = {
                "ExperimentName": names.training_pipeline(self._manifest),
                "TrialName": _trial(self._manifest),
                "TrialComponentDisplayName": step.name,
            }
        return what, arguments

    def _gate(self, gate: Gate) -> Iterator[tuple[str, State]]:
        numbers = [limit.number for limit in gate.limits]
        reports = {each.report: each for each in numbers}
        asked = " and ".join(_condition(limit) for limit in gate.limits)
        for report in reports.values():
            yield f"Read{report.report}", _read(report, gate.name)
        decision = choose((asked, _first(gate.then[0])), otherwise=gate.otherwise.name)
        yield gate.name, {**decision, "Comment": gate.about}


def _first(step: Step | Gate) -> str:
    """The name of the first state of a step or a gate."""
    if isinstance(step, Gate):
        return f"Read{step.limits[0].number.report}"
    if step.kind is Kind.LINEAGE:
        return f"{step.name}1"
    return step.name


def _kept(steps: Steps) -> frozenset[Made]:
    """What of the results of steps later requests refer to."""
    return frozenset(
        made for step in walk(steps) if isinstance(step, Step) for made in _made_in(step.request)
    )


def _made_in(value: Any) -> Iterator[Made]:
    if isinstance(value, Made):
        yield value
    elif isinstance(value, Joined):
        yield from _made_in(value.parts)
    elif isinstance(value, Mapping):
        yield from _made_in(tuple(value.values()))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _made_in(each)


def _taken(request: Any) -> Any:
    """A request without what the integration may not know yet, at any depth."""
    if not isinstance(request, Mapping):
        return request
    return {key: _taken(value) for key, value in request.items() if key not in _NOT_TAKEN}


def _job_name(step: Step) -> str:
    """A name of its own for each try, of at most 32 characters."""
    short = quoted(f"{step.name[:10].lower()}-")
    return f"{{% {short} & {RUN['id']} & '-' & $string($states.context.State.RetryCount) %}}"


def _read(number: Reported, then: str) -> State:
    """Read a report; of statistics only the head, in which the count of records stands."""
    file = text(joined(number.output.place, f"/{number.file}"))
    bucket = in_jsonata(places.ARTIFACT_BUCKET)
    is_head = number.path == _COUNT
    arguments = {
        "Bucket": bucket,
        "Key": f"{{% $substringAfter({file}, {quoted(f'{bucket}/')}) %}}",
        **({"Range": HEAD} if is_head else {}),
    }
    read = _FROM_HEAD if is_head else "$parse($states.result.Body)"
    return call(
        "aws-sdk:s3:getObject",
        arguments,
        Assign={number.report: f"{{% {read} %}}"},
        Retry=[{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 5, "MaxAttempts": 4}],
        Catch=caught(TELL),
        Next=then,
    )


def _condition(limit: Limit) -> str:
    operator = {"GreaterThanOrEqualTo": ">=", "LessThanOrEqualTo": "<="}[limit.operator]
    return f"{text(limit.number)} {operator} {limit.bound}"


def _refused(step: Step) -> State:
    return {
        "Type": "Pass",
        "Assign": {"cause": step.request["ErrorMessage"]},
        "Next": TELL,
    }


def _lineage(step: Step, then: str) -> Iterator[tuple[str, State]]:
    """One state for each entity and for each tie between two; Step Functions knows no such step."""
    calls = [
        *(("createAction", "ActionArn", each) for each in step.request["Actions"]),
        *(("createArtifact", "ArtifactArn", each) for each in step.request["Artifacts"]),
        *(("addAssociation", None, each) for each in step.request["Associations"]),
    ]
    known: dict[Any, str] = {}
    for number, (what, arn, request) in enumerate(calls, start=1):
        more = {}
        arguments = request
        if arn:
            kept = f"entity{number}"
            known[request.get("ActionName") or request["ArtifactName"]] = kept
            more = {"Assign": {kept: f"{{% $states.result.{arn} %}}"}}
        else:
            arguments = {
                "AssociationType": request["AssociationType"],
                "DestinationArn": f"{{% ${known[request['Destination']['Name']]} %}}",
                "SourceArn": f"{{% ${known[request['Source']['Name']]} %}}",
            }
        after = f"{step.name}{number + 1}" if number < len(calls) else then
        state = call(
            f"aws-sdk:sagemaker:{what}",
            in_jsonata(arguments),
            Retry=_BUSY,
            Catch=caught(TELL),
            Next=after,
            **more,
        )
        yield f"{step.name}{number}", state
