"""Processing step: fetch what was lately asked and answered, then look for drift in it.

Two windows, as labels come later than answers: requests of the last hours are compared with the
baseline; answers of the last days are compared with the labels that have come since. What is not
there is not measured, and the report of the drift job says so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Protocol

from mlaudit_reference.container import drift, recorded
from mlaudit_reference.container import settings as settings_file
from mlaudit_reference.container.buckets import Bucket, Kept
from mlaudit_reference.container.failures import ended
from mlaudit_reference.container.files import write_whole
from mlaudit_reference.container.locations import processing_input
from mlaudit_reference.container.logs import log
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.tables import Table, write_file

MOST = 200_000
"""Records of a window: more of them tell no more, and have to fit into memory."""

_DAY_OF = "%Y/%m/%d/"
"""How data capture sorts by days, below the endpoint and the variant."""


@dataclass(frozen=True)
class Plan:
    """Where to look, and how far back.

    Attributes:
        captured: The prefix of an endpoint's data capture, empty for none.
        requests: The prefix of files of requests, empty for none.
        answers: The prefix of files of answers, empty for none.
        labels: The prefix of files with labels, CSV with a header.
        now: The end of both windows.
        hours: The window of requests.
        days: The window of answers and of labels.
    """

    captured: str
    requests: str
    answers: str
    labels: str
    now: datetime
    hours: int
    days: int

    @property
    def asked_since(self) -> datetime:
        """Where the window of requests begins."""
        return self.now - timedelta(hours=self.hours)

    @property
    def answered_since(self) -> datetime:
        """Where the window of answers begins."""
        return self.now - timedelta(days=self.days)


class Store(Protocol):
    """The bucket."""

    def listed(self, prefix: str, after: str = "") -> Iterator[Kept]:
        """The objects under a prefix whose keys come after another one."""
        ...

    def folders(self, prefix: str) -> Iterator[str]:
        """The prefixes one level below another."""
        ...

    def read(self, key: str) -> bytes:
        """The content of an object."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Fetch, then look for drift; what is not understood here is an option of ``drift``."""
    parser = argparse.ArgumentParser(description="Look for drift in what was recorded.")
    settings_file.option(parser)
    parser.add_argument("--bucket", required=True)
    for name in ("captured", "requests", "answers", "labels"):
        parser.add_argument(f"--{name}", default="", help="a prefix of the bucket")
    parser.add_argument("--hours", type=int, default=26, help="how far back requests go")
    parser.add_argument("--days", type=int, default=30, help="how far back answers go")
    said, rest = parser.parse_known_args(argv)
    plan = Plan(
        captured=said.captured,
        requests=said.requests,
        answers=said.answers,
        labels=said.labels,
        now=datetime.now(timezone.utc),
        hours=said.hours,
        days=said.days,
    )
    return ended(lambda: run(Bucket.named(said.bucket), plan, said.settings, rest), "message")


def run(store: Store, plan: Plan, settings: Path, rest: Sequence[str]) -> int:
    """Fetch from a store, look for drift, and return the exit code."""
    found = fetch(store, plan, settings_file.read(settings))
    log("fetched", requests=len(found.requests), answers=len(found.answers), unread=found.unread)
    return drift.main(["--settings", str(settings), *rest])


def fetch(store: Store, plan: Plan, settings: Settings) -> recorded.Found:
    """Put requests, answers and labels where the drift job reads them."""
    found = recorded.Found()
    for kept in _captured(store, plan):
        one = recorded.captured(store.read(kept.key), settings)
        if kept.changed < plan.asked_since:
            one.requests = []
        found.add(one)
        if len(found.answers) >= MOST:
            break
    found.add(_files(store, plan, settings))
    _write(found, settings)
    for kept in _since(store, plan.labels, plan.answered_since):
        if kept.key.endswith(".csv"):
            name = kept.key.removeprefix(plan.labels).replace("/", "-")
            write_whole(processing_input("labels") / name, store.read(kept.key))
    return found


def _captured(store: Store, plan: Plan) -> Iterator[Kept]:
    """Files of data capture, of each variant from the first day of the window on."""
    if plan.captured:
        for variant in store.folders(plan.captured):
            after = f"{variant}{plan.answered_since.strftime(_DAY_OF)}"
            yield from store.listed(variant, after)


def _files(store: Store, plan: Plan, settings: Settings) -> recorded.Found:
    found = recorded.Found()
    for kept in _since(store, plan.requests, plan.asked_since):
        kind = recorded.content_type_of(kept.key)
        found.add(recorded.requests(store.read(kept.key), kind, settings))
        if len(found.requests) >= MOST:
            break
    for kept in _since(store, plan.answers, plan.answered_since):
        found.add(recorded.answers(store.read(kept.key)))
        if len(found.answers) >= MOST:
            break
    return found


def _since(store: Store, prefix: str, start: datetime) -> Iterator[Kept]:
    return (kept for kept in (store.listed(prefix) if prefix else ()) if kept.changed >= start)


def _write(found: recorded.Found, settings: Settings) -> None:
    if found.requests:
        names = (settings.record_id, *settings.features)
        columns = {name: [_cell(each.get(name)) for each in found.requests] for name in names}
        write_file(processing_input("current") / "requests.csv", Table(columns))
    if found.answers:
        _write_lines(processing_input("predictions") / "answers.jsonl", found.answers)


def _write_lines(path: Path, documents: Sequence[recorded.Record]) -> None:
    text = "".join(f"{json.dumps(each)}\n" for each in documents)
    write_whole(path, text.encode())


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


if __name__ == "__main__":
    sys.exit(main())
