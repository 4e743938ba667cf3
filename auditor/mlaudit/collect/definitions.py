"""Parse pipeline and state machine definitions into steps. Pure; nothing else of them is kept.

Sources: the SageMaker Pipelines definition JSON (version 2020-12-01), Amazon States Language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlaudit.resources import Step

Json = Mapping[str, Any]

_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[^\s\"'{}]+")
_TASK_KINDS = {
    "createtrainingjob": "training",
    "createhyperparametertuningjob": "tuning",
    "createprocessingjob": "processing",
    "createtransformjob": "transform",
    "createautomljob": "automl",
    "createautomljobv2": "automl",
    "createmodel": "model",
    "createmodelpackage": "registermodel",
    "createendpoint": "endpoint",
    "updateendpoint": "endpoint",
    "createendpointconfig": "endpointconfig",
    "invokeendpoint": "inference",
    "invokeendpointasync": "inference",
    "startpipelineexecution": "pipeline",
    "submitjob": "batch",
    "invoke": "lambda",
    "startexecution": "workflow",
}


def pipeline_steps(definition: str) -> tuple[Step, ...]:
    """The steps of a SageMaker pipeline, those inside conditions included.

    Raises:
        ValueError: It is not a pipeline definition.
    """
    document = json.loads(definition)
    if not isinstance(document, dict) or not isinstance(document.get("Steps"), list):
        raise ValueError("no list of steps")  # noqa: TRY004 - the text is at fault, not a type
    return tuple(_pipeline_steps(document["Steps"], ()))


def _pipeline_steps(steps: list[Json], inside: tuple[str, ...]) -> Iterator[Step]:
    for step in steps:
        arguments = step.get("Arguments") or {}
        name = str(step.get("Name"))
        after = {*inside, *(str(each) for each in step.get("DependsOn") or ())}
        after |= {each.split(".")[1] for each in _gets(step) if each.startswith("Steps.")}
        yield Step(
            name=name,
            kind=str(step.get("Type", "")).lower(),
            after=tuple(sorted(after - {name})),
            image=_image(arguments),
            strategy=_literal(arguments, "HyperParameterTuningJobConfig", "Strategy"),
            parameters=tuple(
                sorted({each.split(".")[1] for each in _gets(step) if each.startswith("Param")})
            ),
            refers_to=_arns(arguments),
        )
        for branch in ("IfSteps", "ElseSteps"):
            yield from _pipeline_steps(arguments.get(branch) or [], (name,))


def state_machine_steps(definition: str) -> tuple[Step, ...]:
    """The task states of a state machine, those inside parallel and map states included.

    Raises:
        ValueError: It is not a state machine definition.
    """
    document = json.loads(definition)
    if not isinstance(document, dict) or not isinstance(document.get("States"), dict):
        raise ValueError("no states")  # noqa: TRY004 - the text is at fault, not a type
    return tuple(_tasks(document["States"], ()))


def _tasks(states: Mapping[str, Json], inside: tuple[str, ...]) -> Iterator[Step]:
    before = _ancestors(states)
    for name, state in states.items():
        after = (*inside, *before[name])
        if state.get("Type") == "Task":
            yield _task(name, state, after)
        processor = state.get("ItemProcessor") or state.get("Iterator") or {}
        for branch in [*(state.get("Branches") or ()), processor]:
            yield from _tasks(branch.get("States") or {}, after)


def _task(name: str, state: Json, after: tuple[str, ...]) -> Step:
    resource = str(state.get("Resource", ""))
    arguments = state.get("Parameters") or state.get("Arguments") or {}
    action = resource.partition(".")[0].rpartition(":")[2].lower()
    kind = "lambda" if ":lambda:" in resource else _TASK_KINDS.get(action, action)
    return Step(
        name=name,
        kind=kind,
        after=after,
        image=_image(arguments),
        strategy=_literal(arguments, "HyperParameterTuningJobConfig", "Strategy"),
        parameters=(),
        refers_to=_arns([resource, arguments]),
    )


def _ancestors(states: Mapping[str, Json]) -> dict[str, tuple[str, ...]]:
    """For every state, the states that may run before it."""
    follows = {name: set(_next(state)) for name, state in states.items()}
    return {
        name: tuple(sorted(other for other in states if name in _reachable(other, follows)))
        for name in states
    }


def _next(state: Json) -> Iterator[str]:
    for rule in (state, *(state.get("Choices") or ()), *(state.get("Catch") or ())):
        if rule.get("Next"):
            yield rule["Next"]
    if state.get("Default"):
        yield state["Default"]


def _reachable(start: str, follows: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        new = follows.get(todo.pop(), set()) - seen
        seen |= new
        todo.extend(new)
    return seen - {start}


def _gets(value: Any) -> Iterator[str]:
    """Every ``{"Get": "..."}`` reference inside a step, nested steps left out."""
    if isinstance(value, dict):
        if isinstance(value.get("Get"), str):
            yield value["Get"]
        for key, member in value.items():
            if key not in {"IfSteps", "ElseSteps"}:
                yield from _gets(member)
    elif isinstance(value, list):
        for member in value:
            yield from _gets(member)


def _arns(value: Any) -> tuple[str, ...]:
    """ARNs found in texts; anything else in a definition may be a secret and is dropped."""
    return tuple(sorted(set(_ARN.findall(json.dumps(value)))))


def _image(arguments: Json) -> str | None:
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
