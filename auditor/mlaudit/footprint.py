"""Which reads of an account the check of an item may use, found in the code that judges it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

from mlaudit.capabilities import providers
from mlaudit.catalog import Check
from mlaudit.collect.operation import Operation
from mlaudit.collect.plan import collectors_of
from mlaudit.resources import KINDS

_OURS = ("mlaudit.capabilities", "mlaudit_checks")


def operations_of(check: Check) -> tuple[Operation, ...]:
    """The reads a check may use, beside those that find the workloads.

    Every resource type that is named anywhere in the check, in the providers of what it asks for,
    and in what these call, counts as used.
    """
    kinds = {kind for need in check.needs.values() for kind in _kinds_of(need)}
    kinds |= _kinds_in(check.function)
    used = {use for kind in kinds for each in collectors_of(kind) for use in each.uses}
    return tuple(sorted(used, key=lambda operation: operation.id))


def _kinds_of(need: type) -> set[type]:
    if need in KINDS.values():
        return {need}
    provider = providers().get(need)
    return _kinds_in(provider) if provider else set()


def _kinds_in(function: Callable[..., Any]) -> set[type]:
    kinds: set[type] = set()
    seen: set[int] = set()
    waiting: list[Any] = [function]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, type) and each in KINDS.values():
            kinds.add(each)
        else:
            waiting += _named_by(each)
    return kinds


def _named_by(value: Any) -> Iterator[Any]:
    """Yield what one of our functions, classes or module-level collections refers to."""
    if isinstance(value, FunctionType) and value.__module__.startswith(_OURS):
        names = _names_in(value.__code__)
        yield from (value.__globals__[name] for name in names if name in value.__globals__)
        yield from (cell.cell_contents for cell in value.__closure__ or ())
    elif isinstance(value, type) and value.__module__.startswith(_OURS):
        yield from (_function_of(member) for member in vars(value).values())
    elif isinstance(value, Mapping):
        yield from (*value.keys(), *value.values())
    elif isinstance(value, Collection) and not isinstance(value, str | bytes):
        yield from value


def _function_of(member: Any) -> Any:
    return member.fget if isinstance(member, property) else getattr(member, "__func__", member)


def _names_in(code: CodeType) -> set[str]:
    inner = (each for each in code.co_consts if isinstance(each, CodeType))
    return {*code.co_names}.union(*map(_names_in, inner))
