"""Batch scoring, and how it goes on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.container import batch
from mlaudit_reference.container.data import SETTINGS
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.serving import Part, Served, opened
from mlaudit_reference.container.tables import Table, write_file


@pytest.fixture
def served(model_folder: Path) -> Served:
    """The model."""
    return opened(model_folder, Part.WHOLE)


@pytest.fixture
def source(table: Table, tmp_path: Path) -> Path:
    """A file of 25 records."""
    path = tmp_path / "in.csv"
    write_file(path, Table({name: each[:25] for name, each in table.columns.items()}))
    return path


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_record_gets_one_line_in_its_order(
    served: Served, source: Path, table: Table, tmp_path: Path
) -> None:
    target = tmp_path / "out.jsonl"
    assert batch.score_file(served, source, target) == 25
    assert [each["record_id"] for each in _lines(target)] == list(
        table.columns["application_id"][:25]
    )
    assert set(_lines(target)[0]) == {"record_id", "probability", "decision"}
    assert not target.with_suffix(".part").exists()


@pytest.mark.parametrize("kept", [0, 1, 12, 25])
@pytest.mark.parametrize("torn", ["", '{"record_id": "a0000', "\x00\x00"])
def test_it_goes_on_with_the_first_chunk_that_is_not_whole(
    kept: int, torn: str, served: Served, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path = source.parent
    monkeypatch.setattr(batch, "_CHUNK", 4)
    whole, target = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    batch.score_file(served, source, whole)
    lines = whole.read_text().splitlines(keepends=True)
    target.with_suffix(".part").write_text("".join(lines[:kept]) + torn)
    assert batch.score_file(served, source, target) == 25 - kept // 4 * 4
    assert target.read_bytes() == whole.read_bytes()


def test_predictions_of_other_records_are_not_continued(
    served: Served, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_CHUNK", 1)
    (tmp_path / "out.part").write_text('{"record_id": "other", "probability": 0.5}\n')
    with pytest.raises(InputError, match="predictions of other records"):
        batch.score_file(served, source, tmp_path / "out.jsonl")
    (tmp_path / "out.part").write_text("what\n")
    with pytest.raises(InputError, match="holds no predictions"):
        batch.score_file(served, source, tmp_path / "out.jsonl")


def test_chunks_and_reasons_change_nothing(
    served: Served, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch.score_file(served, source, tmp_path / "a.jsonl")
    monkeypatch.setattr(batch, "_CHUNK", 4)
    batch.score_file(served, source, tmp_path / "b.jsonl", reasons=True)
    for one, other in zip(_lines(tmp_path / "a.jsonl"), _lines(tmp_path / "b.jsonl"), strict=True):
        assert other["probability"] == pytest.approx(one["probability"])
        assert other["decision"] == one["decision"]
        assert isinstance(other["reasons"], list)


def test_the_step_scores_every_file_once(
    ml_root: Path, model_folder: Path, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(model_folder, ml_root / "processing/input/model")
    for name in ("a.csv", "deep/b.csv"):
        (ml_root / "processing/input/data" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, ml_root / "processing/input/data" / name)
    assert batch.main([]) == 0
    output = ml_root / "processing/output/predictions"
    assert len(_lines(output / "a.jsonl")) == len(_lines(output / "deep/b.jsonl")) == 25
    capsys.readouterr()
    assert batch.main([]) == 0
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["rows"] for each in logged] == [0, 0]


def test_a_record_that_is_no_number_is_an_error_of_the_file(
    served: Served, source: Path, tmp_path: Path
) -> None:
    name = SETTINGS.numeric[0]
    write_file(source, Table({SETTINGS.record_id: ["a"], **{f: ["x"] for f in SETTINGS.features}}))
    with pytest.raises(InputError, match=f"column {name}, record 1: not a number"):
        batch.score_file(served, source, tmp_path / "out.jsonl")
