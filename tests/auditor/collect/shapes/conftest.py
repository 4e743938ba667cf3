"""Replies that know their shape: recorded ones, and ones that are made from the shapes of AWS."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from zlib import crc32

import botocore.session
import pytest

import mlaudit.collect
from mlaudit.collect.collector import Collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.run import collect
from mlaudit.collect.whole import Searchable
from mlaudit.snapshot import Snapshot

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:thing/name"
NOW = datetime(2026, 5, 31, tzinfo=UTC)
SCALARS = {"integer": 1, "long": 1, "float": 1.0, "double": 1.0, "blob": b""}
TURNS = range(12)

Read = tuple[str, str]
"""The name of a source file, and a member that it reads."""


class EnumValue(str):
    """A value of an enum, which knows the others."""

    __slots__ = ("others",)

    others: frozenset[str]

    def __new__(cls, value: str, others: frozenset[str]) -> Self:
        made = super().__new__(cls, value)
        made.others = others
        return made

    def lower(self) -> "EnumValue":
        return EnumValue(super().lower(), frozenset(each.lower() for each in self.others))


@dataclass
class Asked:
    """What was read of replies, and what of it some shape lacks."""

    members: set[Read] = field(default_factory=set)
    lacking: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, file: str, key: str, shape: Any) -> None:
        self.members.add((file, key))
        if key not in shape.members:
            self.lacking.add((file, shape.name, key))


class Shaped(dict[str, Any]):
    """A structure of a reply, which knows what it was asked for that its shape does not have."""

    def __init__(self, value: Mapping[str, Any], shape: Any, asked: Asked) -> None:
        members = ((key, shaped(each, shape.members[key], asked)) for key, each in value.items())
        super().__init__(members)
        self._shape, self._asked = shape, asked

    def __getitem__(self, key: str) -> Any:
        self._asked.add(_file(), key, self._shape)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._asked.add(_file(), str(key), self._shape)
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._asked.add(_file(), key, self._shape)
        return super().get(key, default)


def _file() -> str:
    """Where the caller's caller stands."""
    return Path(sys._getframe(2).f_code.co_filename).name  # noqa: SLF001 - that is the question


def shaped(value: Any, shape: Any, asked: Asked) -> Any:
    """A reply, or a part of one, that knows its shape."""
    match shape.type_name:
        case "structure" if not shape.is_document_type:
            return Shaped(value, shape, asked)
        case "list":
            return [shaped(each, shape.member, asked) for each in value]
        case "map":
            return {key: shaped(each, shape.value, asked) for key, each in value.items()}
        case _:
            return value


@cache
def output_of(operation: Operation) -> Any:
    service = botocore.session.get_session().get_service_model(operation.service)
    return service.operation_model(operation.name).output_shape


@dataclass(frozen=True)
class ShapedApi:
    """Gives the replies of another api as mappings that know their shape."""

    api: Any
    asked: Asked

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Any:
        reply = self.api.call(operation, region, params)
        return shaped(reply, output_of(operation), self.asked)


@dataclass(frozen=True)
class MadeApi:
    """Makes each reply from its shape, with one thing in each list and one page.

    Names and ARNs are all the same, so that whatever refers to another thing finds it. Each turn
    takes another value of each enum, and leaves out some of the members that are not required.
    """

    turn: int

    def call(self, operation: Operation, _region: str, _params: Mapping[str, Any]) -> Any:
        reply = self._value(output_of(operation), operation.name, ())
        reply.pop(operation.token_out, None)
        return reply

    def _value(self, shape: Any, name: str, inside: tuple[str, ...]) -> Any:
        if shape.name in inside:
            return {} if shape.type_name in {"structure", "map"} else []
        within = (*inside, shape.name)
        match shape.type_name:
            case "structure":
                kept = (key for key in shape.members if self._keeps(key, shape))
                return {key: self._value(shape.members[key], key, within) for key in kept}
            case "list":
                return [self._value(shape.member, name, within)]
            case "map":
                return {"name": self._value(shape.value, name, within)}
            case _:
                return self._scalar(shape, name)

    def _keeps(self, key: str, shape: Any) -> bool:
        return key in shape.required_members or crc32(key.encode()) % len(TURNS) != self.turn

    def _scalar(self, shape: Any, name: str) -> Any:
        match shape.type_name:
            case "string" if shape.enum:
                return EnumValue(shape.enum[self.turn % len(shape.enum)], frozenset(shape.enum))
            case "string":
                return ARN if name.lower().endswith("arn") else "name"
            case "timestamp":
                return NOW
            case "boolean":
                return self.turn % 2 == 0
            case _:
                return SCALARS[shape.type_name]


def members_of(path: Path) -> Mapping[str, list[Any]]:
    """The members of everything that a module may be answered, with the shapes of each name."""
    found: dict[str, list[Any]] = defaultdict(list)
    for operation in _operations(import_module(f"{mlaudit.collect.__name__}.{path.stem}")):
        for name, shape in _members(output_of(operation), set()):
            found[name].append(shape)
    return found


def _operations(module: Any) -> Iterator[Operation]:
    for each in vars(module).values():
        match each:
            case Operation():
                yield each
            case Searchable():
                yield from each.operations
            case Collector():
                yield from each.uses
            case _:
                continue


def _members(shape: Any, seen: set[str]) -> Iterator[tuple[str, Any]]:
    if shape.name in seen:
        return
    seen.add(shape.name)
    match shape.type_name:
        case "structure":
            yield from shape.members.items()
            for each in shape.members.values():
                yield from _members(each, seen)
        case "list":
            yield from _members(shape.member, seen)
        case "map":
            yield from _members(shape.value, seen)
        case _:
            return


@dataclass(frozen=True)
class Outcome:
    """What came of reading all these accounts."""

    asked: Asked
    snapshots: tuple[Snapshot, ...]


@pytest.fixture(scope="session")
def outcome(account_of: Callable[[], Any], request_for: Callable[..., Any]) -> Outcome:
    """What all collectors ask replies for, and make of them."""
    found = Asked()
    apis = (account_of(), *(MadeApi(turn) for turn in TURNS))
    made = tuple(collect(ShapedApi(api, found), request_for()) for api in apis)
    return Outcome(found, made)


@pytest.fixture(scope="session")
def members_in() -> Callable[[Path], Mapping[str, list[Any]]]:
    """Tells the members of all that a module may be answered."""
    return members_of


@pytest.fixture
def endpoint() -> tuple[Any, Asked]:
    """A described endpoint that knows its shape, and what it is asked for."""
    found = Asked()
    shape = output_of(Operation("sagemaker", "DescribeEndpoint"))
    return shaped({"EndpointName": "e"}, shape, found), found
