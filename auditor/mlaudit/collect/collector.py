"""A collector reads one kind of resource; its signature says what it needs and what it yields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.resources import KINDS, Resource

Kind = type[Resource]


@dataclass(frozen=True)
class Collector:
    """One reading task, run once for each region.

    Attributes:
        name: The function's name.
        uses: Every operation it may call.
        needs: The resource types it must be given, collected before.
        yields: The resource types it finds.
        run: ``(reader, *needed) -> Iterator[Resource]``.
    """

    name: str
    uses: tuple[Operation, ...]
    needs: tuple[Kind, ...]
    yields: tuple[Kind, ...]
    run: Callable[..., Iterator[Resource]]


def collector(*uses: Operation) -> Callable[[Callable[..., Iterator[Resource]]], Collector]:
    """Declare a collector: parameters ``Sequence[X]`` are its needs, ``Iterator[Y]`` its yield."""

    def declare(function: Callable[..., Iterator[Resource]]) -> Collector:
        hints = get_type_hints(function)
        found = get_args(hints.pop("return"))[0]
        return Collector(
            name=function.__name__,
            uses=uses,
            needs=tuple(_kinds(hint)[0] for hint in hints.values() if _is_sequence(hint)),
            yields=get_args(found) or (found,),
            run=function,
        )

    return declare


@cache
def collectors() -> tuple[Collector, ...]:
    """All collectors, by name."""
    from mlaudit.collect import (  # noqa: PLC0415 - the modules import this one
        compute,
        events,
        jobs,
        logs,
        pipelines,
        registry,
        scaling,
        serving,
        streams,
    )

    modules = (compute, events, jobs, logs, pipelines, registry, scaling, serving, streams)
    found = [each for module in modules for each in vars(module).values() if _is_collector(each)]
    return tuple(sorted(found, key=lambda each: each.name))


def declared_operations() -> tuple[Operation, ...]:
    """Every read mlaudit may make of an account, in order."""
    return tuple(sorted({use for each in collectors() for use in each.uses}, key=lambda op: op.id))


def collectors_of(kind: type) -> tuple[Collector, ...]:
    """The collectors that find a type, and those they need in turn.

    Raises:
        MlauditError: No collector finds the type.
    """
    direct = [each for each in collectors() if kind in each.yields]
    if not direct:
        raise MlauditError(f"no collector finds {kind.__name__}")
    behind = {need for each in direct for need in each.needs}
    return _by_name([*direct, *(each for need in behind for each in collectors_of(need))])


def operations_behind(kind: type) -> frozenset[str]:
    """The ids of all operations that must succeed for a type to be seen whole."""
    return _operations_behind(kind.__name__)


@cache
def _operations_behind(name: str) -> frozenset[str]:
    return frozenset(use.id for each in collectors_of(KINDS[name]) for use in each.uses)


def _by_name(found: Iterable[Collector]) -> tuple[Collector, ...]:
    return tuple({each.name: each for each in found}.values())


def _is_collector(value: Any) -> bool:
    return isinstance(value, Collector)


def _is_sequence(hint: Any) -> bool:
    return getattr(hint, "__origin__", None) is Sequence


def _kinds(hint: Any) -> tuple[Kind, ...]:
    return get_args(hint)
