"""A snapshot as a value and as a file."""

import gzip
import json
import random
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mlaudit.errors import MlauditError
from mlaudit.model import Gap, GapReason
from mlaudit.resources import KINDS, Resource
from mlaudit.snapshot import (
    SCHEMA_VERSION,
    Calls,
    Snapshot,
    SnapshotError,
    SnapshotScope,
    dump_snapshot,
    read_snapshot,
    snapshot_of,
    write_snapshot,
)

NOW = datetime(2026, 6, 1, 12, 30, 0, 250000, tzinfo=UTC)
PLAIN: dict[Any, Any] = {str: "text, ünïcode", int: 3, float: 0.5, bool: True, datetime: NOW}
SCOPE = SnapshotScope(
    account="111122223333",
    caller="arn:aws:iam::111122223333:user/auditor",
    regions=("eu-west-1", "eu-west-2"),
    started_at=NOW,
    window_days=30,
    tag_keys=("workload",),
    tool_version="0.1.0",
    collected=("eu-west-1/models",),
    calls=(Calls("sagemaker:Search", "eu-west-1", 3, 1),),
)
GAPS = (
    Gap("sagemaker:ListModels", "eu-west-1", "AccessDenied", GapReason.DENIED, "request-1"),
    Gap("s3:GetBucketVersioning", "eu-west-1", "SlowDown", GapReason.THROTTLED, None, "arn:b"),
)


def _made(kind: Any, *, full: bool) -> Any:
    """Some value of any annotated type; not full leaves out all that may be left out."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {types.UnionType, typing.Union}:
        some = next(each for each in arguments if each is not types.NoneType)
        return _made(some, full=full) if full else None
    if origin is tuple:
        return (_made(arguments[0], full=full),) * 2 if full else ()
    if origin is Mapping or getattr(origin, "__name__", "") == "Mapping":
        values: Any = {str: ("2", "1"), float: (2.0, 1.0), int: (2, 1)}[arguments[1]]
        return dict(zip("ba", values, strict=True)) if full else {}
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        made = {each.name: _made(hints[each.name], full=full) for each in fields(kind)}
        return kind(**made)
    return PLAIN[kind]


def _every_kind(*, full: bool) -> list[Resource]:
    return [_made(kind, full=full) for kind in KINDS.values()]


@pytest.fixture(params=[True, False], ids=["full", "bare"])
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    return snapshot_of(SCOPE, _every_kind(full=request.param), GAPS)


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a"])
def test_every_kind_comes_back_as_it_went(name: str, snapshot: Snapshot, tmp_path: Path) -> None:
    write_snapshot(snapshot, tmp_path / name)
    again = read_snapshot(tmp_path / name)
    assert again == snapshot
    assert dump_snapshot(again) == dump_snapshot(snapshot)
    assert {type(each) for each in again.resources} == set(KINDS.values())


def test_a_file_is_compressed_by_its_name_and_read_by_its_content(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    write_snapshot(snapshot, tmp_path / "a.gz")
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()).decode() == dump_snapshot(snapshot)
    no_time = bytes(4)
    assert (tmp_path / "a.gz").read_bytes()[4:8] == no_time
    (tmp_path / "a.gz").rename(tmp_path / "a.json")
    assert read_snapshot(tmp_path / "a.json") == snapshot


@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_equal_snapshots_give_equal_bytes_in_whatever_order_they_were_read(
    name: str, tmp_path: Path
) -> None:
    resources = [
        replace(each, arn=f"arn:{number}", region=region)
        for each in _every_kind(full=True)
        for number in range(3)
        for region in ("eu-west-1", "eu-west-2")
    ]
    written = set()
    for seed in range(3):
        random.Random(seed).shuffle(resources)  # noqa: S311 - not for secrets
        gaps = random.Random(seed).sample(GAPS, len(GAPS))  # noqa: S311
        write_snapshot(snapshot_of(SCOPE, resources, gaps), tmp_path / name)
        written.add((tmp_path / name).read_bytes())
    assert len(written) == 1


def test_a_resource_and_a_gap_are_there_once(snapshot: Snapshot) -> None:
    twice = snapshot_of(SCOPE, [*snapshot.resources, *snapshot.resources], [*GAPS, *GAPS])
    assert twice == snapshot


def test_the_resources_of_a_kind_are_those_of_a_region() -> None:
    made = _made(KINDS["Model"], full=True)
    some = [replace(made, region=region) for region in ("eu-west-1", "eu-west-2")]
    assert snapshot_of(SCOPE, some, ()).of(KINDS["Model"], "eu-west-2") == (some[1],)


def test_the_window_ends_when_the_scan_began() -> None:
    assert (SCOPE.window.end, SCOPE.window.days) == (NOW, 30)


def _whole() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        dump_snapshot(snapshot_of(SCOPE, _every_kind(full=True), GAPS))
    )
    return document


def _changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
    document = _whole()
    change(document)
    return json.dumps(document).encode()


BROKEN = {
    "empty": b"",
    "text": b"no snapshot",
    "binary": b"\x80\x81",
    "truncated": json.dumps(_whole()).encode()[:500],
    "truncated gzip": gzip.compress(json.dumps(_whole()).encode())[:200],
    "damaged gzip": b"\x1f\x8b" + b"\x00" * 30,
    "damaged stream": gzip.compress(b"{}", mtime=0)[:12] + b"\xff" * 20,
    "nested deeply": b"[" * 200_000,
    "a list": b"[]",
    "foreign": b'{"version": 4, "terraform_version": "1.9"}',
    "no version": _changed(lambda all_: all_.pop("schema_version")),
    "newer": _changed(lambda all_: all_.update(schema_version=SCHEMA_VERSION + 1)),
    "no scope": _changed(lambda all_: all_.pop("scope")),
    "no gaps": _changed(lambda all_: all_.pop("gaps")),
    "gaps of another shape": _changed(lambda all_: all_.update(gaps=7)),
    "resources of another shape": _changed(lambda all_: all_.update(resources=[])),
    "records of another shape": _changed(lambda all_: all_["resources"].update(Model=7)),
    "unknown kind": _changed(lambda all_: all_["resources"].update(Spaceship=[])),
    "a field lacks": _changed(lambda all_: all_["resources"]["Model"][0].pop("arn")),
    "a field is wrong": _changed(lambda all_: all_["resources"]["Model"][0].update(arn=None)),
    "a reason is unknown": _changed(lambda all_: all_["gaps"][0].update(reason="mood")),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_file_that_is_no_whole_snapshot_is_explained(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(SnapshotError) as failure:
        read_snapshot(path)
    text = str(failure.value)
    assert str(path) in text
    assert text.endswith(".")
    assert "\n" not in text


def test_a_newer_version_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(BROKEN["newer"])
    with pytest.raises(SnapshotError, match="has snapshot version 2; this mlaudit reads version 1"):
        read_snapshot(tmp_path / "a")


def test_what_is_wrong_is_located(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(BROKEN["a field is wrong"])
    with pytest.raises(SnapshotError, match=r"0\.arn: Input should be a valid string"):
        read_snapshot(tmp_path / "a")


def test_a_file_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="cannot be read: No such file or directory"):
        read_snapshot(tmp_path / "a")


def test_a_place_that_cannot_be_written_is_explained(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(MlauditError, match="is not a file"):
        write_snapshot(snapshot, tmp_path)
