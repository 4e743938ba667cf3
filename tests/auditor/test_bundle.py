"""A bundle reads back as it was written, and no change of it goes unseen."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from google.protobuf.json_format import ParseDict
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

from mlaudit.bundle import (
    MANIFEST,
    STATEMENT,
    BundleError,
    ChangedBundleError,
    read_bundle,
    write_bundle,
)

FILES = {"b.txt": b"two", "a.txt": b"one"}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "evidence.zip"
    write_bundle(path, FILES, {"result": "PASSED", "configuration": []})
    return path


def rewritten(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """Change the contents of a bundle behind its back."""
    with zipfile.ZipFile(path) as file:
        contents = {name: file.read(name) for name in file.namelist()}
    change(contents)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return path


def test_it_reads_back_as_it_was_written(bundle: Path) -> None:
    assert read_bundle(bundle) == FILES


def test_equal_contents_give_equal_bytes(bundle: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.zip"
    write_bundle(turned, dict(reversed(FILES.items())), {"result": "PASSED", "configuration": []})
    assert turned.read_bytes() == bundle.read_bytes()


def test_the_statement_is_one_by_the_published_model(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as file:
        document = json.loads(file.read(STATEMENT))
    told = Statement.copy_from_pb(ParseDict(document, statement_pb2.Statement()))
    told.validate()
    assert [each.name for each in told.pb.subject] == sorted(FILES)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda files: files.update({"a.txt": b"uno"}), "a.txt was changed"),
        (lambda files: files.pop("a.txt"), "a.txt is missing"),
        (lambda files: files.update({"c.txt": b""}), "c.txt was added"),
        (lambda files: files.update({STATEMENT: b"{}"}), f"{STATEMENT} was changed"),
    ],
)
def test_a_change_is_named(
    bundle: Path, change: Callable[[dict[str, bytes]], object], says: str
) -> None:
    with pytest.raises(ChangedBundleError, match=says):
        read_bundle(rewritten(bundle, change))


def test_a_manifest_that_was_made_to_fit_does_not_agree_with_the_statement(bundle: Path) -> None:
    def fit(files: dict[str, bytes]) -> None:
        files["a.txt"] = b"uno"
        old, new = (hashlib.sha256(each).hexdigest() for each in (b"one", b"uno"))
        files[MANIFEST] = files[MANIFEST].replace(old.encode(), new.encode())

    with pytest.raises(ChangedBundleError, match="do not agree"):
        read_bundle(rewritten(bundle, fit))


@pytest.mark.parametrize("content", [b"", b"PK", b"not a bundle"])
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(BundleError, match="no evidence bundle"):
        read_bundle(path)


def test_a_zip_without_sums_is_refused(bundle: Path) -> None:
    with pytest.raises(BundleError, match=MANIFEST):
        read_bundle(rewritten(bundle, lambda files: files.pop(MANIFEST)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"gone\.zip cannot be read"):
        read_bundle(tmp_path / "gone.zip")


def test_a_bomb_is_not_unpacked(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlaudit.bundle._MOST_BYTES", 10)
    with pytest.raises(BundleError, match="larger than any"):
        read_bundle(bundle)


def test_two_files_of_one_name_are_refused(bundle: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(bundle, "a") as file:
        file.writestr("a.txt", b"one")
    with pytest.raises(BundleError, match="two files of one name"):
        read_bundle(bundle)
