"""What a job on AWS Batch fetches and puts, and what it does when its program fails."""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.container import staging
from mlaudit_reference.container.buckets import Bucket
from mlaudit_reference.container.failures import InputError

PROGRAM = """
import json, os, pathlib, sys
root = pathlib.Path(os.environ["ML_ROOT"])
read = (root / "processing/input/raw/a.csv").read_text()
said = json.loads((root / "input/config/hyperparameters.json").read_text())
for folder in ("processing/output/done", "model", "checkpoints"):
    (root / folder).mkdir(parents=True, exist_ok=True)
(root / "processing/output/done/deep").mkdir()
(root / "processing/output/done/deep/b.csv").write_text(read + said["c"])
(root / "model/model.json").write_text("{}")
(root / "checkpoints/2").write_text("two")
sys.exit(int(said.get("fails", 0)))
"""
ORDER = {
    "PROGRAM": "program.py",
    "INPUTS": "processing/input/raw=s3://bucket/raw",
    "OUTPUTS": "processing/output/done=s3://bucket/done/1/",
    "ARCHIVES": "model=s3://bucket/models/1/output/model.tar.gz",
    "KEPT": "checkpoints=s3://bucket/kept/1/",
    "HYPERPARAMETERS": '{"c": "!"}',
}


class Shelf:
    """S3, as far as it is used: the objects of one bucket."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects

    def get_paginator(self, _: str) -> Shelf:
        return self

    def paginate(self, Prefix: str, **_: Any) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's name
        now = datetime(2026, 1, 1, tzinfo=UTC)
        found = [
            {"Key": key, "LastModified": now} for key in self.objects if key.startswith(Prefix)
        ]
        yield {"Contents": found}

    def download_file(self, _: str, key: str, path: str) -> None:
        Path(path).write_bytes(self.objects[key])

    def upload_file(self, path: str, _: str, key: str) -> None:
        self.objects[key] = Path(path).read_bytes()


Run = Callable[..., int]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf({"raw/a.csv": b"1", "raw/": b"", "raw2/b.csv": b"2", "kept/1/1": b"one"})


@pytest.fixture
def run(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a job over the shelf."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "program.py").write_text(PROGRAM)
    monkeypatch.setenv("ML_ROOT", str(tmp_path / "ml"))
    monkeypatch.delenv("SM_INPUT_CONFIG_DIR", raising=False)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "code" / "staged.py")])

    def run(**said: str) -> int:
        order = staging.Order.read({**ORDER, **said})
        return staging.staged(order, lambda name: Bucket(shelf, name))

    return run


def test_what_the_program_leaves_is_put_where_it_belongs(
    run: Run, shelf: Shelf, tmp_path: Path
) -> None:
    assert run() == 0
    assert shelf.objects["done/1/deep/b.csv"] == b"1!"
    assert shelf.objects["kept/1/2"] == b"two"
    packed = tmp_path / "packed.tar.gz"
    packed.write_bytes(shelf.objects["models/1/output/model.tar.gz"])
    with tarfile.open(packed) as archive:
        assert archive.getnames() == ["model.json"]


def test_only_what_is_asked_for_is_fetched(run: Run, tmp_path: Path) -> None:
    run()
    folder = tmp_path / "ml" / "processing" / "input" / "raw"
    assert [path.name for path in folder.rglob("*")] == ["a.csv"]
    assert (tmp_path / "ml" / "checkpoints" / "1").read_text() == "one"


def test_one_object_becomes_one_file(shelf: Shelf, tmp_path: Path) -> None:
    count = staging.fetch(lambda name: Bucket(shelf, name), "s3://bucket/raw/a.csv", tmp_path)
    assert (count, (tmp_path / "a.csv").read_text()) == (1, "1")


def test_a_program_that_fails_leaves_its_checkpoints_and_nothing_else(
    run: Run, shelf: Shelf
) -> None:
    assert run(HYPERPARAMETERS=json.dumps({"c": "!", "fails": 3})) == 3
    assert shelf.objects["kept/1/2"] == b"two"
    assert not [key for key in shelf.objects if key.startswith(("done/", "models/"))]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"PROGRAM": "a.py", "INPUTS": "raw"}, "is no folder=s3://"),
        ({"PROGRAM": "a.py", "OUTPUTS": "a=b"}, "is no folder=s3://"),
        ({}, "says no PROGRAM"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused(said: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        staging.Order.read(said)
