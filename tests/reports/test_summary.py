"""The summary fits where it goes, and tells the most urgent things."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from mlaudit.audit import Audit
from mlaudit.model import Status
from mlaudit_reports import as_summary
from mlaudit_reports.as_summary import LIMIT


def test_the_table_tells_score_and_gate(audit: Audit) -> None:
    row = "| `fraud-model` | eu-west-1 | 5/8 (62.5 %) | cannot decide |"
    assert row in as_summary.render(audit)


def test_the_worst_comes_first(audit: Audit) -> None:
    first = audit.workloads[0]
    statuses = [Status.NOT_ASSESSED, Status.PARTIAL, Status.FAIL, Status.PASS]
    items = tuple(
        replace(item, id=f"1.{n}", status=status)
        for n, (item, status) in enumerate(zip(first.items, statuses, strict=False))
    )
    gates = {"streaming": replace(first.gates["streaming"], floor_failed=(), floor_unknown=())}
    one = replace(first, items=items, gates=gates)
    text = as_summary.render(replace(audit, workloads=(one,)))
    places = [text.find(f"| 1.{n} |") for n in (2, 1, 0, 3)]
    assert places[:3] == sorted(places[:3])
    assert (places[0] > 0, places[3]) == (True, -1)


def test_what_nothing_makes_up_for_comes_before_that(audit: Audit) -> None:
    first = audit.workloads[0]
    fail, partial = (
        replace(first.items[0], id=id_, status=status)
        for id_, status in (("1.1", Status.FAIL), ("6.1", Status.NOT_ASSESSED))
    )
    gates = {"streaming": replace(first.gates["streaming"], floor_unknown=("6.1",))}
    one = replace(first, items=(fail, partial), gates=gates)
    text = as_summary.render(replace(audit, workloads=(one,)))
    assert 0 < text.find("| 6.1 |") < text.find("| 1.1 |")


def test_what_is_critical_comes_before_all_and_is_told_whole(audit: Audit) -> None:
    first = audit.workloads[0]
    calm = replace(first.items[0], id="1.1", status=Status.FAIL)
    path = f"a stream reaches {'far ' * 60}away"
    critical = replace(calm, id="4.6", critical=True, summary=path)
    gates = {"streaming": replace(first.gates["streaming"], floor_failed=("1.1",))}
    one = replace(first, items=(calm, critical), gates=gates)
    text = as_summary.render(replace(audit, workloads=(one,)))
    assert f"fail (critical) | 4.6 | {calm.title} | {path} |" in text
    assert text.find("| 4.6 |") < text.find("| 1.1 |")


@pytest.mark.parametrize("count", [1, 60, 700])
def test_it_fits_a_comment_and_counts_what_does_not(audit: Audit, count: int) -> None:
    one = audit.workloads[0]
    items = tuple(
        replace(one.items[0], id=f"1.{n}", status=Status.FAIL, summary="x" * 900) for n in range(70)
    )
    many = tuple(replace(one, name=f"model-{n}", items=items) for n in range(count))
    text = as_summary.render(replace(audit, workloads=many))
    assert len(text) <= LIMIT
    told = text.count("<details>")
    left = count - told
    assert told >= 1
    assert (f"{left} workload" in text) is bool(left)


def test_badly_chosen_names_change_nothing_but_text(audit: Audit, hostile: Audit) -> None:
    def skeleton(text: str) -> list[str]:
        return [token.type for token in MarkdownIt("commonmark").enable("table").parse(text)]

    assert skeleton(as_summary.render(hostile)) == skeleton(as_summary.render(audit))


def test_an_empty_account_says_so(audit: Audit) -> None:
    assert "No workload was found." in as_summary.render(replace(audit, workloads=(), lowest=None))


def test_nothing_is_told_after_what_is_left_out(audit: Audit) -> None:
    one = audit.workloads[0]
    items = tuple(
        replace(one.items[0], id=f"1.{n}", status=Status.FAIL, summary="x" * 150) for n in range(40)
    )
    large = tuple(replace(one, name=f"model-{n}", items=items) for n in range(20))
    small = replace(one, name="small", items=())
    text = as_summary.render(replace(audit, workloads=(*large, small)))
    assert "<summary>small" not in text
