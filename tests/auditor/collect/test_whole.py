"""Search, the listing and describing: who decides what there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import UnseenError
from mlaudit.collect.whole import searchable, whole
from mlaudit.model import Gap, GapReason

KIND = searchable("Endpoint")
REGION = "eu-west-1"
THEN = datetime(2026, 5, 1, tzinfo=UTC)

Found = tuple[str, str, dict[str, str]]


def _record(name: str, **changes: Any) -> dict[str, Any]:
    record = {
        "EndpointArn": f"arn:{name}",
        "EndpointName": name,
        "EndpointStatus": "InService",
        "LastModifiedTime": THEN,
        "From": "search",
    }
    return {key: value for key, value in (record | changes).items() if value is not None}


@dataclass
class Sagemaker:
    """Search, list and describe endpoints; each may fail, and Search and list after some pages."""

    searched: list[dict[str, Any]]
    listed: list[dict[str, Any]]
    failing: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Any:
        self.asked.append(operation.name)
        late = f"{operation.name} at its end"
        if operation.name in self.failing or (late in self.failing and "NextToken" in params):
            raise UnseenError(Gap(operation.id, region, "AccessDenied", GapReason.DENIED))
        more = {"NextToken": "a"} if late in self.failing else {}
        if operation.name == "Search":
            return {"Results": [{"Endpoint": each} for each in self.searched], **more}
        if operation.name == "ListEndpoints":
            return {"Endpoints": self.listed, **more}
        if operation.name == "ListTags":
            return {"Tags": [{"Key": "from", "Value": "tags"}]}
        if params["EndpointName"] in self.gone:
            raise UnseenError(Gap(operation.id, region, "ResourceNotFound", GapReason.GONE))
        return _record(params["EndpointName"], From="describe")


def _read(record: Mapping[str, Any], tags: Mapping[str, str]) -> Found:
    return record["EndpointName"], record["From"] + record["EndpointStatus"][:0], dict(tags)


def _scan(api: Sagemaker, reader_of: Any) -> tuple[dict[str, str], list[tuple[str, str | None]]]:
    """Where each endpoint was read, and the gaps."""
    reader = reader_of(api)
    found = {name: source for name, source, _ in whole(reader, KIND, _read)}
    return found, [(gap.operation.partition(":")[2], gap.subject) for gap in reader.ledger.gaps]


BOTH = [_record("a"), _record("b")]
SEARCHED = {"a": "search", "b": "search"}
DESCRIBED = {"a": "describe", "b": "describe"}
LIST_GAP = ("ListEndpoints", None)

TRUTH = [
    ("all well", set(), SEARCHED, []),
    ("search denied", {"Search"}, DESCRIBED, []),
    ("search fails late", {"Search at its end"}, SEARCHED, []),
    ("list denied", {"ListEndpoints"}, SEARCHED, [LIST_GAP]),
    ("list fails late", {"ListEndpoints at its end"}, SEARCHED, [LIST_GAP]),
    ("describe denied", {"DescribeEndpoint"}, SEARCHED, []),
    ("tags denied", {"ListTags"}, SEARCHED, []),
    ("search and list denied", {"Search", "ListEndpoints"}, {}, [LIST_GAP]),
    (
        "search fails late and list is denied",
        {"Search at its end", "ListEndpoints"},
        SEARCHED,
        [LIST_GAP],
    ),
    (
        "search denied and list fails late",
        {"Search", "ListEndpoints at its end"},
        DESCRIBED,
        [LIST_GAP],
    ),
    (
        "search and describe denied",
        {"Search", "DescribeEndpoint"},
        {},
        [("DescribeEndpoint", "arn:a"), ("DescribeEndpoint", "arn:b")],
    ),
    (
        "search and tags denied",
        {"Search", "ListTags"},
        {},
        [("ListTags", "arn:a"), ("ListTags", "arn:b")],
    ),
]


@pytest.mark.parametrize(
    ("failing", "found", "gaps"), [each[1:] for each in TRUTH], ids=[each[0] for each in TRUTH]
)
def test_truth_table(
    failing: set[str], found: dict[str, str], gaps: list[Any], reader_of: Any
) -> None:
    assert _scan(Sagemaker(BOTH, BOTH, failing), reader_of) == (found, gaps)


@pytest.mark.parametrize(
    ("stale", "source"),
    [
        ({"EndpointStatus": "Creating"}, "describe"),
        ({"LastModifiedTime": THEN - timedelta(minutes=5)}, "describe"),
        ({"LastModifiedTime": THEN - timedelta(milliseconds=420)}, "search"),
        ({"LastModifiedTime": None}, "search"),
        ({"EndpointStatus": None}, "describe"),
        ({"From": 7}, "describe"),
        ({"Tags": "none"}, "describe"),
        ({"EndpointName": None}, "describe"),
        ({"EndpointArn": None}, "describe"),
    ],
    ids=str,
)
def test_a_search_result_that_is_stale_or_incomplete_is_described(
    stale: dict[str, Any], source: str, reader_of: Any
) -> None:
    api = Sagemaker([_record("a", **stale)], [_record("a")])
    assert _scan(api, reader_of) == ({"a": source}, [])


def test_what_the_index_does_not_have_yet_is_described(reader_of: Any) -> None:
    found, gaps = _scan(Sagemaker([_record("a")], BOTH), reader_of)
    assert (found, gaps) == ({"a": "search", "b": "describe"}, [])


def test_what_the_listing_does_not_have_is_described(reader_of: Any) -> None:
    found, gaps = _scan(Sagemaker(BOTH, [_record("a")]), reader_of)
    assert (found, gaps) == ({"a": "search", "b": "describe"}, [])


def test_what_the_index_still_has_and_is_gone_is_left_out(reader_of: Any) -> None:
    found, gaps = _scan(Sagemaker(BOTH, [_record("a")], gone={"b"}), reader_of)
    assert (found, gaps) == ({"a": "search"}, [])


def test_a_result_without_a_name_is_a_gap_when_no_listing_tells(reader_of: Any) -> None:
    api = Sagemaker([_record("a"), _record("b", EndpointArn=None)], BOTH, {"ListEndpoints"})
    assert _scan(api, reader_of) == ({"a": "search"}, [LIST_GAP])


def test_a_summary_without_a_name_is_a_gap(reader_of: Any) -> None:
    api = Sagemaker([], [_record("a"), _record("b", EndpointName=None)], {"Search"})
    assert _scan(api, reader_of) == ({"a": "describe"}, [LIST_GAP])


def test_tags_come_with_the_search_or_are_listed(reader_of: Any) -> None:
    tagged = _record("a", Tags=[{"Key": "from", "Value": "search"}])
    found = list(whole(reader_of(Sagemaker([tagged], BOTH)), KIND, _read))
    assert [tags for _, _, tags in found] == [{"from": "search"}, {"from": "tags"}]


def test_what_search_shows_costs_no_describing(reader_of: Any) -> None:
    api = Sagemaker(BOTH, BOTH)
    _scan(api, reader_of)
    assert api.asked == ["Search", "ListEndpoints"]


def test_a_windowed_kind_asks_both_for_the_window(account: Any, reader_of: Any) -> None:
    list(whole(reader_of(account), searchable("TrainingJob", windowed=True), _jobs))
    (_, _, search), *_, (_, _, listing) = account.calls
    assert search["SearchExpression"]["Filters"][0]["Value"] == "2026-05-02T00:00:00Z"
    assert listing["CreationTimeAfter"] == datetime(2026, 5, 2, tzinfo=UTC)


def _jobs(record: Mapping[str, Any], tags: Mapping[str, str]) -> str:
    del tags
    return str(record["TrainingJobName"])
