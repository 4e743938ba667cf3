"""Preprocessing: hand-computed examples, and no skew between training and serving."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.features import FILE, Preprocessor, fit, read
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.records import Records, from_objects, from_table
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.tables import Table


def _records(numbers: list[float], words: list[str]) -> Records:
    return Records([""] * len(numbers), {"x": np.array(numbers)}, {"w": words})


TRAINING = _records([1.0, 3.0, np.nan, 3.0] * 5, ["a", "b", "", "a"] * 5)


def test_a_number_becomes_its_distance_from_the_mean_and_whether_it_is_missing() -> None:
    # The median 3 stands for what is missing: mean 2.5, deviation sqrt(0.75).
    found = fit(TRAINING).transform(_records([2.5, np.nan], ["a", "a"]))
    expected = np.array([[0, 0], [0.5 / np.sqrt(0.75), 1]], dtype=np.float32)
    assert np.array_equal(found[:, :2], expected)


def test_a_word_becomes_a_column_and_rare_unknown_and_missing_ones_share_one() -> None:
    state = fit(TRAINING)
    assert state.columns == ["x", "x=missing", "w=a", "w=other"]
    found = state.transform(_records([1.0] * 4, ["a", "b", "", "z"]))
    assert found[:, 2:].tolist() == [[1, 0], [0, 1], [0, 1], [0, 1]]


def test_the_average_is_the_mean_of_the_training_vectors(
    state: Preprocessor, table: Table, settings: Settings
) -> None:
    mean = state.transform(from_table(table, settings)).mean(axis=0, dtype=np.float64)
    assert np.allclose(state.average[0], mean, atol=1e-6)


def test_what_is_rare_or_missing_has_its_share_in_the_average() -> None:
    # Of four words two are a, one is rare, and one is missing.
    assert fit(TRAINING).average[0].tolist() == [0, 0.25, 0.5, 0.5]


def test_groups_cover_the_vector_once(state: Preprocessor) -> None:
    places = [place for each in state.groups.values() for place in each]
    assert places == list(range(state.width))
    assert len(state.columns) == state.width


def test_a_constant_is_not_divided_by_zero() -> None:
    found = fit(_records([4.0] * 20, ["a"] * 20)).transform(_records([4.0], ["a"]))
    assert np.isfinite(found).all()


def test_a_feature_without_any_value_is_refused() -> None:
    with pytest.raises(InputError, match="feature x has no value"):
        fit(_records([np.nan] * 3, ["a"] * 3))


def test_the_state_survives_the_file(state: Preprocessor, tmp_path: Path) -> None:
    write_json(tmp_path / FILE, state.document())
    assert read(tmp_path) == state


def test_what_is_no_state_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"numeric": {"x": {"mean": 1}}}')
    with pytest.raises(InputError, match="no state of preprocessing"):
        read(tmp_path)


def test_a_record_alone_gives_bit_by_bit_the_vector_it_gives_in_training(
    state: Preprocessor, table: Table, settings: Settings
) -> None:
    in_training = state.transform(from_table(table, settings))
    for place in range(0, table.rows, 37):
        request = json.loads(json.dumps(_object(table, settings, place)))
        alone = state.transform(from_objects([request], settings))
        assert alone.tobytes() == in_training[place : place + 1].tobytes()


def _object(table: Table, settings: Settings, place: int) -> dict[str, object]:
    cells = {name: table.columns[name][place] for name in settings.features}
    numeric = {name: float(cells[name]) if cells[name] else None for name in settings.numeric}
    return {**{name: cells[name] or None for name in settings.categorical}, **numeric}
