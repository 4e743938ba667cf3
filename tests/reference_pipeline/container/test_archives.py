"""Models as they travel."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from mlaudit_reference.container.archives import pack, unpacked
from mlaudit_reference.container.failures import InputError


def test_what_is_packed_is_unpacked_and_gone_after(tmp_path: Path) -> None:
    (tmp_path / "model/code").mkdir(parents=True)
    (tmp_path / "model/code/inference.py").write_text("x = 1\n")
    pack(tmp_path / "model", tmp_path / "sent/model.tar.gz")
    with unpacked(tmp_path / "sent") as folder:
        assert (folder / "code/inference.py").read_text() == "x = 1\n"
    assert not folder.exists()


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    with unpacked(tmp_path) as folder:
        assert folder == tmp_path


@pytest.mark.parametrize("name", ["../outside", "/outside"])
def test_nothing_is_written_outside(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "model.tar.gz").rename(inner / "model.tar.gz")
    if name.startswith("/"):
        # What is absolute is put inside instead.
        with unpacked(inner) as folder:
            assert (folder / "outside").read_text() == "x"
        return
    with pytest.raises(InputError, match="cannot be unpacked"), unpacked(inner):
        pass


def test_half_an_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_bytes(b"\x1f\x8b\x08")
    with pytest.raises(InputError, match="cannot be unpacked"), unpacked(tmp_path):
        pass
