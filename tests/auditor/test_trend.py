"""What became better and what worse since an earlier audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mlaudit.audit import Audit
from mlaudit.catalog import Catalogue
from mlaudit.errors import MlauditError
from mlaudit.judge import judge
from mlaudit.model import Status
from mlaudit.testing import serving, snapshot
from mlaudit.trend import is_worse, with_trends

PASS, PARTIAL, FAIL = Status.PASS, Status.PARTIAL, Status.FAIL
UNSEEN, NONE = Status.NOT_ASSESSED, Status.NOT_APPLICABLE


@pytest.fixture
def audit(catalogue: Catalogue) -> Audit:
    return judge(snapshot(*serving("e", endpoint={"tags": {"mlaudit:workload": "x"}})), catalogue)


def with_status(audit: Audit, status: Status, **changes: Any) -> Audit:
    """Give the first item a status, and let the audit be an hour older."""
    (workload,) = audit.workloads
    first, *others = workload.items
    items = (replace(first, status=status), *others)
    earlier = {"started_at": audit.started_at - timedelta(hours=1), **changes}
    return replace(audit, workloads=(replace(workload, items=items),), **earlier)


@pytest.mark.parametrize(
    ("then", "now", "worse"),
    [
        (PASS, PASS, False),
        (PASS, PARTIAL, True),
        (PASS, UNSEEN, True),
        (PARTIAL, FAIL, True),
        (PARTIAL, UNSEEN, True),
        (PARTIAL, PASS, False),
        (UNSEEN, FAIL, False),
        (FAIL, UNSEEN, False),
        (NONE, FAIL, True),
        (NONE, PARTIAL, True),
        (NONE, UNSEEN, False),
        (NONE, PASS, False),
        (PASS, NONE, False),
        (FAIL, NONE, False),
    ],
)
def test_what_is_worse(then: Status, now: Status, *, worse: bool) -> None:
    assert is_worse(now, then) is worse


def test_each_workload_tells_what_changed(audit: Audit) -> None:
    before = with_status(audit, PASS)
    now = with_status(audit, FAIL, started_at=audit.started_at)
    (workload,) = with_trends(now, before).workloads
    (back,) = with_trends(replace(before, started_at=audit.started_at), now).workloads
    assert workload.trend
    assert back.trend
    first = workload.items[0].id
    assert (workload.trend.worse, workload.trend.better) == ((first,), ())
    assert (back.trend.worse, back.trend.better) == ((), (first,))
    gate = before.workloads[0].scores.gate
    told = (workload.trend.complete, workload.trend.applicable, workload.trend.since)
    assert told == (gate.complete, gate.applicable, before.started_at)


def test_a_workload_that_was_not_there_has_no_trend(audit: Audit) -> None:
    before = replace(audit, workloads=(replace(audit.workloads[0], region="us-east-1"),))
    assert with_trends(audit, before).workloads[0].trend is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"account": "210987654321"}, "of account 210987654321"),
        ({"catalogue_version": "2020.1"}, "made by catalogue 2020.1"),
        ({"late": True}, "later than this audit"),
    ],
)
def test_an_audit_that_cannot_be_compared_is_refused(
    audit: Audit, changes: dict[str, Any], says: str
) -> None:
    if changes.pop("late", False):
        changes["started_at"] = audit.started_at + timedelta(seconds=1)
    with pytest.raises(MlauditError, match=says):
        with_trends(audit, replace(audit, **changes))
