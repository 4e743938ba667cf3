"""Records as preprocessing takes them: the one form in which training and serving meet it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlaudit_reference.container.arrays import Floats
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.tables import Table, numbers

_LONGEST_TEXT = 1000


class RecordError(ValueError):
    """A record cannot be scored; the message names the record and the field, not its contents.

    Attributes:
        log_as: The message without the id of the record, for logs.
    """

    def __init__(self, place: int, record_id: str, problem: str) -> None:
        """Name a record by its place in the request and its id, which may be empty."""
        named = f"record {place}"
        self.log_as = f"{named}: {problem}"
        super().__init__(f"{named} ({record_id[:64]}): {problem}" if record_id else self.log_as)


@dataclass(frozen=True)
class Records:
    """Features column by column.

    Attributes:
        ids: What names each record; empty where it has no name.
        numeric: Numbers; NaN where one is missing.
        categorical: Texts; empty where one is missing.
    """

    ids: Sequence[str]
    numeric: Mapping[str, Floats]
    categorical: Mapping[str, Sequence[str]]


def from_table(table: Table, settings: Settings) -> Records:
    """The features in raw data.

    Raises:
        InputError: A feature is missing, or a value of a numeric one is no number.
    """
    ids = table.columns.get(settings.record_id, [""] * table.rows)
    numeric = {name: _column(table, name) for name in settings.numeric}
    return Records(ids, numeric, {name: table.column(name) for name in settings.categorical})


def _column(table: Table, name: str) -> Floats:
    found, bad = numbers(table.column(name))
    if bad.any():
        raise InputError(f"column {name}, record {int(bad.argmax()) + 1}: not a number")
    return found


def from_objects(objects: Sequence[Any], settings: Settings) -> Records:
    """The features in a request.

    Every feature must be there, ``null`` where its value is missing; nothing that is not known may
    be there.

    Raises:
        RecordError: A record is not like that.
    """
    known = {*settings.features, settings.record_id, settings.event_time}
    known |= {settings.label, settings.protected}
    rows = [_Row(place, each, settings.record_id) for place, each in enumerate(objects, start=1)]
    for row in rows:
        row.check(known)
    return Records(
        [row.record_id for row in rows],
        {
            name: np.array([row.number(name) for row in rows], dtype=np.float64)
            for name in settings.numeric
        },
        {name: [row.text(name) for row in rows] for name in settings.categorical},
    )


class _Row:
    """One object of a request, read field by field."""

    def __init__(self, place: int, found: Any, id_field: str) -> None:
        self.place = place
        self.found = found
        self.record_id = text_of(found.get(id_field)) if isinstance(found, dict) else ""

    def check(self, known: set[str]) -> None:
        if not isinstance(self.found, dict):
            raise self.error("not an object")
        strange = sorted(self.found.keys() - known)
        if strange:
            raise self.error(f"field {strange[0][:64]!r} is not known")

    def number(self, name: str) -> float:
        value = self._value(name)
        if value is None:
            return math.nan
        number = number_of(value)
        if math.isnan(number):
            raise self.error(f"field {name!r} is not a number")
        if math.isinf(number):
            raise self.error(f"field {name!r} is not a finite number")
        return number

    def text(self, name: str) -> str:
        value = self._value(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            raise self.error(f"field {name!r} is no text up to {_LONGEST_TEXT} characters")
        return value

    def error(self, problem: str) -> RecordError:
        return RecordError(self.place, self.record_id, problem)

    def _value(self, name: str) -> Any:
        if name not in self.found:
            raise self.error(f"field {name!r} is missing")
        return self.found[name]


def number_of(value: Any) -> float:
    """A number of JSON; NaN for what is none, infinity for what is too large."""
    # True is a number to Python alone.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def text_of(value: Any) -> str:
    """An id as text; an id that is neither text nor a whole number counts as none."""
    known = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) if known else ""
