"""What must have ended before a step may start: the edges of the graph that steps and gates are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlaudit_reference.definitions.expressions import Joined, Made, Output, Reported
from mlaudit_reference.definitions.steps import Gate, Step, Steps

Links = Mapping[str, tuple[str, ...]]


def links(steps: Steps, behind: str | None = None) -> dict[str, tuple[str, ...]]:
    """For each step and gate, by name, those that it waits for.

    Args:
        steps: What runs one after the other, or side by side where nothing is waited for.
        behind: The gate that they are behind.
    """
    beside = {each.name for each in steps}
    found: dict[str, tuple[str, ...]] = {}
    for each in steps:
        waits = sorted(_needs(each) & beside - {each.name})
        found[each.name] = tuple(waits) or ((behind,) if behind else ())
        if isinstance(each, Gate):
            found |= links(each.then, each.name)
            found[each.otherwise.name] = (each.name,)
    return found


def _needs(step: Step | Gate) -> set[str]:
    if isinstance(step, Gate):
        return {limit.number.output.step for limit in step.limits}
    return {*step.after, *_referred(step.request)}


def _referred(value: Any) -> Iterator[str]:
    match value:
        case Made(step=step) | Output(step=step):
            yield step
        case Reported(output=output):
            yield output.step
        case Joined(parts):
            yield from _referred(parts)
        case Mapping():
            yield from _referred(tuple(value.values()))
        case list() | tuple():
            for each in value:
                yield from _referred(each)
        case _:
            return
