"""A collector reads one kind of resource; its signature says what it needs and what it yields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from mlaudit.collect.operation import Operation
from mlaudit.resources import Resource

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


def _is_sequence(hint: Any) -> bool:
    return getattr(hint, "__origin__", None) is Sequence


def _kinds(hint: Any) -> tuple[Kind, ...]:
    return get_args(hint)
