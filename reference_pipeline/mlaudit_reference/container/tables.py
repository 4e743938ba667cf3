"""Raw data: CSV files with a header, held as text column by column."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mlaudit_reference.container.arrays import Flags, Floats
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.files import write_whole


@dataclass(frozen=True)
class Table:
    """Columns of text, all of one length; an empty text is a missing value."""

    columns: Mapping[str, Sequence[str]]

    @property
    def rows(self) -> int:
        """How many records there are."""
        return len(next(iter(self.columns.values()), ()))

    def column(self, name: str) -> Sequence[str]:
        """One column.

        Raises:
            InputError: There is none of that name.
        """
        if name not in self.columns:
            raise InputError(f"the data has no column {name}")
        return self.columns[name]

    def where(self, kept: Flags) -> Table:
        """The records for which a flag is set."""
        places = np.flatnonzero(kept).tolist()
        return Table({name: [values[i] for i in places] for name, values in self.columns.items()})


def csv_files(folder: Path) -> list[Path]:
    """The CSV files of a folder, in the order of their names.

    Raises:
        InputError: There is none.
    """
    found = sorted(folder.rglob("*.csv"))
    if not found:
        raise InputError(f"{folder} holds no CSV file")
    return found


def read_folder(folder: Path) -> Table:
    """Read all CSV files of a folder as one table.

    Raises:
        InputError: There is no file, or a file cannot be read as CSV of the same columns.
    """
    header: list[str] = []
    rows: list[list[str]] = []
    for path in csv_files(folder):
        lines = _lines(path)
        names = next(lines, [])
        if header and names != header:
            raise InputError(f"{path} has other columns than the files before it")
        header = names
        rows.extend(lines)
    return _table(header, rows)


def read_file(path: Path) -> Table:
    """Read one CSV file.

    Raises:
        InputError: It cannot be read as CSV with a header.
    """
    lines = _lines(path)
    return _table(next(lines, []), list(lines))


def write_file(path: Path, table: Table) -> None:
    """Write a table as CSV with a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*table.columns.values(), strict=True))
    write_whole(path, text.getvalue().encode())


def numbers(values: Sequence[str]) -> tuple[Floats, Flags]:
    """Read text as numbers.

    Returns:
        The numbers, NaN where a value is missing or is no finite number, and a flag for each value
        that is there and is no finite number.
    """
    found = np.array([_number(value) for value in values], dtype=np.float64)
    bad = np.array(
        [math.isnan(number) and value != "" for number, value in zip(found, values, strict=True)],
        dtype=np.bool_,
    )
    return found, bad


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _lines(path: Path) -> Iterator[list[str]]:
    """The lines of a CSV file, the header first; every line as long as the header."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from _even(csv.reader(file, strict=True), path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def _even(lines: Iterable[list[str]], path: Path) -> Iterator[list[str]]:
    width = None
    for number, line in enumerate(lines, start=1):
        width = len(line) if width is None else width
        if len(line) != width:
            raise InputError(f"{path}, line {number}: {len(line)} fields, expected {width}")
        yield line


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    if len(set(header)) != len(header):
        raise InputError("a column name stands in the header twice")
    columns = zip(*rows, strict=True) if rows else ((),) * len(header)
    return Table(dict(zip(header, columns, strict=True)))
