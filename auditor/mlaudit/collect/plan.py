"""All collectors there are, and what must succeed for a type to be seen whole."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module

from mlaudit import collect
from mlaudit.collect.collector import Collector
from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.resources import KINDS


@cache
def collectors() -> tuple[Collector, ...]:
    """All collectors, by name: every one that a module of this package declares."""
    names = (each.name for each in pkgutil.iter_modules(collect.__path__))
    reading = (name for name in names if name not in _NOT_READING)
    modules = (import_module(f"{collect.__name__}.{name}") for name in reading)
    found = {
        each for module in modules for each in vars(module).values() if isinstance(each, Collector)
    }
    return tuple(sorted(found, key=lambda each: each.name))


_NOT_READING = frozenset({"plan", "policy", "run", "session"})
"""Modules that use the collectors, or that need boto3; they declare none."""


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
