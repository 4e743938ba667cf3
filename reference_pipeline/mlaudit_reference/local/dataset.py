"""The data of a run: generated, or a folder of the user's own; and its version."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from mlaudit_reference.local.failures import LocalRunError
from mlaudit_reference.local.workplace import Workplace

Document = Mapping[str, Any]
Row = Mapping[str, str]


@dataclass(frozen=True)
class Dataset:
    """The data of a run.

    Attributes:
        raw: The folder of CSV files.
        settings: The folder of ``settings.json``.
        document: What stands in it.
        generated: Whether the data was made here, so that more of the kind can be made.
    """

    raw: Path
    settings: Path
    document: Document
    generated: bool

    @property
    def record_id(self) -> str:
        """The column that names a record."""
        return str(self.document["record_id"])

    @property
    def numeric(self) -> tuple[str, ...]:
        """The numeric features."""
        return tuple(self.document["features"]["numeric"])

    @property
    def features(self) -> tuple[str, ...]:
        """All features."""
        return (*self.numeric, *self.document["features"]["categorical"])


@dataclass(frozen=True)
class Wish:
    """What data to take.

    Attributes:
        rows: How many records to generate.
        seed: Where every random choice starts from.
        folder: A folder of CSV files instead of generated ones.
        settings: What the columns are and what a model must reach; ``None`` where generated data,
            or ``settings/settings.json`` in the folder, says so.
    """

    rows: int
    seed: int
    folder: Path | None = None
    settings: Document | None = None


def made(place: Workplace, wish: Wish) -> Dataset:
    """Generate the data, or take the user's.

    Raises:
        LocalRunError: The folder or its settings cannot be used.
    """
    target = place.work / "data"
    said = wish.settings
    if wish.folder is None:
        place.tell(f"Generating {wish.rows} records")
        generated(target, ["--rows", str(wish.rows), "--seed", str(wish.seed), "--files", "4"])
        raw = target / "raw"
        said = said or _read(target)
    else:
        raw = _raw_of(wish.folder)
        said = said or _read(wish.folder)
    document = {**said, "seed": wish.seed}
    found = Dataset(raw, target / "settings", document, wish.folder is None)
    _check_columns(found)
    found.settings.mkdir(parents=True, exist_ok=True)
    (found.settings / "settings.json").write_text(json.dumps(document, indent=2), "utf-8")
    return found


def generated(folder: Path, arguments: list[str]) -> None:
    """Let the generator of the containers write a data set."""
    from mlaudit_reference.container import data as generator  # noqa: PLC0415 - numpy may be missing

    if generator.main(["--output", str(folder), *arguments]):
        raise LocalRunError(f"No data could be generated in {folder}.")


def version_of(raw: Path) -> str:
    """The version of data: a hash of what all its files hold, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(raw.glob("*.csv")):
        digest.update(path.name.encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"sha256:{digest.hexdigest()}"


def rows_of(folder: Path, most: int | None = None) -> Iterator[Row]:
    """The records of the CSV files of a folder, in the order of their names."""
    return islice(_rows(folder), most)


def record_of(row: Row, dataset: Dataset) -> dict[str, Any]:
    """A record as a producer sends it: its id and its features, missing ones as ``null``."""
    numeric = {name: float(row[name]) if row[name] else None for name in dataset.numeric}
    others = [name for name in dataset.features if name not in numeric]
    categorical = {name: row[name] or None for name in others}
    return {dataset.record_id: row[dataset.record_id], **numeric, **categorical}


def _rows(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            yield from csv.DictReader(file)


def _raw_of(folder: Path) -> Path:
    """The CSV files: in ``raw`` where there is such a folder, else in the folder itself."""
    raw = folder / "raw" if (folder / "raw").is_dir() else folder
    if not any(raw.glob("*.csv")):
        raise LocalRunError(f"--data {folder} holds no CSV file, nor does a folder raw in it.")
    return raw


def _read(folder: Path) -> Document:
    """The settings that lie beside data.

    Raises:
        LocalRunError: There are none, or they cannot be read.
    """
    path = folder / "settings" / "settings.json"
    if not path.is_file():
        raise LocalRunError(
            f"Nothing says which columns the data has: give --manifest, or write {path}."
        )
    try:
        document = json.loads(path.read_text("utf-8"))
    except (ValueError, OSError) as error:
        raise LocalRunError(f"{path} cannot be read: {error}.") from error
    if not isinstance(document, dict):
        raise LocalRunError(f"{path} holds no settings.")
    return document


def _check_columns(dataset: Dataset) -> None:
    """Refuse data that lacks a column before anything is computed.

    Raises:
        LocalRunError: It lacks one, or has no record.
    """
    first = next(iter(rows_of(dataset.raw, 1)), None)
    if first is None:
        raise LocalRunError(f"The data in {dataset.raw} has no record.")
    document = dataset.document
    try:
        protected = document["protected"]["attribute"]
        named = [document["label"], dataset.record_id, document["event_time"], protected]
        named += dataset.features
    except (KeyError, TypeError) as error:
        raise LocalRunError(f"The settings of the data lack {error}.") from error
    lacking = [each for each in named if each not in first]
    if lacking:
        kind = "generated data" if dataset.generated else "data"
        advice = "give --data with a folder of yours" if dataset.generated else "see the manifest"
        raise LocalRunError(f"The {kind} has no column {', '.join(lacking)}: {advice}.")
