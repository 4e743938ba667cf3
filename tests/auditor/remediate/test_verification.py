"""Two audits side by side, and what became of the promises of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from mlaudit.audit import Audit, Scope
from mlaudit.catalog import Catalogue
from mlaudit.judge import judge
from mlaudit.model import Gap, GapReason, Status
from mlaudit.remediate.comparison import PLATFORM, Prediction, compared
from mlaudit.remediate.plan import Promise
from mlaudit.remediate.verification import Turn, Verification, verified
from mlaudit.testing import REGION, gap, serving, snapshot

PASS, PARTIAL, FAIL = Status.PASS, Status.PARTIAL, Status.FAIL
UNSEEN, NONE = Status.NOT_ASSESSED, Status.NOT_APPLICABLE
X = {"tags": {"mlaudit:workload": "x"}}
DENIED = gap("cloudwatch:DescribeAlarms")


@pytest.fixture(scope="session")
def audit(catalogue: Catalogue) -> Audit:
    """An audit of one workload, ``x``, all of whose items fail."""
    seen = judge(snapshot(*serving("e", endpoint=X)), catalogue)
    (workload,) = seen.workloads
    failed = [replace(each, status=FAIL, summary="", gaps=()) for each in workload.items]
    return replace(seen, workloads=(replace(workload, items=tuple(failed)),), gaps=())


@pytest.fixture(scope="session")
def item(audit: Audit) -> str:
    """The id of an item that is judged for each workload."""
    return next(each.id for each in audit.workloads[0].items if each.scope is Scope.WORKLOAD)


@pytest.fixture(scope="session")
def shared(audit: Audit) -> str:
    """The id of an item that is judged for the platform."""
    return audit.platform.items[0].item.id


def saying(
    audit: Audit,
    statuses: Mapping[str, Status],
    gaps: Iterable[Gap] = (),
    summary: str = "",
) -> Audit:
    """The audit with other results for some items, be they of the workload or the platform."""
    said: Mapping[str, Any] = {"summary": summary, "gaps": tuple(gaps)}
    (workload,) = audit.workloads
    items = tuple(
        replace(each, status=statuses[each.id], **said) if each.id in statuses else each
        for each in workload.items
    )
    shared = tuple(
        replace(each, item=replace(each.item, status=statuses[each.item.id], **said))
        if each.item.id in statuses
        else each
        for each in audit.platform.items
    )
    return replace(
        audit,
        workloads=(replace(workload, items=items),),
        platform=replace(audit.platform, items=shared),
        gaps=tuple(gaps),
    )


def promised(
    item: str, applied: Status | None, *, used: bool = False, workload: str = "x"
) -> Promise:
    return Promise(item, workload, FAIL.value, applied and applied.value, used)


def the_turn(verification: Verification) -> Turn:
    (found,) = verification.promises
    return found.turn


def test_audits_that_say_the_same_have_no_rows(audit: Audit) -> None:
    assert compared(audit, audit) == ()


def test_an_item_with_another_status_is_a_row(audit: Audit, item: str) -> None:
    after = saying(audit, {item: PASS}, summary="Done.")
    assert compared(audit, after) == (Prediction("x", REGION, item, FAIL, PASS, "Done."),)


def test_so_is_one_with_another_summary(audit: Audit, item: str) -> None:
    (row,) = compared(audit, saying(audit, {item: FAIL}, summary="Less is missing."))
    assert (row.now, row.then, row.summary, row.is_worse) == (FAIL, FAIL, "Less is missing.", False)


def test_the_platform_is_told_once(audit: Audit, shared: str) -> None:
    before = saying(audit, {shared: FAIL})
    (row,) = compared(before, saying(audit, {shared: PASS}))
    assert (row.workload, row.region, row.item) == (PLATFORM, REGION, shared)


def test_a_workload_that_is_new_or_gone_has_a_row_for_each_item(audit: Audit) -> None:
    none = replace(audit, workloads=())
    gone, new = compared(audit, none), compared(none, audit)
    assert {(each.now, each.then) for each in gone} == {(FAIL, None)}
    assert {(each.now, each.then) for each in new} == {(None, FAIL)}
    assert not any(each.is_worse for each in (*gone, *new))
    own = [each for each in audit.workloads[0].items if each.scope is Scope.WORKLOAD]
    assert len(gone) == len(new) == len(own)


@pytest.mark.parametrize(
    ("promise", "after", "turn"),
    [
        ((PASS, False), PASS, Turn.KEPT),
        ((PASS, False), PARTIAL, Turn.NOT_KEPT),
        ((PASS, False), FAIL, Turn.NOT_KEPT),
        ((PASS, False), NONE, Turn.KEPT),
        ((PASS, False), UNSEEN, Turn.NOT_KEPT),
        ((PARTIAL, False), PASS, Turn.KEPT),
        ((PARTIAL, False), PARTIAL, Turn.KEPT),
        ((PARTIAL, True), PARTIAL, Turn.WAITS_FOR_USE),
        ((PARTIAL, True), PASS, Turn.KEPT),
        ((PARTIAL, True), FAIL, Turn.NOT_KEPT),
        ((FAIL, True), FAIL, Turn.WAITS_FOR_USE),
        ((None, True), FAIL, Turn.WAITS_FOR_USE),
        ((None, True), PASS, Turn.KEPT),
    ],
)
def test_what_becomes_of_a_promise(
    audit: Audit, item: str, promise: tuple[Status | None, bool], after: Status, turn: Turn
) -> None:
    applied, used = promise
    after_it = saying(audit, {item: after}, summary="So.")
    found = verified(audit, after_it, [promised(item, applied, used=used)])
    assert the_turn(found) is turn
    assert (found.promises[0].status, found.promises[0].summary) == (after, "So.")
    assert found.is_as_promised is (turn is not Turn.NOT_KEPT)


@pytest.mark.parametrize("applied", [FAIL, None])
def test_what_foresees_nothing_better_is_no_promise(
    audit: Audit, item: str, applied: Status | None
) -> None:
    assert verified(audit, audit, [promised(item, applied)]).promises == ()


@pytest.mark.parametrize("status", [UNSEEN, FAIL])
def test_a_read_that_fails_now_is_no_broken_promise(
    audit: Audit, item: str, status: Status
) -> None:
    after = saying(audit, {item: status}, [DENIED])
    found = verified(audit, after, [promised(item, PASS)])
    assert the_turn(found) is Turn.NOT_SEEN
    assert (found.promises[0].unseen, found.gaps) == ((DENIED,), (DENIED,))
    assert not found.is_as_promised


def test_a_read_that_failed_before_too_excuses_nothing(audit: Audit, item: str) -> None:
    before = saying(audit, {item: UNSEEN}, [replace(DENIED, request_id="1")])
    after = saying(audit, {item: FAIL}, [replace(DENIED, request_id="2")])
    found = verified(before, after, [promised(item, PASS)])
    assert the_turn(found) is Turn.NOT_KEPT
    assert found.gaps == ()


def test_what_is_not_in_the_api_excuses_nothing(audit: Audit, item: str) -> None:
    unread = replace(DENIED, reason=GapReason.CONTENT_NOT_READ)
    after = saying(audit, {item: FAIL}, [unread])
    assert the_turn(verified(audit, after, [promised(item, PASS)])) is Turn.NOT_KEPT


@pytest.mark.parametrize(
    ("gaps", "turn"),
    [
        ((), Turn.NOT_KEPT),
        ((DENIED,), Turn.NOT_SEEN),
        ((replace(DENIED, region="global"),), Turn.NOT_SEEN),
        ((replace(DENIED, region="us-east-1"),), Turn.NOT_KEPT),
    ],
)
def test_a_workload_that_is_not_found_may_be_out_of_sight(
    audit: Audit, item: str, gaps: tuple[Gap, ...], turn: Turn
) -> None:
    found = verified(audit, replace(audit, workloads=(), gaps=gaps), [promised(item, PASS)])
    assert the_turn(found) is turn
    assert (found.verdicts[0].before is None, found.verdicts[0].after is None) == (False, True)


@pytest.mark.parametrize("workload", ["x", PLATFORM])
def test_a_promise_for_the_platform_is_kept_there(audit: Audit, shared: str, workload: str) -> None:
    before, after = saying(audit, {shared: FAIL}), saying(audit, {shared: PASS})
    promise = promised(shared, PASS, workload=workload)
    assert the_turn(verified(before, after, [promise])) is Turn.KEPT
    assert the_turn(verified(before, before, [promise])) is Turn.NOT_KEPT


def test_what_got_worse_is_told_with_what_hides_it(audit: Audit, item: str) -> None:
    before = saying(audit, {item: PASS})
    (worse,) = verified(before, saying(audit, {item: UNSEEN}, [DENIED]), []).worse
    assert (worse.item, worse.now, worse.then, worse.unseen) == (item, PASS, UNSEEN, (DENIED,))
    assert not verified(before, audit, []).is_as_promised
    assert verified(audit, before, []).is_as_promised


@pytest.mark.parametrize(
    ("told", "came", "promised_all"),
    [
        (PARTIAL, PARTIAL, True),
        (PARTIAL, PASS, True),
        (PARTIAL, FAIL, False),
        (None, PARTIAL, False),
    ],
)
def test_what_the_plan_said_would_get_worse_breaks_no_promise(
    audit: Audit, item: str, told: Status | None, came: Status, *, promised_all: bool
) -> None:
    before, after = saying(audit, {item: PASS}), saying(audit, {item: came})
    worsens = [replace(promised(item, told), now="pass")] if told else []
    found = verified(before, after, [], worsens)
    assert found.is_as_promised is promised_all
    assert {each.item for each in found.worse} == (set() if promised_all else {item})


def test_new_orphans_are_told(audit: Audit) -> None:
    before, after = replace(audit, orphans=("a", "b")), replace(audit, orphans=("b", "c"))
    assert verified(before, after, []).orphans == ("c",)


def test_the_verdicts_are_told_before_and_after(audit: Audit) -> None:
    (told,) = verified(audit, audit, []).verdicts
    workload = audit.workloads[0]
    assert told.before
    assert told.before == told.after
    assert told.before.scores == workload.scores
    assert told.before.gates == {name: each.outcome for name, each in workload.gates.items()}
    assert told.before.levels == {each.ladder: each.reached for each in workload.levels}
