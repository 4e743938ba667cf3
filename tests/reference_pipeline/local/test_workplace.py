"""The folder of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlaudit_reference.local.failures import LocalRunError
from mlaudit_reference.local.workplace import opened


def silent(_: str) -> None:
    return


def test_the_code_is_unpacked_as_in_a_container(tmp_path: Path) -> None:
    place = opened(tmp_path / "out", silent)
    assert (place.code / "preprocess.py").is_file()
    assert (place.code / "mlaudit_reference/container/preprocess.py").is_file()


def test_a_second_run_begins_anew_and_keeps_the_registry(tmp_path: Path) -> None:
    place = opened(tmp_path, silent)
    place.step("train").mkdir(parents=True)
    (place.registry / "m" / "1").mkdir(parents=True)
    again = opened(tmp_path, silent)
    assert not again.step("train").exists()
    assert (again.registry / "m" / "1").is_dir()


def test_work_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "precious.txt").touch()
    with pytest.raises(LocalRunError, match=r"is not of a local run. Remove it, or give another"):
        opened(tmp_path, silent)
    assert (tmp_path / "work" / "precious.txt").exists()


def test_a_file_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(LocalRunError, match=r"out cannot be used: .*Give another --out"):
        opened(tmp_path / "out", silent)
