"""How reports tell a maturity level."""

from collections.abc import Callable
from io import StringIO

from rich.console import Console

from mlaudit.audit import Audit
from mlaudit.standing import LevelReached
from mlaudit_reports import as_html, as_markdown, as_terminal, words

SAYS = "Initial. For Reliable: 1.2 (not assessed), 7.4 or 7.5"


def test_every_report_says_which_level_is_reached_and_what_the_next_one_asks(
    audit: Audit, shown: Callable[[str], str]
) -> None:
    console = Console(file=StringIO(), width=200)
    as_terminal.render(audit, console)
    drawn = console.file.getvalue()  # type: ignore[attr-defined]
    assert f"Maturity level: {SAYS}" in drawn
    assert f"\nMaturity level\n{SAYS}\n" in shown(as_html.render(audit))
    assert f"Maturity level: {SAYS}" in as_markdown.render(audit).replace("\\", "")


def test_a_level_is_told_with_its_rule(audit: Audit) -> None:
    rule = "Initial: 1.1. Reliable: 1.2, 7.4 or 7.5."
    assert words.rule(audit.ladders[0]).endswith(rule)
    assert rule in as_html.render(audit)


def test_a_workload_at_the_top_needs_nothing_more() -> None:
    assert words.level(LevelReached("maturity", "Scalable", None, (), ())) == "Scalable"
