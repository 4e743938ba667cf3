"""What was judged beyond the checklist stands apart, what was found first."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rich.console import Console

from mlaudit.audit import Audit
from mlaudit.model import Status, Waste
from mlaudit_reports import as_html, as_json, as_markdown, as_terminal, beyond


def terminal(audit: Audit) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    with console.capture() as capture:
        as_terminal.render(audit, console)
    return capture.get()


def test_what_was_found_comes_first_and_what_is_fine_last(audit: Audit) -> None:
    seen = beyond.grouped(audit)
    assert [each.status for each in seen.found] == [Status.FAIL, Status.PARTIAL]
    assert [each.workload for each in seen.unseen] == [None]
    assert [each.status for each in seen.fine] == [Status.PASS]
    assert seen.unchecked == ("X.2 All scale",)
    assert seen.waste == Waste(1083.95, 1)


def test_a_place_is_named_with_its_region_where_there_are_several(audit: Audit) -> None:
    found = beyond.grouped(audit).found[0]
    assert beyond.where(found, audit) == "fraud-model (eu-west-1)"
    assert beyond.where(found, replace(audit, regions=("eu-west-1",))) == "fraud-model"
    assert beyond.where(replace(found, workload=None), audit) == "platform in eu-west-1"


def test_what_has_no_known_price_is_unknown_and_never_zero() -> None:
    assert beyond.money(Waste(12.5, 0)) == "about 12.50 USD a month"
    assert beyond.money(Waste(12.5, 2)) == "about 12.50 USD a month, and unknown for 2 more"
    assert beyond.money(Waste(None, 1)) == "unknown"


def test_the_terminal_has_it_in_one_line(audit: Audit) -> None:
    line = (
        "Beyond the checklist: 2 findings, 1 not assessed; paid for nothing: about 1,083.95 USD a "
        "month, and unknown for 1 more"
    )
    assert line in terminal(audit).splitlines()


def test_markdown_and_html_show_findings_and_fold_the_rest(
    audit: Audit, expanded: Callable[[str], list[Any]]
) -> None:
    markdown, html = as_markdown.render(audit), as_html.render(audit)
    assert "## Beyond the checklist" in markdown
    row = "| X.1 | Nothing idle | `fraud-model (eu-west-1)` | ✗ fail | fraud-model was looked at. |"
    assert f"{row} about 1,083.95 USD a month |" in markdown
    assert "- Next step: Delete it." in markdown
    assert "no check yet: X.2 All scale." in markdown
    beyond_it = expanded(html)[3]
    told = ["X.1", "Nothing idle", "fail", "fraud-model (eu-west-1)", "fraud-model was looked at."]
    assert [*told, "about 1,083.95 USD a month"] in [each[1:] for each in beyond_it["found"]]
    assert [each[3] for each in beyond_it["fine"]] == ["pass"]
    assert beyond_it["unchecked"] == ["X.2 All scale"]


def test_an_audit_with_nothing_beyond_the_checklist_says_nothing_of_it(
    audit: Audit, shown: Callable[[str], str]
) -> None:
    plain = replace(audit, extended=(), extended_catalogue=())
    for text in (terminal(plain), as_markdown.render(plain), shown(as_html.render(plain))):
        assert "Beyond the checklist" not in text


def test_where_all_is_fine_nothing_was_found(
    audit: Audit, expanded: Callable[[str], list[Any]]
) -> None:
    fine = replace(audit, extended=beyond.grouped(audit).fine)
    assert "Nothing was found." in as_markdown.render(fine)
    assert expanded(as_html.render(fine))[3]["found"] == []
    assert "Beyond the checklist: 0 findings" in terminal(fine).splitlines()


def test_json_keeps_it_apart_from_the_items(audit: Audit) -> None:
    document = json.loads(as_json.render(audit))
    ids = {item["id"] for each in document["workloads"] for item in each["items"]}
    assert not ids & {each["id"] for each in document["extended"]}
    assert document["extended"][3]["waste"] == {"usd_a_month": 1083.95, "unpriced": 0}
