"""What AWS retires is a warning with its date, at each workload that uses it."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from mlaudit.audit import Audit
from mlaudit.beyond import ExtendedResult
from mlaudit.model import Grade, Observation, Status
from mlaudit_reports import as_html, as_markdown, as_terminal, beyond

CLOSED = "schedule m runs on SageMaker Model Monitor, which is closed since 2026-07-30"
ENDED = "function f is on python3.9, which is not patched since 2025-12-15"
FACTS = (
    Observation("arn:m", Grade.CONFIGURED, CLOSED),
    Observation("arn:g", Grade.EXERCISED, "function g is on python3.14"),
    Observation("arn:f", Grade.MISSED, ENDED),
)


def terminal(audit: Audit) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    with console.capture() as capture:
        as_terminal.render(audit, console)
    return capture.get()


@pytest.fixture
def retired(audit: Audit) -> Audit:
    """Build an audit in which the first workload uses what AWS retires."""
    found: ExtendedResult = next(each for each in audit.extended if each.workload)
    own = replace(
        found,
        id=beyond.RETIRED,
        region=audit.workloads[0].region,
        status=Status.FAIL,
        observations=FACTS,
    )
    return replace(audit, extended=(own,))


def test_what_has_ended_comes_first_and_what_is_fine_not_at_all(retired: Audit) -> None:
    assert beyond.warnings(retired, retired.workloads[0]) == (ENDED, CLOSED)


def test_a_workload_of_the_same_name_elsewhere_is_not_warned(retired: Audit) -> None:
    assert retired.workloads[0].name == retired.workloads[1].name
    assert beyond.warnings(retired, retired.workloads[1]) == ()


def test_every_report_for_people_warns(
    retired: Audit, expanded: Callable[[str], list[Any]]
) -> None:
    lines = [line.strip() for line in terminal(retired).splitlines()]
    assert lines.count(f"Warning: {ENDED}") == lines.count(f"Warning: {CLOSED}") == 1
    assert as_markdown.render(retired).count("\n- Warning: ") == 2
    workloads = expanded(as_html.render(retired))[4:]
    assert [each["warnings"] for each in workloads] == [[ENDED, CLOSED], []]


def test_the_terminal_names_five_and_counts_the_others(retired: Audit) -> None:
    (own,) = retired.extended
    many = tuple(replace(FACTS[0], fact=f"{CLOSED} {n}") for n in range(7))
    text = terminal(replace(retired, extended=(replace(own, observations=many),)))
    assert text.count("Warning: ") == 5
    assert "and 2 more warnings" in text


def test_without_any_nothing_is_said(audit: Audit, shown: Callable[[str], str]) -> None:
    for text in (terminal(audit), as_markdown.render(audit), shown(as_html.render(audit))):
        assert "Warning" not in text
