"""Keep the states of several emulated accounts apart, although moto has one per process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data

# What one service of moto stores: its backends by account, and dictionaries beside them.
_Stored = tuple[BackendDict, dict[str, Any], dict[str, dict[Any, Any]]]


@dataclass(slots=True)
class _Stage:
    """Where the one world that moto can see stands, and where the others wait."""

    lock: RLock = field(default_factory=RLock)
    shown: object | None = None
    waiting: dict[object, list[_Stored]] = field(default_factory=dict)


# One per process because moto's stores are.
_STAGE = _Stage()


class World:
    """The state of moto that belongs to one server."""

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let moto see this state, and no other request see another meanwhile."""
        with _STAGE.lock:
            if _STAGE.shown is not self:
                _STAGE.waiting[_STAGE.shown] = _taken_away()
                _put_back(_STAGE.waiting.pop(self, []))
                _STAGE.shown = self
            yield

    def forget(self) -> None:
        """Forget everything in this state."""
        with self.entered():
            BackendDict.reset()
            reset_model_data()
            _STAGE.shown = None


def _taken_away() -> list[_Stored]:
    stored = []
    for backends in list(BackendDict._instances):  # noqa: SLF001 - moto has no other way
        beside = {name: value for name, value in vars(backends).items() if isinstance(value, dict)}
        stored.append((backends, dict(backends.items()), beside))
        dict.clear(backends)
        vars(backends).update({name: {} for name in beside})
    BackendDict._instances.clear()  # noqa: SLF001 - moto has no other way
    return stored


def _put_back(stored: list[_Stored]) -> None:
    for backends, content, beside in stored:
        dict.update(backends, content)
        vars(backends).update(beside)
        BackendDict._instances.append(backends)  # noqa: SLF001 - moto has no other way
