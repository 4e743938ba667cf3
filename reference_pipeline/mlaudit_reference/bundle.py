"""The code that containers and functions run, packed so that equal code gives equal bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

ENTRY = "container/entry/"
"""Entry scripts: they lie at the top of the bundle, where SageMaker looks for them."""

CONTAINER = "container/"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the bundle: the earliest one that a ZIP archive knows."""


@cache
def code_prefix() -> str:
    """Where the code lies in the artifact bucket: another prefix for other code."""
    digest = hashlib.sha256()
    for name, content in _packed():
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return f"code/{digest.hexdigest()[:16]}/"


def source_key() -> str:
    """The key of what training, processing and serving containers run."""
    return f"{code_prefix()}sourcedir.tar.gz"


def functions_key() -> str:
    """The key of what Lambda functions run."""
    return f"{code_prefix()}functions.zip"


def source_archive() -> bytes:
    """The code as SageMaker's containers unpack it, ``sourcedir.tar.gz``."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in _packed():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)


def functions_archive() -> bytes:
    """The code as Lambda unpacks it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _packed():
            member = zipfile.ZipInfo(name, EPOCH)
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@cache
def _packed() -> tuple[tuple[str, bytes], ...]:
    """Names in the bundle and contents, sorted by name."""
    top = files("mlaudit_reference")
    found = {"mlaudit_reference/__init__.py": (top / "__init__.py").read_bytes()}
    for path, content in _below(top / "container", CONTAINER):
        name = path.removeprefix(ENTRY) if path.startswith(ENTRY) else f"mlaudit_reference/{path}"
        found[name] = content
    return tuple(sorted(found.items()))


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            yield from _below(each, f"{path}{each.name}/")
        elif each.is_file() and each.name.endswith((".py", ".json")):
            yield f"{path}{each.name}", each.read_bytes()
