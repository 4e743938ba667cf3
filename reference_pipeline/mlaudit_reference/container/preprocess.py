"""Processing step: split raw data, learn how to turn it into vectors, and do so.

The state of preprocessing and the baselines are learned from the training part alone.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mlaudit_reference.container import features, vectors
from mlaudit_reference.container import settings as settings_file
from mlaudit_reference.container.arrays import Floats
from mlaudit_reference.container.failures import InputError, ended
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.locations import processing_input, processing_output
from mlaudit_reference.container.logs import log
from mlaudit_reference.container.records import from_table
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.splitting import split
from mlaudit_reference.container.statistics import Document, constraints_of, statistics_of
from mlaudit_reference.container.tables import Table, read_folder, write_file

RECORDS = "records.csv"


def main(argv: Sequence[str] | None = None) -> int:
    """Preprocess ``raw``."""
    path = settings_file.only_option("Split raw data and turn it into vectors.", argv)
    return ended(lambda: _preprocess(path), "message")


def _preprocess(path: Path) -> int:
    settings = settings_file.read(path)
    parts = parts_of(read_folder(processing_input("raw")), settings)
    state = features.fit(from_table(parts["train"], settings))
    for name in ("train", "validation"):
        _write_vectors(name, parts[name], settings, state)
    # The test part stays raw, so that evaluation goes the way that requests go.
    write_file(processing_output("test") / RECORDS, parts["test"])
    folder = processing_output("preprocessor")
    write_json(folder / features.FILE, state.document())
    write_json(folder / settings_file.FILE, settings.document())
    _write_baseline(parts["train"], settings)
    rows = {name: part.rows for name, part in parts.items()}
    log("preprocessed", width=state.width, **rows)
    return 0


def parts_of(table: Table, settings: Settings) -> dict[str, Table]:
    """The parts of the data.

    Raises:
        InputError: A part would be empty.
    """
    flags = split(table.column(settings.record_id), settings.seed)
    parts = {name: table.where(kept) for name, kept in flags.items()}
    empty = [name for name, part in parts.items() if not part.rows]
    if empty:
        raise InputError(f"{table.rows} records are too few: nothing is left for {empty[0]}")
    return parts


def labels_of(table: Table, settings: Settings) -> Floats:
    """The labels, 0 or 1.

    Raises:
        InputError: One is neither.
    """
    values = table.column(settings.label)
    if not {"0", "1"}.issuperset(values):
        raise InputError(f"column {settings.label} holds values other than 0 and 1")
    return np.array([float(value) for value in values], dtype=np.float64)


def _write_vectors(
    name: str, part: Table, settings: Settings, state: features.Preprocessor
) -> None:
    vectors.write(
        processing_output(name),
        labels_of(part, settings),
        state.transform(from_table(part, settings)),
    )


def _write_baseline(part: Table, settings: Settings) -> None:
    folder = processing_output("baseline")
    statistics = statistics_of(from_table(part, settings))
    write_json(folder / "statistics.json", statistics)
    write_json(folder / "constraints.json", constraints_of(statistics))
    write_json(folder / "facets.json", facets_of(part, settings))


def facets_of(part: Table, settings: Settings) -> Document:
    """How often each label comes with each group: bias before training is reckoned from it."""
    groups = part.column(settings.protected)
    counts = Counter(zip(groups, part.column(settings.label), strict=True))
    return {
        "label": settings.label,
        "attribute": settings.protected,
        "privileged": settings.privileged,
        "counts": {
            group: {label: counts[group, label] for label in ("0", "1")}
            for group in sorted(set(groups))
        },
    }


if __name__ == "__main__":
    sys.exit(main())
