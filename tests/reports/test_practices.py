"""Practices stand apart from findings: as facts, by the document that asks for them."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from mlaudit.audit import Audit
from mlaudit.beyond import ExtendedResult
from mlaudit.model import Status
from mlaudit.standing import LadderText, LevelReached
from mlaudit_reports import as_html, as_markdown, as_terminal, beyond, words


def judged(audit: Audit) -> ExtendedResult:
    (result,) = beyond.practices(audit)[0].practices[0].results
    assert result
    return result


def test_each_practice_has_a_column_for_each_workload(audit: Audit) -> None:
    one = judged(audit)
    several = (
        one,
        replace(one, workload="churn", status=Status.FAIL),
        replace(one, id="D.2", title="Shadows", workload="churn"),
    )
    changed = replace(audit, extended=several)
    (table,) = beyond.practices(changed)
    assert table.places == ("churn (eu-west-1)", "fraud-model (eu-west-1)")
    markdown, html = as_markdown.render(changed), as_html.render(changed)
    fact = beyond.said(one)
    symbol = words.SYMBOL[one.status]
    assert f"| D.1 | Canaries | ✗ not in place | {symbol} {fact} |" in markdown
    assert f"| D.2 | Shadows | {symbol} {fact} |  |" in markdown
    assert '"practices":[["D.1","Canaries"],["D.2","Shadows"]]' in html


def test_practices_are_no_findings_and_keep_their_order(audit: Audit) -> None:
    (table,) = beyond.practices(audit)
    assert (table.group.id, [each.id for each in table.practices]) == ("deployment", ["D.1"])
    seen = beyond.grouped(audit)
    assert "D.1" not in {each.id for each in (*seen.found, *seen.unseen, *seen.fine)}


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (Status.PASS, "in place"),
        (Status.PARTIAL, "partly"),
        (Status.FAIL, "not in place"),
        (Status.NOT_APPLICABLE, "not applicable"),
        (Status.NOT_ASSESSED, "could not be seen"),
    ],
)
def test_a_practice_is_told_as_a_fact(
    audit: Audit, status: Status, word: str, shown: Callable[[str], str]
) -> None:
    practice = replace(judged(audit), status=status)
    assert beyond.said(practice) == word
    changed = replace(audit, extended=(practice,))
    told = f"{words.SYMBOL[status]} {word}"
    markdown = as_markdown.render(changed)
    assert "| Id | Practice | `fraud-model (eu-west-1)` |" in markdown
    assert f"| D.1 | Canaries | {told} |" in markdown
    assert f"- {told}: {practice.summary}" in markdown
    assert f"\n{word}\n" in shown(as_html.render(changed))


def test_markdown_and_html_name_the_document_and_fold_the_evidence(
    audit: Audit, shown: Callable[[str], str]
) -> None:
    markdown, html = as_markdown.render(audit), as_html.render(audit)
    assert "## Practices" in markdown
    assert "Asked for by an article." in markdown
    assert "<details><summary>Evidence: Deployment</summary>" in markdown
    assert "- Next step: Do 7.4." in markdown
    assert '<a href="#/practices">Practices</a>' in html
    assert "\nfraud-model@eu-west-1/D.1\n" in shown(html)
    assert "\nDerived from 7.4.\n" in shown(html)


def test_an_audit_without_practices_says_nothing_of_them(
    audit: Audit, shown: Callable[[str], str]
) -> None:
    plain = replace(audit, groups=(), extended=())
    for text in (as_markdown.render(plain), shown(as_html.render(plain))):
        assert "Practices" not in text


def test_the_terminal_tells_the_automation_level_of_each_workload(audit: Audit) -> None:
    reached = LevelReached("automation", "not automated", "semi-automated", (("D.1",),), ())
    workload = replace(audit.workloads[0], levels=(*audit.workloads[0].levels, reached))
    ladder = LadderText("automation", "Automation level", "somebody", "not automated", ())
    console = Console(file=io.StringIO(), width=200, color_system=None)
    with console.capture() as capture:
        changed = replace(audit, workloads=(workload,), ladders=(*audit.ladders, ladder))
        as_terminal.render(changed, console)
    lines = [line.strip() for line in capture.get().splitlines()]
    assert "Automation level: not automated. For semi-automated: D.1" in lines
