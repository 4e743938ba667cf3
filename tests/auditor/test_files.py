"""Files are whole or not there."""

import os
from pathlib import Path

import pytest

from mlaudit import files
from mlaudit.errors import MlauditError
from mlaudit.files import write_whole


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b", b"content")
    assert (tmp_path / "a" / "b").read_bytes() == b"content"
    assert _names(tmp_path / "a") == ["b"]


def test_a_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_whole(path, b"old and longer")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_the_mask_of_the_user_decides_who_may_read(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("exists", ["nothing", "old content"])
def test_a_write_that_fails_leaves_nothing_behind(
    exists: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    if exists == "old content":
        path.write_bytes(b"old")

    def fails_half_way(temporary: Path, content: bytes) -> None:
        temporary.write_bytes(content[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_create", fails_half_way)
    with pytest.raises(MlauditError, match=r"a cannot be written: No space left on device\.$"):
        write_whole(path, b"new")
    assert _names(tmp_path) == (["a"] if exists == "old content" else [])
    assert not path.exists() or path.read_bytes() == b"old"


def test_what_is_no_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(MlauditError, match="is there and is not a file"):
            write_whole(tmp_path / name, b"")
    assert (tmp_path / "pipe").is_fifo()


def test_a_file_where_a_folder_belongs_is_explained(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(MlauditError, match="cannot be written"):
        write_whole(tmp_path / "a" / "b", b"")


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())
