"""Pages, records and their gaps."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Ledger, UnseenError
from mlaudit.errors import MlauditError
from mlaudit.model import Gap, GapReason

LIST = lists("sagemaker", "ListModels", "Models")
DESCRIBE = Operation("sagemaker", "DescribeModel")
REGION = "eu-west-1"


@dataclass
class Pages:
    """Gives its pages one after the other; a page that is a gap fails."""

    pages: Sequence[Mapping[str, Any] | Gap]
    asked: list[dict[str, Any]] = field(default_factory=list)

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Any:
        del operation, region
        self.asked.append(dict(params))
        page = self.pages[len(self.asked) - 1]
        if isinstance(page, Gap):
            raise UnseenError(page)
        return page


def _gap(code: str, reason: GapReason, operation: Operation = DESCRIBE) -> Gap:
    return Gap(operation.id, REGION, code, reason, "request-1")


def _of(items: Iterator[Any]) -> tuple[list[Any], Gap | None]:
    """What came, and the gap that ended it."""
    found = []
    try:
        for each in items:
            found.append(each)  # noqa: PERF402 - what comes before a failure counts
    except UnseenError as unseen:
        return found, unseen.gap
    return found, None


@given(some.lists(some.lists(some.integers(), max_size=3), min_size=1, max_size=6))
def test_all_pages_are_read_empty_ones_included(pages: list[list[int]]) -> None:
    api = Pages(
        [
            {"Models": page} | ({"NextToken": str(number)} if number < len(pages) else {})
            for number, page in enumerate(pages, start=1)
        ]
    )
    with ThreadPoolExecutor(1) as pool:
        reader = _reader(api, pool)
        assert list(reader.items(LIST)) == [each for page in pages for each in page]
    assert [each.get("NextToken") for each in api.asked] == [
        None,
        *(str(number) for number in range(1, len(pages))),
    ]
    assert {each["MaxResults"] for each in api.asked} == {100}


def _reader(api: Any, pool: Any) -> Any:
    from datetime import UTC, datetime  # noqa: PLC0415 - a fixture cannot be used with @given

    from mlaudit.collect.reader import Reader  # noqa: PLC0415
    from mlaudit.model import Window  # noqa: PLC0415

    window = Window(datetime(2026, 6, 1, tzinfo=UTC), 30)
    return Reader(api, REGION, window, Ledger(1000), pool, (), LIST)


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"], ["a", "b", "c", "b"]])
def test_a_token_that_repeats_ends_the_listing_with_a_gap(
    tokens: list[str], reader_of: Any
) -> None:
    pages = [{"Models": [number], "NextToken": each} for number, each in enumerate(tokens)]
    found, gap = _of(reader_of(Pages(pages)).items(LIST, "arn:a"))
    assert found == list(range(len(tokens)))
    assert gap == Gap(LIST.id, REGION, "TokenRepeats", GapReason.FAILED, None, "arn:a")


def test_what_came_before_a_failed_page_is_given(reader_of: Any) -> None:
    denied = _gap("AccessDenied", GapReason.DENIED, LIST)
    api = Pages([{"Models": [1], "NextToken": "a"}, denied])
    assert _of(reader_of(api).items(LIST)) == ([1], denied)


def test_a_single_record_cannot_be_listed(reader_of: Any) -> None:
    with pytest.raises(MlauditError, match="DescribeModel lists nothing"):
        next(reader_of(Pages([])).items(DESCRIBE))


def test_a_gap_names_what_was_described(reader_of: Any) -> None:
    api = Pages([_gap("AccessDenied", GapReason.DENIED)])
    with pytest.raises(UnseenError) as failure:
        reader_of(api).one(DESCRIBE, "arn:a")
    assert failure.value.gap.subject == "arn:a"
    assert failure.value.gap.request_id == "request-1"


class Failing:
    """Fails for some names in some way, and knows what it was asked."""

    def __init__(self, **failures: Gap) -> None:
        self.failures = failures
        self.asked: list[str] = []

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Any:
        del operation, region
        self.asked.append(params["Name"])
        if params["Name"] in self.failures:
            raise UnseenError(self.failures[params["Name"]])
        return {"Name": params["Name"]}


def _described(reader: Any, names: str) -> list[str]:
    return list(
        reader.each(names, lambda name: reader.one(DESCRIBE, f"arn:{name}", Name=name)["Name"])
    )


@pytest.mark.parametrize(
    ("code", "reason", "kept"),
    [
        ("AccessDenied", GapReason.DENIED, ["arn:b"]),
        ("Throttling", GapReason.THROTTLED, ["arn:b"]),
        ("MethodNotAllowed", GapReason.UNSUPPORTED, ["arn:b"]),
        ("ResourceNotFound", GapReason.GONE, []),
    ],
)
def test_what_fails_among_many_costs_itself_only(
    code: str, reason: GapReason, kept: list[str], reader_of: Any
) -> None:
    reader = reader_of(Failing(b=_gap(code, reason)))
    assert _described(reader, "abc") == ["a", "c"]
    assert [gap.subject for gap in reader.ledger.gaps] == kept


def test_what_is_referred_to_and_gone_is_a_gap(reader_of: Any) -> None:
    reader = reader_of(Failing(b=_gap("ResourceNotFound", GapReason.GONE)))
    found = reader.referenced("abc", lambda name: reader.one(DESCRIBE, name, Name=name)["Name"])
    assert list(found) == ["a", "c"]
    assert [gap.subject for gap in reader.ledger.gaps] == ["b"]


def test_an_operation_nobody_serves_is_asked_once_and_is_one_gap_for_all(reader_of: Any) -> None:
    unknown = _gap("UnknownOperationException", GapReason.UNSUPPORTED)
    api = Failing(a=unknown)
    reader = reader_of(api)
    assert _described(reader, "a") == []
    assert _described(reader, "bcd") == []
    assert api.asked == ["a"]
    assert set(reader.ledger.gaps) == {unknown}
    assert unknown.subject is None


def test_an_operation_unsupported_for_one_subject_is_still_asked_for_the_next(
    reader_of: Any,
) -> None:
    api = Failing(a=_gap("MethodNotAllowed", GapReason.UNSUPPORTED))
    reader = reader_of(api)
    assert _described(reader, "ab") == ["b"]


def test_calls_that_learn_at_once_that_nobody_serves_them_agree_on_one_gap(reader_of: Any) -> None:
    barrier = Barrier(4)

    class AtOnce:
        def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Any:
            barrier.wait()
            code = "UnknownOperationException"
            raise UnseenError(
                Gap(operation.id, region, code, GapReason.UNSUPPORTED, params["Name"])
            )

    reader = reader_of(AtOnce())
    assert _described(reader, "abcd") == []
    assert len(reader.ledger.gaps) == 4
    assert len(set(reader.ledger.gaps)) == 1


def test_unsupported_in_one_region_is_asked_in_another() -> None:
    ledger = Ledger(10)
    ledger.failed(_gap("UnknownOperationException", GapReason.UNSUPPORTED))
    with pytest.raises(UnseenError):
        ledger.spend(DESCRIBE, REGION)
    ledger.spend(DESCRIBE, "eu-west-2")


def test_a_spent_budget_stops_before_the_call(reader_of: Any) -> None:
    api = Failing()
    reader = reader_of(api, Ledger(2))
    assert sorted(_described(reader, "abcd")) == sorted(api.asked)
    assert len(api.asked) == 2
    assert {(gap.code, gap.reason) for gap in reader.ledger.gaps} == {
        ("CallBudgetSpent", GapReason.BUDGET)
    }


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyError("ModelName"), "ReplyNotUnderstood (KeyError: ModelName)"),
        (TypeError("hunter2"), "ReplyNotUnderstood (TypeError)"),
        (ValueError("hunter2"), "ReplyNotUnderstood (ValueError)"),
        (IndexError("hunter2"), "ReplyNotUnderstood (IndexError)"),
        (OverflowError("hunter2"), "ReplyNotUnderstood (OverflowError)"),
    ],
    ids=repr,
)
def test_a_reply_not_understood_is_a_gap_about_what_was_asked_last(
    error: Exception, code: str, reader_of: Any
) -> None:
    reader = reader_of(Failing())

    def fetch(name: str) -> str:
        reader.one(DESCRIBE, f"arn:{name}", Name=name)
        if name == "b":
            raise error
        return name

    assert list(reader.each("abc", fetch)) == ["a", "c"]
    assert reader.ledger.gaps == [Gap(DESCRIBE.id, REGION, code, GapReason.FAILED, None, "arn:b")]


def test_a_summary_not_understood_is_a_gap_of_the_listing_before(reader_of: Any) -> None:
    class Listing:
        def call(self, operation: Operation, *_: Any) -> Any:
            return {"Models": [{}, {"Name": "a"}]} if operation == LIST else {"Name": "a"}

    reader = reader_of(Listing())

    def fetch(summary: Mapping[str, str]) -> str:
        return str(reader.one(DESCRIBE, summary["Name"])["Name"])

    assert list(reader.each(list(reader.items(LIST)) * 5, fetch)) == ["a"] * 5
    assert {(gap.operation, gap.subject) for gap in reader.ledger.gaps} == {(LIST.id, None)}


def test_things_come_in_the_order_they_were_asked_for(reader_of: Any) -> None:
    names = [f"n{number}" for number in range(200)]
    reader = reader_of(Failing())
    assert list(reader.each(names, lambda name: reader.one(DESCRIBE, Name=name)["Name"])) == names
