"""Evidence bundles: a scan and all that was concluded from it, in one file that shows any change.

A bundle is a ZIP file with a manifest of SHA-256 sums and an in-toto statement (attestation
framework v1, predicate test-result v0.1) about the same sums. Neither is signed: whoever needs to
know who made a bundle signs the file, or the statement, with a tool made for that.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlaudit.errors import MlauditError
from mlaudit.files import write_whole

MANIFEST, STATEMENT = "SHA256SUMS", "statement.intoto.json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
_OLDEST = (1980, 1, 1, 0, 0, 0)
_MOST_BYTES, _MOST_FILES = 2 * 1024**3, 100
"""Far above any real bundle, and below what fills a disk."""


class BundleError(MlauditError):
    """A file is no evidence bundle."""


class ChangedBundleError(BundleError):
    """A bundle is not what it was when it was made."""


def write_bundle(path: Path, files: Mapping[str, bytes], predicate: Mapping[str, Any]) -> None:
    """Write a bundle; equal contents give equal bytes.

    Args:
        path: The file to write.
        files: The contents by name.
        predicate: What the statement says about them.

    Raises:
        MlauditError: The file cannot be written.
    """
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": each}} for name, each in sums.items()],
        "predicateType": PREDICATE_TYPE,
        "predicate": predicate,
    }
    told = (json.dumps(statement, indent=1) + "\n").encode()
    sums[STATEMENT] = hashlib.sha256(told).hexdigest()
    listed = "".join(f"{each}  {name}\n" for name, each in sums.items()).encode()
    write_whole(path, _zipped({**dict(sorted(files.items())), STATEMENT: told, MANIFEST: listed}))


def read_bundle(path: Path) -> dict[str, bytes]:
    """Read a bundle of which nothing was changed, added or taken away since it was made.

    Raises:
        ChangedBundleError: It was changed; the message says where.
        BundleError: It cannot be read, or is no bundle.
    """
    try:
        with zipfile.ZipFile(path) as file:
            files = _contents(file, path)
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BundleError(f"{path} is no evidence bundle, or it is damaged: {error}.") from error
    listed = _listed(files.pop(MANIFEST, None), path)
    wrong = [
        *(f"{name} is missing" for name in listed if name not in files),
        *(f"{name} was added" for name in files if name not in listed),
        *(
            f"{name} was changed"
            for name, content in files.items()
            if name in listed and hashlib.sha256(content).hexdigest() != listed[name]
        ),
    ]
    if wrong:
        raise ChangedBundleError(f"{path} is not what it was when it was made: {', '.join(wrong)}.")
    _compare(files.pop(STATEMENT, b""), listed, path)
    return files


def _contents(file: zipfile.ZipFile, path: Path) -> dict[str, bytes]:
    entries = file.infolist()
    names = [each.filename for each in entries]
    if len(entries) > _MOST_FILES or sum(each.file_size for each in entries) > _MOST_BYTES:
        raise BundleError(f"{path} is larger than any evidence bundle.")
    if len(set(names)) != len(names):
        raise BundleError(f"{path} is no evidence bundle: it has two files of one name.")
    return {each.filename: file.read(each) for each in entries}


def _listed(manifest: bytes | None, path: Path) -> dict[str, str]:
    if manifest is None:
        raise BundleError(f"{path} is no evidence bundle: it has no {MANIFEST}.")
    lines = manifest.decode(errors="replace").splitlines()
    pairs = [line.partition("  ") for line in lines]
    return {name: digest for digest, _, name in pairs}


def _compare(statement: bytes, listed: Mapping[str, str], path: Path) -> None:
    """Refuse a statement about other files than the manifest lists."""
    try:
        document = json.loads(statement)
        subject = {each["name"]: each["digest"]["sha256"] for each in document["subject"]}
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"{path} has no in-toto statement that can be read.") from error
    if subject != {name: each for name, each in listed.items() if name != STATEMENT}:
        raise ChangedBundleError(f"{path}: its statement and its {MANIFEST} do not agree.")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, each in files.items():
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            file.writestr(entry, each)
    return content.getvalue()
