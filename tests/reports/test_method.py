"""The method that reports explain is the one their audit was counted by."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mlaudit.audit import Audit
from mlaudit.thresholds import DEFAULT_PERCENT, DEFAULT_RULES, Target, told
from mlaudit_reports import as_html, as_json, as_markdown
from mlaudit_reports.method import method

FLOOR = ("3.1", "6.1")
LAX = replace(
    DEFAULT_RULES,
    percent={**DEFAULT_PERCENT, Target.STREAMING: 80, Target.BATCH: 50},
    cap_percent=25,
    floor=False,
    approved_by="Jo <b>",
)


def texts(audit: Audit) -> dict[str, str]:
    return {each.about: each.text for each in method(audit.rules)}


def test_the_defaults_are_told_without_a_word_of_differences(audit: Audit) -> None:
    found = texts(replace(audit, rules=told(DEFAULT_RULES, FLOOR, "4.6")))
    assert "up to 15 % of the catalogue" in found["Gate score"]
    assert "at least 90 % and no item of the floor set fails" in found["Streaming gate"]
    assert "(3.1, 6.1)" in found["Streaming gate"]
    assert (
        "realtime 80 %, serverless 80 %, async 70 %, batch 70 %" in found["Gates of other targets"]
    )
    assert "by default" not in " ".join(found.values())


def test_what_differs_is_told_with_what_it_differs_from(audit: Audit) -> None:
    found = texts(replace(audit, rules=told(LAX, FLOOR, "4.6")))
    assert (
        "25 % (by default 15 %; more is allowed by Jo <b>) of the catalogue" in found["Gate score"]
    )
    gate = found["Streaming gate"]
    assert "at least 80 % (the guide asks 90 %). The floor set of this tool is switched" in gate
    assert "Item 4.6 still asks 90 %." in gate
    assert "batch 50 % (by default 70 %)" in found["Gates of other targets"]


@pytest.mark.parametrize("render", [as_html.render, as_markdown.render])
def test_reports_print_it_and_the_lowest_scores(
    render: Callable[[Audit], str], audit: Audit
) -> None:
    page = render(replace(audit, rules=told(LAX, FLOOR, "4.6")))
    assert "the guide asks 90 %" in page
    assert "Jo <b>" not in page
    assert "Lowest of each" in page
    assert "22.2 %" in page
    assert "Lowest of each" not in render(replace(audit, lowest=None))


def test_the_rules_survive_a_round_through_json(audit: Audit) -> None:
    lax = replace(audit, rules=told(LAX, FLOOR, "4.6"))
    assert as_json.load(as_json.render(lax)).rules == lax.rules
