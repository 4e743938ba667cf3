"""The snapshot: everything a scan saw and could not see, as a value and as a file.

Verdicts are a pure function of it, so a file replays offline with the same result.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mlaudit.errors import MlauditError
from mlaudit.files import write_whole
from mlaudit.model import Gap, Window
from mlaudit.resources import KINDS, Resource
from mlaudit.resources.repository import RepositoryFact

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA_VERSION = 1

_WRITE_ANEW = "Write a new one with `mlaudit scan --snapshot`."

R = TypeVar("R", bound=Resource)

_HELD: dict[str, type[Resource]] = {**KINDS, RepositoryFact.__name__: RepositoryFact}
"""Every type a file can hold: what AWS shows, and what checkouts show."""


class SnapshotError(MlauditError):
    """A snapshot file cannot be read."""


@dataclass(frozen=True, slots=True)
class Calls:
    """How often one operation was asked in one region, and how often that failed."""

    operation: str
    region: str
    made: int
    failed: int


@dataclass(frozen=True, slots=True)
class SnapshotScope:
    """What was looked at.

    Attributes:
        account: The AWS account, twelve digits.
        caller: The ARN that read it.
        regions: The regions read.
        started_at: When reading began (UTC).
        window_days: Length of the evidence window.
        tag_keys: The tag keys that name a workload, the strongest first.
        tool_version: The mlaudit that read.
        collected: ``region/collector`` for every collector that ran.
        calls: Every operation tried.
    """

    account: str
    caller: str
    regions: tuple[str, ...]
    started_at: datetime
    window_days: int
    tag_keys: tuple[str, ...]
    tool_version: str
    collected: tuple[str, ...]
    calls: tuple[Calls, ...]

    @property
    def window(self) -> Window:
        """The evidence window."""
        return Window(self.started_at, self.window_days)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was seen (sorted, each resource once) and what was not."""

    scope: SnapshotScope
    resources: tuple[Resource, ...]
    gaps: tuple[Gap, ...]

    def of(self, kind: type[R], region: str) -> tuple[R, ...]:
        """The resources of one type in one region."""
        return tuple(
            each for each in self.resources if isinstance(each, kind) and each.region == region
        )


def snapshot_of(
    scope: SnapshotScope, resources: Iterable[Resource], gaps: Iterable[Gap]
) -> Snapshot:
    """Make a snapshot whose order does not depend on the order of reading."""
    once = {(type(each).__name__, each.region, each.arn): each for each in resources}
    return Snapshot(
        scope=scope,
        resources=tuple(once[key] for key in sorted(once)),
        gaps=tuple(sorted(set(gaps), key=_gap_order)),
    )


def _gap_order(gap: Gap) -> tuple[str, ...]:
    return (gap.operation, gap.region, gap.subject or "", gap.code, gap.request_id or "")


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Write a snapshot file, compressed when its name ends in ``.gz``.

    Equal snapshots give equal bytes.

    Raises:
        MlauditError: The file cannot be written.
    """
    content = dump_snapshot(snapshot).encode()
    write_whole(path, compressed(content) if path.suffix == ".gz" else content)


def compressed(content: bytes) -> bytes:
    """Compress, without the time of day: equal contents give equal bytes."""
    return gzip.compress(content, mtime=0)


def dump_snapshot(snapshot: Snapshot) -> str:
    """The JSON text of a snapshot."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "scope": _adapter(SnapshotScope).dump_python(snapshot.scope, mode="json"),
        "gaps": _adapter(tuple[Gap, ...]).dump_python(snapshot.gaps, mode="json"),
        "resources": {
            name: _adapter(tuple[kind, ...]).dump_python(found, mode="json")  # type: ignore[valid-type]
            for name, kind in _HELD.items()
            if (found := tuple(each for each in snapshot.resources if type(each) is kind))
        },
    }
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot file.

    Raises:
        SnapshotError: It is missing, damaged, or of a version this mlaudit does not know.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SnapshotError(
            f"The snapshot {path} cannot be read: {error.strerror or error}."
        ) from error
    return parse_snapshot(content, str(path))


def parse_snapshot(content: bytes, name: str) -> Snapshot:
    """Read what :func:`write_snapshot` wrote.

    Args:
        content: The bytes of the file, compressed or not.
        name: What messages call it.

    Raises:
        SnapshotError: It is damaged, or of a version this mlaudit does not know.
    """
    try:
        document = json.loads(gzip.decompress(content) if _is_gzip(content) else content)
    except (EOFError, OSError, RecursionError, ValueError, zlib.error) as error:
        raise SnapshotError(
            f"{name} is not a snapshot of mlaudit, or it is damaged: {error}. {_WRITE_ANEW}"
        ) from error
    return _parse(document, name)


def _is_gzip(content: bytes) -> bool:
    return content.startswith(b"\x1f\x8b")


def _parse(document: Any, name: str) -> Snapshot:
    from pydantic import ValidationError  # noqa: PLC0415 - only when a file is read

    version = document.get("schema_version") if isinstance(document, dict) else None
    if version is None:
        raise SnapshotError(f"{name} is not a snapshot of mlaudit: it has no version.")
    if version != SCHEMA_VERSION:
        raise SnapshotError(
            f"{name} has snapshot version {version}; this mlaudit reads version {SCHEMA_VERSION}. "
            f"{_WRITE_ANEW}"
        )
    try:
        resources: list[Resource] = []
        for kind_name, records in document["resources"].items():
            kind = _HELD[kind_name]
            resources += _adapter(tuple[kind, ...]).validate_python(records)  # type: ignore[valid-type]
        return snapshot_of(
            _adapter(SnapshotScope).validate_python(document["scope"]),
            resources,
            _adapter(tuple[Gap, ...]).validate_python(document["gaps"]),
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(each) for each in first["loc"])
        raise SnapshotError(
            f"{name} is not a whole snapshot of mlaudit: {where}: {first['msg']}. {_WRITE_ANEW}"
        ) from error
    except (AttributeError, KeyError, TypeError) as error:
        raise SnapshotError(
            f"{name} is not a whole snapshot of mlaudit: {error}. {_WRITE_ANEW}"
        ) from error


def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - only when a file is read or written

    return TypeAdapter(kind)
