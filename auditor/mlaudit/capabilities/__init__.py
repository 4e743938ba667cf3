"""One idea, several providers: checks ask for what a system can do, not for a service."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, TypeVar, get_args, get_type_hints

from mlaudit.errors import MlauditError
from mlaudit.evidence import Evidence
from mlaudit.sight import View

Provider = Callable[[View], Evidence[Any]]
P = TypeVar("P", bound=Provider)

_DECLARED: dict[type, Provider] = {}


def provider(function: P) -> P:
    """Declare what makes a capability; the return type tells which.

    Raises:
        MlauditError: Another function makes it already.
    """
    (made,) = get_args(get_type_hints(function)["return"])
    if made in _DECLARED:
        raise MlauditError(f"two providers make {made.__name__}; remove one")
    _DECLARED[made] = function
    return function


@cache
def providers() -> Mapping[type, Provider]:
    """What makes each capability from what can be seen: every one that a module here declares."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return _DECLARED
