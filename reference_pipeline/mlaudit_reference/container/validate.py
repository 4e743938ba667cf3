"""Processing step: is the raw data what the pipeline takes? Stops the pipeline if it is not.

Guide item 1.3: the schema is checked before training, in its path, and can stop it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from mlaudit_reference.container import settings as settings_file
from mlaudit_reference.container.failures import ended, explain
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.locations import processing_input, processing_output
from mlaudit_reference.container.logs import log
from mlaudit_reference.container.records import Records
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.statistics import Document, constraints_of, statistics_of
from mlaudit_reference.container.statistics import read as read_constraints
from mlaudit_reference.container.tables import Table, numbers, read_folder
from mlaudit_reference.container.violations import Violation, against, document, violation

_SHOWN = 5


def main(argv: Sequence[str] | None = None) -> int:
    """Validate ``raw``; 1 when there is a violation."""
    path = settings_file.only_option("Validate raw data.", argv)
    return ended(lambda: _validate(path), "message")


def _validate(path: Path) -> int:
    settings = settings_file.read(path)
    table = read_folder(processing_input("raw"))
    statistics = statistics_of(readable(table, settings))
    baseline = processing_input("baseline") / "constraints.json"
    found = schema_violations(table, settings)
    if baseline.is_file():
        known = {each["feature_name"] for each in found}
        later = against(read_constraints(baseline), statistics)
        found += [each for each in later if each["feature_name"] not in known]
    _write(statistics, found)
    log("validated", rows=table.rows, violations=len(found), baseline=baseline.is_file())
    if found:
        first = "; ".join(f"{v['feature_name']}: {v['description']}" for v in found[:_SHOWN])
        explain(f"the raw data breaks {len(found)} constraints: {first}", "message")
    return int(bool(found))


def _write(statistics: Document, found: Sequence[Violation]) -> None:
    folder = processing_output("validation")
    write_json(folder / "statistics.json", statistics)
    write_json(folder / "constraints.json", constraints_of(statistics))
    write_json(folder / "violations.json", document(found))


def readable(table: Table, settings: Settings) -> Records:
    """What can be read of the features; what is no number counts as missing."""
    ids = table.columns.get(settings.record_id, [""] * table.rows)
    numeric = [name for name in settings.numeric if name in table.columns]
    texts = [name for name in settings.categorical if name in table.columns]
    return Records(
        ids,
        {name: numbers(table.columns[name])[0] for name in numeric},
        {name: table.columns[name] for name in texts},
    )


def schema_violations(table: Table, settings: Settings) -> list[Violation]:
    """Where raw data is not what the settings say, whatever the baseline."""
    if not table.rows:
        return [violation("", "row_count_check", "there is no record")]
    needed = [settings.record_id, settings.event_time, settings.label, settings.protected]
    needed += settings.features
    missing = [name for name in dict.fromkeys(needed) if name not in table.columns]
    return [
        *(violation(name, "missing_column_check", "the column is missing") for name in missing),
        *_wrong_types(table, settings),
        *_wrong_ids(table, settings),
    ]


def _wrong_types(table: Table, settings: Settings) -> Iterator[Violation]:
    checks = {
        **dict.fromkeys(settings.numeric, (_no_number, "no number")),
        settings.label: (_no_label, "neither 0 nor 1"),
        settings.event_time: (_no_time, "no time in ISO 8601"),
    }
    for name, (is_wrong, what) in checks.items():
        wrong = is_wrong(table.columns.get(name, ()))
        if wrong:
            yield violation(name, "data_type_check", f"{wrong} values are {what}")


def _no_number(values: Sequence[str]) -> int:
    return int(np.sum(numbers(values)[1]))


def _no_label(values: Sequence[str]) -> int:
    return sum(value not in {"0", "1"} for value in values)


def _no_time(values: Sequence[str]) -> int:
    return sum(not _is_time(value) for value in values)


def _is_time(value: str) -> bool:
    try:
        # Python reads a trailing Z from 3.11 on.
        datetime.fromisoformat(f"{value[:-1]}+00:00" if value.endswith("Z") else value)
    except ValueError:
        return False
    return True


def _wrong_ids(table: Table, settings: Settings) -> Iterator[Violation]:
    ids = table.columns.get(settings.record_id, ())
    nameless = sum(not each for each in ids)
    if nameless:
        yield violation(settings.record_id, "completeness_check", f"{nameless} are missing")
    twice = len(ids) - len(set(ids)) - max(0, nameless - 1)
    if twice:
        yield violation(settings.record_id, "uniqueness_check", f"{twice} stand there again")


if __name__ == "__main__":
    sys.exit(main())
