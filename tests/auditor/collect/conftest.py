"""An account that answers from recorded replies, and readers over it."""

import copy
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import pytest
import yaml

from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Api, Ledger, Reader, UnseenError
from mlaudit.collect.run import Request, collect
from mlaudit.model import Gap, GapReason, Window
from mlaudit.snapshot import Snapshot

REGION = "eu-west-1"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
RECORDINGS = (
    "account.yaml",
    "account_jobs.yaml",
    "account_around.yaml",
    "account_delivery.yaml",
    "account_environments.yaml",
    "account_quality.yaml",
    "account_records.yaml",
    "account_traced.yaml",
    "account_watch.yaml",
)
MARK = "page-"
POINTS = {"fraud": 12.0, "new-job/algo-1": 320.0, "new-job/algo-2": 80.0, "on-data": 1.0}

Reply = dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """One recorded answer: what must be asked to get it."""

    call: str
    asked: dict[str, Any]
    reply: Reply

    def answers(self, operation: Operation, params: Mapping[str, Any]) -> bool:
        return self.call == operation.id and self.asked.items() <= params.items()


@dataclass
class FakeApi:
    """Answers from recordings: listings page by page, one thing a page, and an empty page first."""

    recordings: list[Recorded]
    failing: dict[str, Gap] = field(default_factory=dict)
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Reply:
        self.calls.append((operation.id, region, dict(params)))
        if operation.id in self.failing:
            raise UnseenError(self.failing[operation.id])
        if operation.id == "cloudwatch:GetMetricData":
            return _metrics(params)
        reply = self._reply(operation, params)
        return _page(operation, params, reply) if operation.items else reply

    def deny(self, operation: str, code: str = "AccessDenied") -> None:
        self.fail(Gap(operation, REGION, code, GapReason.DENIED, "request-1"))

    def fail(self, gap: Gap) -> None:
        self.failing[gap.operation] = gap

    def record(self, call: str, reply: Reply, **asked: Any) -> None:
        """Answer a call; what was recorded for the same question before is forgotten."""
        self.recordings = [
            each for each in self.recordings if (each.call, each.asked) != (call, asked)
        ]
        self.recordings.append(Recorded(call, asked, reply))

    def reply_to(self, call: str, **asked: Any) -> Reply:
        """A recorded reply, to be changed in place."""
        return next(
            each.reply for each in self.recordings if (each.call, each.asked) == (call, asked)
        )

    def _reply(self, operation: Operation, params: Mapping[str, Any]) -> Reply:
        for each in self.recordings:
            if each.answers(operation, params):
                return copy.deepcopy(each.reply)
        if operation.items:
            return {}
        raise UnseenError(Gap(operation.id, REGION, "NotRecorded", GapReason.GONE))


def _page(operation: Operation, params: Mapping[str, Any], reply: Reply) -> Reply:
    assert operation.items
    assert not operation.page_size or operation.page_size[0] in params
    things = reply.get(operation.items, [])
    token = params.get(operation.token_in)
    if token is None:
        return {operation.items: [], operation.token_out: f"{MARK}0"}
    start = int(token.removeprefix(MARK))
    page = {**reply, operation.items: things[start : start + 1]}
    return page | ({operation.token_out: f"{MARK}{start + 1}"} if start + 1 < len(things) else {})


def _metrics(params: Mapping[str, Any]) -> Reply:
    results = []
    for query in params["MetricDataQueries"]:
        about = query["MetricStat"]["Metric"]["Dimensions"][0]["Value"]
        points = [POINTS[about]] if about in POINTS else []
        moments = [datetime.fromisoformat("2026-05-25T02:00:00+02:00")] * len(points)
        results.append(
            {"Id": query["Id"], "StatusCode": "Complete", "Timestamps": moments, "Values": points}
        )
    return {"MetricDataResults": results}


@pytest.fixture(autouse=True)
def _botocore_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let retries follow at once."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))


class MakeReader(Protocol):
    """Makes a reader of one region over an api."""

    def __call__(self, api: Api, ledger: Ledger | None = None) -> Reader: ...


@pytest.fixture(scope="session")
def recordings() -> tuple[Recorded, ...]:
    """Every recorded answer of the account."""
    folder = Path(__file__).parent
    found = [each for name in RECORDINGS for each in yaml.safe_load((folder / name).read_text())]
    return tuple(Recorded(each["call"], each["asked"], each["reply"]) for each in found)


@pytest.fixture
def account(recordings: tuple[Recorded, ...]) -> FakeApi:
    """The recorded account; a test may change its answers."""
    return FakeApi(copy.deepcopy(list(recordings)))


@pytest.fixture(scope="session")
def account_of(recordings: tuple[Recorded, ...]) -> Callable[[], FakeApi]:
    """Makes recorded accounts, for what is computed once for several tests."""
    return lambda: FakeApi(copy.deepcopy(list(recordings)))


@pytest.fixture
def nothing() -> FakeApi:
    """An account that holds nothing: every listing is empty, those without pages too."""
    unpaged: dict[str, Reply] = {
        "cloudtrail:DescribeTrails": {"trailList": []},
        "config:DescribeConfigurationRecorders": {"ConfigurationRecorders": []},
    }
    return FakeApi([Recorded(call, {}, reply) for call, reply in unpaged.items()])


@pytest.fixture
def reader_of() -> Iterator[MakeReader]:
    """Makes readers that share a small pool."""
    with ThreadPoolExecutor(4) as pool:

        def make(api: Api, ledger: Ledger | None = None) -> Reader:
            main = Operation("sagemaker", "Search", "Results")
            book = ledger or Ledger(10_000)
            return Reader(api, REGION, Window(NOW, 30), book, pool, ("workload",), main)

        yield make


@pytest.fixture(scope="session")
def request_for() -> Callable[..., Request]:
    """Makes the request to read the recorded account."""

    def make(*regions: str, **changes: Any) -> Request:
        return Request(
            account="111122223333",
            caller="arn:aws:iam::111122223333:user/auditor",
            regions=regions or (REGION,),
            started_at=NOW,
            window_days=30,
            tag_keys=("workload",),
            **changes,
        )

    return make


@pytest.fixture(scope="session")
def snapshot(recordings: tuple[Recorded, ...], request_for: Callable[..., Request]) -> Snapshot:
    """What there is to see in the recorded account."""
    return collect(FakeApi(copy.deepcopy(list(recordings))), request_for())


class Answers:
    """Answers each operation with one reply, a function of the request, or a gap."""

    def __init__(self, **replies: Any) -> None:
        self.replies = replies
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Any:
        self.asked.append((operation.name, dict(params)))
        reply = self.replies.get(operation.name, {})
        reply = reply(params) if callable(reply) else reply
        if isinstance(reply, Gap):
            raise UnseenError(replace(reply, operation=operation.id, region=region))
        return reply


@pytest.fixture
def answers() -> type[Answers]:
    """Makes an api from replies by the name of the operation."""
    return Answers
