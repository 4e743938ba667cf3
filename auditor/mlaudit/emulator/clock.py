"""The time of the emulated account, so that history can be created in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

AT_HEADER = "x-mlaudit-at"

_moment: ContextVar[datetime | None] = ContextVar("mlaudit_emulator_moment", default=None)


def now() -> datetime:
    """Return the moment the current request takes place at, in UTC."""
    return _moment.get() or datetime.now(UTC)


def naive_now() -> datetime:
    """Return the same moment in the form that moto stores: UTC without a zone."""
    return now().replace(tzinfo=None)


@contextmanager
def at(moment: datetime | None) -> Iterator[None]:
    """Let everything inside the block happen at the given moment."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
