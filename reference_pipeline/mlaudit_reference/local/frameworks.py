"""Which frameworks can be trained with here."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from mlaudit_reference.local.failures import LocalRunError

MODULES = {
    "sklearn": ("sklearn",),
    "xgboost": ("xgboost",),
    "pytorch": ("torch",),
    "jax": ("jax", "flax", "optax"),
}
"""What each framework needs besides numpy."""

RESUMING = ("pytorch", "jax")
"""Those that keep checkpoints; the cheaper one to start first."""

INSTALL = "pip install 'mlaudit[reference]'"
_AT_LEAST = 3
_BESIDES = ("numpy", "optuna")
_DISTRIBUTIONS = (
    "numpy", "scikit-learn", "xgboost", "xgboost-cpu", "torch", "jax", "flax", "optax", "optuna"
)  # fmt: skip


def missing(framework: str) -> list[str]:
    """The modules that a framework lacks here."""
    return [each for each in MODULES[framework] if find_spec(each) is None]


def chosen(asked: Sequence[str]) -> tuple[str, ...]:
    """The frameworks to train with: those asked for, else all that are here.

    Raises:
        LocalRunError: One is unknown or not installed, or fewer than three are and none was asked
            for.
    """
    unknown = [each for each in asked if each not in MODULES]
    if unknown:
        raise LocalRunError(f"There is no framework {unknown[0]!r}: choose from {_all()}.")
    lacking = {each: found for each in asked or MODULES if (found := missing(each))}
    besides = [each for each in _BESIDES if find_spec(each) is None]
    available = [each for each in asked or MODULES if each not in lacking]
    if besides or (lacking if asked else len(available) < _AT_LEAST):
        names = [*besides, *(name for found in lacking.values() for name in found)]
        raise LocalRunError(
            f"The local run needs {', '.join(names)}, which {_is(len(names))} not installed. "
            f"Install all it needs: {INSTALL}"
        )
    return tuple(dict.fromkeys(available))


def left_out(asked: Sequence[str]) -> tuple[str, ...]:
    """The frameworks that would take part if they were installed."""
    return () if asked else tuple(each for each in MODULES if missing(each))


def versions() -> dict[str, str]:
    """The versions of what is installed of all this."""
    found: dict[str, str] = {}
    for name in _DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _all() -> str:
    return ", ".join(MODULES)


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
