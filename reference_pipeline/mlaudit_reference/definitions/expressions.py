"""What a request holds that is known only once the system is deployed, or once it runs.

Requests of steps are those of the AWS API, with expressions where a value is not known yet. Each
engine says them in its own words: SageMaker Pipelines as ``{"Get": …}``, Step Functions in JSONata,
Airflow as a template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Request = Mapping[str, Any]
"""The arguments of an operation of AWS, with expressions in them."""


@dataclass(frozen=True)
class Deployed:
    """What is known once the stacks are deployed, such as the name of a bucket."""

    name: str


@dataclass(frozen=True)
class Parameter:
    """What is said when a run starts."""

    name: str


@dataclass(frozen=True)
class Run:
    """Something of the run itself: ``id``, ``arn`` or ``started`` (a time in ISO 8601)."""

    what: str


@dataclass(frozen=True)
class Made:
    """What a step made, by its path in the answer of the operation that describes it."""

    step: str
    path: str


@dataclass(frozen=True)
class Joined:
    """A text of several parts."""

    parts: tuple[Value, ...]


@dataclass(frozen=True)
class Output:
    """The place in S3 of an output of a processing step, and where it lies for who knows it."""

    step: str
    name: str
    place: Joined


@dataclass(frozen=True)
class Reported:
    """A number in a report that a processing step wrote.

    Attributes:
        output: The output with the report.
        report: What the report is called.
        file: Its file in the output.
        path: Where the number stands in it.
    """

    output: Output
    report: str
    file: str
    path: str


Expression = Deployed | Parameter | Run | Made | Joined | Output | Reported
Value = str | Expression

DEFERRED = (Deployed, Parameter, Run, Made, Joined, Output, Reported)
"""The types of expressions."""


def joined(*parts: Value) -> Joined:
    """A text of parts; texts of texts are made flat."""
    flat: list[Value] = []
    for part in parts:
        flat += part.parts if isinstance(part, Joined) else (part,)
    return Joined(tuple(flat))


def said(request: Any, say: Callable[[Expression], Any]) -> Any:
    """A request, or any part of one, with every expression in the words of an engine."""
    if isinstance(request, DEFERRED):
        return say(request)
    if isinstance(request, Mapping):
        return {key: said(value, say) for key, value in request.items()}
    if isinstance(request, (list, tuple)):
        return [said(value, say) for value in request]
    return request


def merged(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Parts of a text, with texts that follow each other put together."""
    done: list[Any] = []
    for part in parts:
        if done and isinstance(part, str) and isinstance(done[-1], str):
            done[-1] += part
        else:
            done.append(part)
    return tuple(done)
