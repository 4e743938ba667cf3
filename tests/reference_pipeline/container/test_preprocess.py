"""Preprocessing as a step."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container import features, vectors
from mlaudit_reference.container.data import SETTINGS, Recipe, write
from mlaudit_reference.container.preprocess import facets_of, main
from mlaudit_reference.container.settings import read
from mlaudit_reference.container.splitting import split
from mlaudit_reference.container.tables import Table, read_file, read_folder


def test_it_leaves_what_the_next_steps_take(ml_root: Path) -> None:
    write(Recipe(400, seed=1), ml_root / "processing/input", files=2)
    assert main([]) == 0
    output = ml_root / "processing/output"
    state = features.read(output / "preprocessor")
    labels, found = vectors.read(output / "train")
    test = read_file(output / "test/records.csv")
    assert found.shape == (len(labels), state.width)
    assert len(labels) + len(vectors.read(output / "validation")[0]) + test.rows == 400
    assert read(output / "preprocessor/settings.json") == SETTINGS
    statistics = json.loads((output / "baseline/statistics.json").read_text())
    assert statistics["dataset"]["item_count"] == len(labels)


def test_the_test_records_are_those_of_the_split_as_they_came(ml_root: Path) -> None:
    write(Recipe(300), ml_root / "processing/input")
    assert main([]) == 0
    raw = read_folder(ml_root / "processing/input/raw")
    kept = raw.where(split(raw.columns[SETTINGS.record_id], SETTINGS.seed)["test"])
    test = read_file(ml_root / "processing/output/test/records.csv")
    assert {name: list(each) for name, each in test.columns.items()} == dict(kept.columns)


def test_what_is_not_trained_on_teaches_preprocessing_nothing(ml_root: Path) -> None:
    write(Recipe(300), ml_root / "processing/input")
    assert main([]) == 0
    raw = read_folder(ml_root / "processing/input/raw")
    train = raw.where(split(raw.columns[SETTINGS.record_id], SETTINGS.seed)["train"])
    mean = np.mean([float(each) for each in train.columns["loan_amount"]])
    state = features.read(ml_root / "processing/output/preprocessor")
    assert state.numeric["loan_amount"].mean == pytest.approx(mean)


def test_the_same_data_gives_the_same_bytes(ml_root: Path) -> None:
    write(Recipe(300), ml_root / "processing/input")
    assert main([]) == 0
    path = ml_root / "processing/output/train/data.csv"
    before = path.read_bytes()
    assert main([]) == 0
    assert path.read_bytes() == before


def test_groups_and_labels_are_counted() -> None:
    table = Table({"age_group": ["a", "b", "a", "a"], "defaulted": ["0", "1", "1", "0"]})
    counts = facets_of(table, SETTINGS)["counts"]
    assert counts == {"a": {"0": 2, "1": 1}, "b": {"0": 0, "1": 1}}


def test_too_few_records_are_refused(ml_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(Recipe(1), ml_root / "processing/input")
    assert main([]) == 1
    assert "1 records are too few" in capsys.readouterr().err


def test_a_label_that_is_none_is_refused(ml_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(Recipe(100), ml_root / "processing/input")
    path = ml_root / "processing/input/raw/applications-000.csv"
    path.write_text(path.read_text().replace(",1\n", ",2\n"))
    assert main([]) == 1
    assert "values other than 0 and 1" in capsys.readouterr().err
