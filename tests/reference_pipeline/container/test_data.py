"""The generated data is what it says it is, and the same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container.data import SETTINGS, Recipe, generate, main
from mlaudit_reference.container.settings import read
from mlaudit_reference.container.tables import Table, numbers, read_folder
from mlaudit_reference.container.validate import schema_violations


def _mean(table: Table, name: str) -> float:
    return float(np.nanmean(numbers(table.columns[name])[0]))


def test_the_same_seed_gives_the_same_data_and_another_one_does_not() -> None:
    assert generate(Recipe(50, seed=1)) == generate(Recipe(50, seed=1))
    assert generate(Recipe(50, seed=1)) != generate(Recipe(50, seed=2))


def test_it_keeps_to_its_own_schema(table: Table) -> None:
    assert schema_violations(table, SETTINGS) == []
    assert set(table.columns) == {
        *SETTINGS.features,
        SETTINGS.label,
        SETTINGS.record_id,
        SETTINGS.event_time,
        SETTINGS.protected,
    }


def test_it_is_like_the_real_thing(table: Table) -> None:
    assert 0.2 < _mean(table, "defaulted") < 0.3
    assert 0.05 < np.mean([not each for each in table.columns["months_employed"]]) < 0.11
    assert all(table.columns["loan_amount"])


def test_drift_moves_what_comes_in() -> None:
    now, later = generate(Recipe(2000, seed=3)), generate(Recipe(2000, seed=3, drift=1.0))
    assert _mean(later, "income") < 0.8 * _mean(now, "income")
    assert _mean(later, "debt_ratio") > 1.2 * _mean(now, "debt_ratio")
    assert "crypto" in later.columns["purpose"]
    assert "crypto" not in now.columns["purpose"]


def test_a_new_concept_moves_the_labels_alone() -> None:
    now, later = generate(Recipe(2000, seed=3)), generate(Recipe(2000, seed=3, concept=1.0))
    assert {name for name in now.columns if now.columns[name] != later.columns[name]} == {
        SETTINGS.label
    }


@pytest.mark.parametrize(
    "arguments", [["--rows", "0"], ["--drift", "2"], ["--concept", "x"], ["--files", "-1"]]
)
def test_what_cannot_be_generated_is_said(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--output", str(tmp_path), *arguments])
    assert f"argument {arguments[0]}" in capsys.readouterr().err


def test_the_program_writes_data_and_settings(tmp_path: Path) -> None:
    arguments = ["--output", str(tmp_path), "--rows", "31", "--files", "3", "--first", "100"]
    assert main(arguments) == 0
    assert len(list((tmp_path / "raw").glob("*.csv"))) == 3
    written = read_folder(tmp_path / "raw")
    assert written.rows == 31
    assert written.columns[SETTINGS.record_id][0] == "a00000100"
    assert read(tmp_path / "settings" / "settings.json") == SETTINGS
