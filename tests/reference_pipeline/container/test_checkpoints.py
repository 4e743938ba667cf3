"""Checkpoints: the newest good one of the right training, or none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container.checkpoints import (
    Checkpoint,
    fingerprint,
    newest,
    packed,
    save,
    unpacked,
)

MARK = "0123456789abcdef"


def _save(folder: Path, epoch: int, mark: str = MARK) -> None:
    arrays = {"w/0": np.full((2, 3), epoch, dtype=np.float32), "step": np.array(epoch)}
    save(folder, mark, Checkpoint(epoch, arrays))


def test_the_newest_comes_back_as_it_was(tmp_path: Path) -> None:
    _save(tmp_path, 9)
    _save(tmp_path, 10)
    found = newest(tmp_path, MARK)
    assert found is not None
    assert found.epoch == 10
    assert found.arrays["w/0"].tolist() == [[10] * 3] * 2
    assert found.arrays["w/0"].dtype == np.float32
    assert found.arrays["step"].shape == ()


def test_arrays_alone_are_packed_and_no_pickle() -> None:
    arrays = {"a/b": np.arange(6.0).reshape(2, 3), "n": np.array(3)}
    found = unpacked(packed(arrays))
    assert {name: each.tolist() for name, each in found.items()} == {
        "a/b": [[0, 1, 2], [3, 4, 5]],
        "n": 3,
    }
    assert packed(arrays) == packed(dict(arrays))
    with pytest.raises(ValueError, match="allow_pickle"):
        packed({"a": np.array([{}])})


def test_only_the_last_two_are_kept(tmp_path: Path) -> None:
    for epoch in range(1, 5):
        _save(tmp_path, epoch)
    assert sorted(path.name[:11] for path in tmp_path.iterdir()) == ["epoch-00003", "epoch-00004"]


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied"])
def test_a_damaged_one_is_passed_over(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _save(tmp_path, 1)
    _save(tmp_path, 2)
    path = max(tmp_path.iterdir())
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    damaged = {"cut": content[: len(content) // 2], "changed": content, "emptied": b""}[damage]
    path.write_bytes(bytes(damaged))
    found = newest(tmp_path, MARK)
    assert found is not None
    assert found.epoch == 1
    assert '"event": "damaged"' in capsys.readouterr().out


def test_another_training_is_left_alone(tmp_path: Path) -> None:
    other = "f" * 16
    _save(tmp_path, 7, other)
    assert newest(tmp_path, MARK) is None
    for epoch in (1, 2, 3):
        _save(tmp_path, epoch)
    found = newest(tmp_path, other)
    assert found is not None
    assert found.epoch == 7


def test_no_folder_is_no_checkpoint(tmp_path: Path) -> None:
    assert newest(tmp_path / "none", MARK) is None


def test_parameters_and_data_tell_trainings_apart() -> None:
    data = np.arange(6.0).reshape(2, 3)
    marks = {
        fingerprint({"a": 1}, data),
        fingerprint({"a": 2}, data),
        fingerprint({"a": 1}, data + 1),
        fingerprint({"a": 1}, data.reshape(3, 2)),
    }
    assert len(marks) == 4
    assert fingerprint({"a": 1, "b": 2}, data) == fingerprint({"b": 2, "a": 1}, data)
