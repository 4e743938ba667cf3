"""A job on AWS Batch: its folders are fetched from S3 before it runs, and put there afterwards.

SageMaker does this for its own jobs. Here the job's environment says what goes where, each as
``folder=s3://…`` below ``/opt/ml``, several of them with a space between:

``PROGRAM``
    What runs, beside this program.
``INPUTS``
    What is fetched.
``OUTPUTS``
    What is put to S3 if the program ends well.
``ARCHIVES``
    The same, packed as one file.
``KEPT``
    What is fetched, and put to S3 every minute and at the end, however the program ends:
    checkpoints. A machine that is taken away loses no more than that minute.
``HYPERPARAMETERS``
    A JSON object; it becomes ``hyperparameters.json``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlaudit_reference.container import archives, locations
from mlaudit_reference.container.buckets import Bucket
from mlaudit_reference.container.failures import InputError, ended
from mlaudit_reference.container.logs import log

EVERY = 60.0
"""Seconds between two times that what is kept is put to S3."""

Opened = Callable[[str], Bucket]
Pairs = Mapping[str, str]


def main() -> int:
    """Run the job that the environment describes."""
    return ended(lambda: staged(Order.read(os.environ), Bucket.named), "message")


@dataclass(frozen=True)
class Order:
    """What a job is to do; folders are below ``/opt/ml``.

    Attributes:
        program: What runs.
        inputs: Where folders are fetched from.
        outputs: Where folders are put.
        archives: Where folders are put as one file.
        kept: Where folders are fetched from and put now and then.
        hyperparameters: A JSON object, as text.
    """

    program: str
    inputs: Pairs
    outputs: Pairs
    archives: Pairs
    kept: Pairs
    hyperparameters: str

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Order:
        """The order that an environment holds.

        Raises:
            InputError: It cannot be read.
        """
        if "PROGRAM" not in said:
            raise InputError("the environment says no PROGRAM")
        return cls(
            program=said["PROGRAM"],
            inputs=pairs(said.get("INPUTS", "")),
            outputs=pairs(said.get("OUTPUTS", "")),
            archives=pairs(said.get("ARCHIVES", "")),
            kept=pairs(said.get("KEPT", "")),
            hyperparameters=said.get("HYPERPARAMETERS", "{}"),
        )


def staged(order: Order, opened: Opened) -> int:
    """Fetch, run, put; give the exit code of the program.

    Raises:
        InputError: S3 refuses.
    """
    for folder, uri in {**order.inputs, **order.kept}.items():
        log("fetched", folder=folder, uri=uri, files=fetch(opened, uri, _below(folder)))
    _write_hyperparameters(order.hyperparameters)
    with _keeping(order.kept, opened):
        code = _run(Path(sys.argv[0]).parent / order.program)
    if code == 0:
        _put_all(order, opened)
    return code


def pairs(text: str) -> Pairs:
    """Folders and where they lie in S3.

    Raises:
        InputError: One is not ``folder=s3://bucket/key``.
    """
    found = {}
    for pair in text.split():
        folder, _, uri = pair.partition("=")
        if not folder or not uri.startswith("s3://"):
            raise InputError(f"{pair!r} is no folder=s3://bucket/key")
        found[folder] = uri
    return found


def fetch(opened: Opened, uri: str, folder: Path) -> int:
    """Fetch an object, or all below a prefix; give how many there were."""
    name, prefix = _place(uri)
    bucket, count = opened(name), 0
    folder.mkdir(parents=True, exist_ok=True)
    for each in bucket.listed(prefix):
        rest = each.key.removeprefix(prefix)
        # Another folder may begin with the same letters; some tools make objects for folders.
        if each.key.endswith("/") or (rest and not rest.startswith("/") and prefix[-1] != "/"):
            continue
        path = folder / (rest.lstrip("/") or Path(each.key).name)
        path.parent.mkdir(parents=True, exist_ok=True)
        bucket.client.download_file(name, each.key, str(path))
        count += 1
    return count


def put(opened: Opened, folder: Path, uri: str) -> int:
    """Put the files of a folder below a prefix; give how many there were."""
    name, prefix = _place(uri)
    bucket, count = opened(name), 0
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        key = f"{prefix.rstrip('/')}/{path.relative_to(folder).as_posix()}"
        bucket.client.upload_file(str(path), name, key)
        count += 1
    return count


def _run(program: Path) -> int:
    command = [sys.executable, str(program)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - of this very bundle


def _put_all(order: Order, opened: Opened) -> None:
    for folder, uri in order.outputs.items():
        log("put", folder=folder, uri=uri, files=put(opened, _below(folder), uri))
    for folder, uri in order.archives.items():
        name, key = _place(uri)
        with tempfile.TemporaryDirectory() as temporary:
            packed = Path(temporary) / archives.ARCHIVE
            archives.pack(_below(folder), packed)
            opened(name).client.upload_file(str(packed), name, key)
        log("put", folder=folder, uri=uri, files=1)


@contextmanager
def _keeping(kept: Pairs, opened: Opened) -> Iterator[None]:
    """Put folders to S3 now and then, and once more at the end."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(EVERY):
            _keep(kept, opened)

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _keep(kept, opened)


def _keep(kept: Pairs, opened: Opened) -> None:
    for folder, uri in kept.items():
        put(opened, _below(folder), uri)


def _write_hyperparameters(text: str) -> None:
    file = locations.hyperparameters()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _below(folder: str) -> Path:
    return locations.root() / folder


def _place(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


if __name__ == "__main__":
    sys.exit(main())
