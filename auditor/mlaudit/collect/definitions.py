"""Parse pipeline and state machine definitions into steps. Pure; nothing else of them is kept.

Sources: the SageMaker Pipelines definition JSON (version 2020-12-01), Amazon States Language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mlaudit.resources import Step

Json = Mapping[str, Any]

_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[^\s\"'{}\\,;()<>\[\]]+")
_BRANCHES = ("IfSteps", "ElseSteps")
_TASK_KINDS = {
    "sagemaker:createtrainingjob": "training",
    "sagemaker:createhyperparametertuningjob": "tuning",
    "sagemaker:createprocessingjob": "processing",
    "sagemaker:createtransformjob": "transform",
    "sagemaker:createautomljob": "automl",
    "sagemaker:createautomljobv2": "automl",
    "sagemaker:createmodel": "model",
    "sagemaker:createmodelpackage": "registermodel",
    "sagemaker:createendpoint": "endpoint",
    "sagemaker:updateendpoint": "endpoint",
    "sagemaker:createendpointconfig": "endpointconfig",
    "sagemaker:startpipelineexecution": "pipeline",
    "sagemakerruntime:invokeendpoint": "inference",
    "sagemakerruntime:invokeendpointasync": "inference",
    "batch:submitjob": "batch",
    "sfn:startexecution": "workflow",
    "sfn:startsyncexecution": "workflow",
    "states:startexecution": "workflow",
}


def pipeline_steps(definition: str) -> tuple[Step, ...]:
    """The steps of a SageMaker pipeline, those inside conditions included.

    Raises:
        ValueError: It is not a pipeline definition.
    """

    def parse(document: Json) -> Iterator[Step]:
        return _pipeline_steps(_objects(document["Steps"]), ())

    return _parsed(definition, parse)


def state_machine_steps(definition: str) -> tuple[Step, ...]:
    """The task and choice states of a state machine, those inside parallel and map states included.

    Raises:
        ValueError: It is not a state machine definition.
    """

    def parse(document: Json) -> Iterator[Step]:
        return _tasks(_states(document["States"]), ())

    return _parsed(definition, parse)


def _parsed(definition: str, parse: Callable[[Json], Iterator[Step]]) -> tuple[Step, ...]:
    try:
        return tuple(parse(_object(json.loads(definition))))
    except KeyError as error:
        raise ValueError(f"the definition lacks {error}") from error
    except RecursionError as error:
        raise ValueError("the definition is nested too deeply") from error


def _object(value: Any) -> Json:
    if not isinstance(value, dict):
        raise ValueError("an object was expected")  # noqa: TRY004 - the text is at fault
    return value


def _objects(value: Any) -> list[Json]:
    if not isinstance(value, list):
        raise ValueError("a list was expected")  # noqa: TRY004 - the text is at fault
    return [_object(each) for each in value]


def _pipeline_steps(steps: list[Json], inside: tuple[str, ...]) -> Iterator[Step]:
    for step in steps:
        arguments = _object(step.get("Arguments") or {})
        own = {**step, "Arguments": _without(arguments, _BRANCHES)}
        name, references = str(step["Name"]), tuple(_gets(own))
        named_first = step.get("DependsOn") or ()
        if not isinstance(named_first, list | tuple):
            raise ValueError("a list of step names was expected")  # noqa: TRY004 - as above
        after = {*inside, *map(str, named_first), *_named(references, "Steps")}
        yield Step(
            name=name,
            kind=str(step.get("Type", "")).lower(),
            after=tuple(sorted(after - {name})),
            image=_image(arguments),
            strategy=_literal(arguments, "HyperParameterTuningJobConfig", "Strategy"),
            parameters=tuple(sorted(_named(references, "Parameters"))),
            refers_to=_arns(own),
        )
        for branch in _BRANCHES:
            yield from _pipeline_steps(_objects(arguments.get(branch) or []), (name,))


def _without(arguments: Json, members: tuple[str, ...]) -> Json:
    return {key: value for key, value in arguments.items() if key not in members}


def _named(references: tuple[str, ...], kind: str) -> set[str]:
    """The names that references such as ``Steps.NAME.Property`` speak of."""
    parts = (each.split(".") for each in references)
    return {name for what, *rest in parts if what == kind for name in rest[:1]}


def _gets(value: Any) -> Iterator[str]:
    """Every ``{"Get": "..."}`` reference inside a value."""
    if isinstance(value, dict):
        if isinstance(value.get("Get"), str):
            yield value["Get"]
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            yield from _gets(member)


def _states(value: Any) -> dict[str, Json]:
    return {name: _object(state) for name, state in _object(value).items()}


def _tasks(states: Mapping[str, Json], inside: tuple[str, ...]) -> Iterator[Step]:
    before = _ancestors(states)
    for name, state in states.items():
        after = (*inside, *before[name])
        if state.get("Type") == "Task":
            yield _task(name, state, after)
        elif state.get("Type") == "Choice":
            yield Step(name, "condition", after, None, None, (), ())
        processor = _object(state.get("ItemProcessor") or state.get("Iterator") or {})
        for branch in [*_objects(state.get("Branches") or []), processor]:
            yield from _tasks(_states(branch.get("States") or {}), after)


def _task(name: str, state: Json, after: tuple[str, ...]) -> Step:
    arguments = state.get("Parameters") or state.get("Arguments") or {}
    return Step(
        name=name,
        kind=_task_kind(str(state.get("Resource", ""))),
        after=after,
        image=_image(arguments),
        strategy=_literal(arguments, "HyperParameterTuningJobConfig", "Strategy"),
        parameters=(),
        refers_to=_arns([state.get("Resource"), arguments]),
    )


def _task_kind(resource: str) -> str:
    """The kind of a task, from a resource such as ``arn:aws:states:::sagemaker:createModel.sync``.

    A resource of one's own is a Lambda function or an activity.
    """
    if ":activity:" in resource:
        return "activity"
    if ":lambda:" in resource:
        return "lambda"
    service_and_action = resource.partition(".")[0].lower().split(":")[-2:]
    return _TASK_KINDS.get(":".join(service_and_action), service_and_action[-1])


def _ancestors(states: Mapping[str, Json]) -> dict[str, tuple[str, ...]]:
    """For every state, the states that may run before it."""
    follows = {name: set(_next(state)) for name, state in states.items()}
    before: dict[str, list[str]] = {name: [] for name in states}
    for name in sorted(states):
        for later in _reachable(name, follows) & before.keys():
            before[later].append(name)
    return {name: tuple(earlier) for name, earlier in before.items()}


def _next(state: Json) -> Iterator[str]:
    rules = [*_objects(state.get("Choices") or []), *_objects(state.get("Catch") or [])]
    named = [state.get("Default"), *(rule.get("Next") for rule in (state, *rules))]
    yield from (str(each) for each in named if each)


def _reachable(start: str, follows: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        new = follows.get(todo.pop(), set()) - seen
        seen |= new
        todo.extend(new)
    return seen - {start}


def _arns(value: Any) -> tuple[str, ...]:
    """ARNs found in texts; anything else in a definition may be a secret and is dropped."""
    return tuple(sorted(set(_ARN.findall(json.dumps(value)))))


def _image(arguments: Any) -> str | None:
    return (
        _literal(arguments, "AlgorithmSpecification", "TrainingImage")
        or _literal(arguments, "AppSpecification", "ImageUri")
        or _literal(arguments, "TrainingJobDefinition", "AlgorithmSpecification", "TrainingImage")
    )


def _literal(arguments: Any, *path: str) -> str | None:
    value = arguments
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
