"""Predictions joined with labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlaudit_reference.container.data import SETTINGS
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.ground_truth import joined, labels_in, predictions_in


def _lines(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("".join(f"{line}\n" for line in lines))


def test_the_last_word_on_a_record_counts(tmp_path: Path) -> None:
    _lines(tmp_path, "1.jsonl", '{"record_id": "a", "probability": 0.1}')
    _lines(tmp_path, "2.jsonl", '{"record_id": "a", "probability": 0.9}')
    assert predictions_in(tmp_path) == {"a": 0.9}
    _lines(tmp_path, "1.csv", "application_id,defaulted", "a,0", "a,1", "b,")
    assert labels_in(tmp_path, SETTINGS) == {"a": "1"}


def test_records_are_joined_by_id_and_those_without_one_are_not() -> None:
    found = joined({"a": 0.1, "b": 0.2, "": 0.3, "d": 0.4}, {"b": "1", "": "1", "d": "0", "z": "1"})
    assert found.labels.tolist() == [1, 0]
    assert found.scores.tolist() == [0.2, 0.4]
    assert found.labelled_share == 0.5


def test_no_predictions_have_no_share() -> None:
    assert joined({}, {"a": "1"}).labelled_share == 0


@pytest.mark.parametrize("line", ["{", "[]", '{"record_id": "a"}', '{"probability": 1}'])
def test_a_line_that_is_no_prediction_is_named(tmp_path: Path, line: str) -> None:
    _lines(tmp_path, "1.jsonl", '{"record_id": "a", "probability": 0.1}', line)
    with pytest.raises(InputError, match=r"1\.jsonl, line 2 is no prediction"):
        predictions_in(tmp_path)


def test_no_files_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no predictions"):
        predictions_in(tmp_path)
