"""Practices stand apart from findings: as facts, by the document that asks for them."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from mlaudit.audit import Audit
from mlaudit.model import Status
from mlaudit.standing import LadderText, LevelReached
from mlaudit_reports import as_html, as_markdown, as_terminal, beyond, words


def test_practices_are_no_findings_and_keep_their_order(audit: Audit) -> None:
    ((group, results),) = beyond.practices(audit)
    assert (group.id, [each.id for each in results]) == ("deployment", ["D.1"])
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
def test_a_practice_is_told_as_a_fact(audit: Audit, status: Status, word: str) -> None:
    practice = replace(beyond.practices(audit)[0][1][0], status=status)
    assert beyond.said(practice) == word
    changed = replace(audit, extended=(practice,))
    shown = f"{words.SYMBOL[status]} {word}"
    row = f"| D.1 | Canaries | `fraud-model (eu-west-1)` | {shown} |"
    assert row in as_markdown.render(changed)
    assert f"</span> {word}</span>" in as_html.render(changed)


def test_markdown_and_html_name_the_document_and_fold_the_evidence(audit: Audit) -> None:
    markdown, html = as_markdown.render(audit), as_html.render(audit)
    assert "## Practices" in markdown
    assert "Asked for by an article." in markdown
    assert "<details><summary>Evidence: Deployment</summary>" in markdown
    assert "- Next step: Do 7.4." in markdown
    assert '<a href="#/practices">Practices</a>' in html
    assert 'id="/practices/deployment/1"' in html
    assert "<dd>Derived from 7.4.</dd>" in html


def test_an_audit_without_practices_says_nothing_of_them(audit: Audit) -> None:
    plain = replace(audit, groups=(), extended=())
    for text in (as_markdown.render(plain), as_html.render(plain)):
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
