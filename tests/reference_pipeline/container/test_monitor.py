"""What was recorded is fetched by its time, and drift is looked for in it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.container import monitor, recorded
from mlaudit_reference.container.attribution import document
from mlaudit_reference.container.buckets import Bucket, Kept
from mlaudit_reference.container.files import read_json, write_json
from mlaudit_reference.container.monitor import Plan, fetch, run
from mlaudit_reference.container.preprocess import labels_of
from mlaudit_reference.container.records import from_table
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.statistics import constraints_of, statistics_of
from mlaudit_reference.container.tables import Table, read_folder

NOW = datetime(2027, 3, 10, 5, tzinfo=UTC)
ENDPOINT = "capture/credit-realtime/"


class Objects:
    """A bucket in memory: contents and times by key."""

    def __init__(self, found: Mapping[str, tuple[datetime, bytes]]) -> None:
        self.found = found
        self.asked_after: list[str] = []

    def listed(self, prefix: str, after: str = "") -> Iterator[Kept]:
        self.asked_after.append(after)
        for key in sorted(self.found):
            if key.startswith(prefix) and key > after:
                yield Kept(key, self.found[key][0])

    def folders(self, prefix: str) -> Iterator[str]:
        below = (key.removeprefix(prefix) for key in self.found if key.startswith(prefix))
        yield from sorted({f"{prefix}{key.partition('/')[0]}/" for key in below})

    def read(self, key: str) -> bytes:
        return self.found[key][1]


def plan(**said: Any) -> Plan:
    places = {"captured": "", "requests": "", "answers": "", "labels": "", **said}
    return Plan(**places, now=NOW, hours=24, days=30)


def capture(record: Mapping[str, Any], *, encoded: bool = False, cut: bool = False) -> bytes:
    """A line of data capture."""
    body = json.dumps(record)
    data = base64.b64encode(body.encode()).decode() if encoded else body
    answer = json.dumps(
        {
            "trace_id": "t",
            "predictions": [{"record_id": record["application_id"], "probability": 0.4}],
        }
    )
    sides = {
        "endpointInput": {
            "observedContentType": "application/json",
            "data": data,
            "encoding": "BASE64" if encoded else "JSON",
        },
        "endpointOutput": {
            "observedContentType": "application/json",
            "data": answer,
            "encoding": "JSON",
        },
    }
    line = json.dumps({"captureData": sides, "eventMetadata": {"eventId": "e"}})
    return (line[:40] if cut else line).encode()


def key(at: datetime, name: str = "a") -> str:
    return f"{ENDPOINT}Primary/{at:%Y/%m/%d/%H}/{name}.jsonl"


def asked(settings: Settings, name: str) -> dict[str, Any]:
    numbers: dict[str, Any] = dict.fromkeys(settings.numeric, 1.5)
    return {settings.record_id: name, **numbers, **dict.fromkeys(settings.categorical, "x")}


@pytest.mark.parametrize("encoded", [True, False])
def test_captures_hold_requests_and_answers(settings: Settings, *, encoded: bool) -> None:
    lines = [capture(asked(settings, f"a-{n}"), encoded=encoded) for n in range(3)]
    found = recorded.captured(
        b"\n".join([*lines, capture(asked(settings, "x"), cut=True)]), settings
    )
    assert [each[settings.record_id] for each in found.requests] == ["a-0", "a-1", "a-2"]
    assert [each["probability"] for each in found.answers] == [0.4] * 3
    assert found.unread == 1


@pytest.mark.parametrize(
    ("body", "answers", "unread"),
    [
        (b'{"record_id": "1", "probability": 0.5}\n{"record_id": "2", "probability": 0.1}', 2, 0),
        (b'{"predictions": [{"record_id": "1", "probability": 0.5}]}', 1, 0),
        (b'{"error": "record 1: nothing fits"}', 0, 1),
        (b"[1]", 0, 1),
        (b"no JSON", 0, 1),
    ],
)
def test_answers_are_read_in_every_form(body: bytes, answers: int, unread: int) -> None:
    found = recorded.answers(body)
    assert (len(found.answers), found.unread) == (answers, unread)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.csv", "text/csv"), ("a.JSON", "application/json"), ("a", "application/jsonlines")],
)
def test_files_are_what_their_names_say(name: str, kind: str) -> None:
    assert recorded.content_type_of(name) == kind


@pytest.mark.parametrize(
    ("hours", "requests", "answers"), [(1, 1, 1), (23, 1, 1), (25, 0, 1), (24 * 31, 0, 0)]
)
def test_requests_and_answers_have_windows_of_their_own(
    ml_root: Path, settings: Settings, hours: float, requests: int, answers: int
) -> None:
    at = NOW - timedelta(hours=hours)
    store = Objects({key(at): (at, capture(asked(settings, "a-1")))})
    found = fetch(store, plan(captured=ENDPOINT), settings)
    assert (len(found.requests), len(found.answers)) == (requests, answers)
    assert (ml_root / "processing/input/current").exists() == bool(requests)


def test_only_days_of_the_window_are_listed(ml_root: Path, settings: Settings) -> None:
    del ml_root
    store = Objects({key(NOW): (NOW, capture(asked(settings, "a-1")))})
    fetch(store, plan(captured=ENDPOINT), settings)
    assert store.asked_after == [f"{ENDPOINT}Primary/2027/02/08/"]


def test_no_more_is_read_than_fits(
    ml_root: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ml_root
    monkeypatch.setattr(monitor, "MOST", 2)
    line = capture(asked(settings, "a-1"))
    store = Objects({key(NOW, f"{n}"): (NOW, line) for n in range(9)})
    assert len(fetch(store, plan(captured=ENDPOINT), settings).answers) == 2


def rows(table: Table, count: int) -> Iterator[dict[str, str]]:
    for place in range(count):
        yield {name: values[place] for name, values in table.columns.items()}


def files(table: Table, settings: Settings) -> dict[str, tuple[datetime, bytes]]:
    """Requests, answers and labels as batches leave them."""
    features = {settings.record_id, *settings.features}
    numeric = set(settings.numeric)
    requests, answers, labels = [], [], [f"{settings.record_id},{settings.label}"]
    for row, label in zip(rows(table, 800), labels_of(table, settings), strict=False):
        record = {
            name: float(value) if value and name in numeric else value or None
            for name, value in row.items()
            if name in features
        }
        requests.append(json.dumps(record))
        name = row[settings.record_id]
        answers.append(json.dumps({"record_id": name, "probability": 0.2 + 0.5 * float(label)}))
        labels.append(f"{name},{int(label)}")
    texts: dict[str, Sequence[str]] = {
        "to-score/batch/a.jsonl": requests,
        "scored/batch/results/a.jsonl.out": answers,
        "labels/march.csv": labels,
    }
    return {name: (NOW, "\n".join(lines).encode()) for name, lines in texts.items()}


@pytest.fixture
def baseline(ml_root: Path, settings: Settings, table: Table, model_folder: Path) -> Path:
    """The inputs that the version that serves brings."""
    inputs = ml_root / "processing" / "input"
    statistics = statistics_of(from_table(table, settings))
    write_json(inputs / "baseline" / "statistics.json", statistics)
    write_json(inputs / "baseline" / "constraints.json", constraints_of(statistics))
    importance = {name: 1.0 / (n + 1) for n, name in enumerate(settings.features)}
    write_json(inputs / "explainability" / "analysis.json", document(importance, 0.3))
    (inputs / "model").symlink_to(model_folder)
    write_json(inputs / "settings" / "settings.json", settings.document())
    return inputs


BATCH = {"requests": "to-score/batch/", "answers": "scored/batch/results/", "labels": "labels/"}


def test_drift_is_measured_from_what_was_recorded(
    baseline: Path, settings: Settings, table: Table
) -> None:
    store = Objects(files(table, settings))
    path = baseline / "settings" / "settings.json"
    assert run(store, plan(**BATCH), path, ["--endpoint", "credit-batch"]) == 0
    report = read_json(baseline.parent / "output" / "report" / "drift.json")
    assert report["endpoint"] == "credit-batch"
    assert all(report[part]["measured"] for part in ("data_quality", "distribution", "concept"))
    assert report["metrics"]["QualityAuc"] == 1
    assert report["metrics"]["DriftPsiMax"] < 0.1
    assert read_folder(baseline / "current").rows == 800


def test_nothing_recorded_measures_nothing(baseline: Path) -> None:
    path = baseline / "settings" / "settings.json"
    assert run(Objects({}), plan(**BATCH), path, []) == 0
    report = read_json(baseline.parent / "output" / "report" / "drift.json")
    assert report["metrics"] == {}
    assert "reason" in report["data_quality"]


class Pages:
    """boto3's client for S3, as far as a bucket uses it."""

    def __init__(self, **pages: Any) -> None:
        self.pages, self.asked = pages, dict[str, Any]()

    def get_paginator(self, operation: str) -> Pages:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, **asked: Any) -> list[Any]:
        self.asked = asked
        return [self.pages, {}]


@pytest.mark.parametrize(
    ("call", "asked", "found"),
    [
        (lambda b: b.listed("p/", "p/a"), {"StartAfter": "p/a"}, [Kept("k", NOW)]),
        (lambda b: b.folders("p/"), {"Delimiter": "/"}, ["p/x/"]),
    ],
)
def test_a_bucket_is_listed_page_by_page(
    call: Callable[[Bucket], Iterator[Any]], asked: dict[str, str], found: list[Any]
) -> None:
    client = Pages(
        Contents=[{"Key": "k", "LastModified": NOW}], CommonPrefixes=[{"Prefix": "p/x/"}]
    )
    assert list(call(Bucket(client, "b"))) == found
    assert client.asked.items() >= {"Bucket": "b", "Prefix": "p/", **asked}.items()


def test_the_data_that_is_compared_is_that_of_the_settings(
    ml_root: Path, settings: Settings
) -> None:
    record = {**asked(settings, "a-1"), "secret": "not a feature"}
    store = Objects({key(NOW): (NOW, capture(record))})
    fetch(store, plan(captured=ENDPOINT), settings)
    table = read_folder(ml_root / "processing/input/current")
    assert set(table.columns) == {settings.record_id, *settings.features}
