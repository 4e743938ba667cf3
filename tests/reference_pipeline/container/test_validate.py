"""Validation as a step: what it writes, and when it stops the pipeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.container.data import SETTINGS, Recipe, write
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.tables import Table
from mlaudit_reference.container.validate import main, schema_violations

GOOD = Table(
    {
        "application_id": ["a1", "a2"],
        "applied_at": ["2025-03-01T12:00:00Z", "2025-03-02"],
        "age_group": ["over-40", "up-to-40"],
        **{name: ["1", ""] for name in SETTINGS.numeric},
        **{name: ["x", ""] for name in SETTINGS.categorical},
        "defaulted": ["0", "1"],
    }
)


def _with(**columns: list[str]) -> Table:
    return Table({**GOOD.columns, **columns})


def _without(name: str) -> Table:
    return Table({each: values for each, values in GOOD.columns.items() if each != name})


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (GOOD, []),
        (_without("income"), [("income", "missing_column_check")]),
        (_without("age_group"), [("age_group", "missing_column_check")]),
        (_with(income=["1", "much"]), [("income", "data_type_check")]),
        (_with(defaulted=["yes", ""]), [("defaulted", "data_type_check")]),
        (_with(applied_at=["yesterday", "2025-01-01"]), [("applied_at", "data_type_check")]),
        (_with(application_id=["a", "a"]), [("application_id", "uniqueness_check")]),
        (_with(application_id=["", ""]), [("application_id", "completeness_check")]),
        (Table({name: [] for name in GOOD.columns}), [("", "row_count_check")]),
    ],
)
def test_the_schema_is_checked(table: Table, expected: list[tuple[str, str]]) -> None:
    found = schema_violations(table, SETTINGS)
    assert [(each["feature_name"], each["constraint_check_type"]) for each in found] == expected


def _written(ml_root: Path, name: str) -> Any:
    return json.loads((ml_root / "processing/output/validation" / name).read_text())


def test_good_data_passes_and_leaves_a_baseline(ml_root: Path) -> None:
    write(Recipe(300), ml_root / "processing/input")
    assert main([]) == 0
    assert _written(ml_root, "violations.json") == {"violations": []}
    names = [each["name"] for each in _written(ml_root, "constraints.json")["features"]]
    assert names == list(SETTINGS.features)
    assert _written(ml_root, "statistics.json")["dataset"] == {"item_count": 300}


def test_data_unlike_the_baseline_stops_the_pipeline(
    ml_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(Recipe(300), ml_root / "processing/input")
    assert main([]) == 0
    constraints = _written(ml_root, "constraints.json")
    write_json(ml_root / "processing/input/baseline/constraints.json", constraints)
    write(Recipe(300, drift=1.0), ml_root / "processing/input")
    assert main([]) == 1
    (found,) = _written(ml_root, "violations.json")["violations"]
    assert (found["feature_name"], found["constraint_check_type"]) == (
        "purpose",
        "categorical_values_check",
    )
    assert "breaks 1 constraints: purpose" in capsys.readouterr().err
    assert "purpose" in (ml_root / "output/message").read_text()


def test_what_is_wrong_in_two_ways_is_said_once(ml_root: Path) -> None:
    write(Recipe(300), ml_root / "processing/input")
    assert main([]) == 0
    constraints = _written(ml_root, "constraints.json")
    write_json(ml_root / "processing/input/baseline/constraints.json", constraints)
    path = ml_root / "processing/input/raw/applications-000.csv"
    path.write_text(path.read_text().replace(",income,", ",salary,"))
    assert main([]) == 1
    names = [each["feature_name"] for each in _written(ml_root, "violations.json")["violations"]]
    assert names == ["income"]


def test_no_data_is_one_clear_error(ml_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(Recipe(10), ml_root / "processing/input")
    (ml_root / "processing/input/raw/applications-000.csv").unlink()
    assert main([]) == 1
    assert capsys.readouterr().err.startswith("error: ")
