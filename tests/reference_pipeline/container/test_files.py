"""Files are there whole or not at all."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from mlaudit_reference.container.failures import InputError, ended
from mlaudit_reference.container.files import read_json, write_json, write_whole


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "deep/a.json"
    write_json(path, {"a": 1})
    write_json(path, {"ä": [2]})
    assert read_json(path) == {"ä": [2]}
    assert list(path.parent.iterdir()) == [path]


def test_what_is_no_json_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, {"a": math.nan})
    assert read_json(path) == {"a": 1}


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "a", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: No such file"):
        read_json(tmp_path / "none.json")


def test_a_job_that_fails_says_why_where_the_service_looks(
    ml_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def job() -> int:
        raise InputError("the data is missing")

    assert ended(job, "failure") == 1
    assert capsys.readouterr().err == "error: the data is missing\n"
    assert (ml_root / "output/failure").read_text() == "the data is missing"


def test_a_job_that_works_leaves_no_reason(ml_root: Path) -> None:
    assert ended(lambda: 0, "failure") == 0
    assert not ml_root.exists()
