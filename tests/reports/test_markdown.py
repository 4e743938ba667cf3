import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mlaudit.audit import Audit
from mlaudit.drawing import LineagePicture
from mlaudit_reports import as_markdown

_TAG = re.compile(r"</?\w+")
_TEXT = ("text", "text_special")


def _skeleton(markdown: str) -> list[str]:
    """List what the Markdown is made of, without the text in it."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    return [part for token in tokens for part in _parts(token)]


def _parts(token: Token) -> list[str]:
    inside = [child for child in token.children or [] if child.type not in _TEXT]
    tags = _TAG.findall(token.content) if token.type.startswith("html") else []
    return [token.type, *tags, *(part for child in inside for part in _parts(child))]


def test_badly_chosen_names_change_nothing_but_text(audit: Audit, hostile: Audit) -> None:
    assert _skeleton(as_markdown.render(hostile)) == _skeleton(as_markdown.render(audit))


def test_nothing_hidden_gets_through(hostile: Audit) -> None:
    lines = as_markdown.render(hostile).replace("\u200b", "").split("\n")
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("active", ["@everyone", "https://evil", "www.evil", "#1 "])
def test_no_mention_link_or_reference_begins_in_prose(active: str) -> None:
    assert active not in as_markdown.prose(f"see {active} there")


def test_scores_and_gate_stand_in_the_table_of_workloads(audit: Audit) -> None:
    row = "| `fraud-model` | eu-west-1 | 5/10 (50.0 %) | 5/8 (62.5 %) | 4/8 (50.0 %) |"
    assert f"{row} cannot decide |" in as_markdown.render(audit)


def test_the_arithmetic_of_a_gate_stands_in_full_sentences(audit: Audit) -> None:
    text = as_markdown.render(audit)
    assert "**The streaming gate: cannot decide.**" in text
    assert "- 5 of 8 applicable items are complete, and 8 are needed." in text


def test_what_is_critical_stands_before_the_gates(audit: Audit) -> None:
    text = as_markdown.render(audit)
    said = "- **Needs attention first**: 4.6 "
    assert text.index("## `fraud-model` in") < text.index(said) < text.index("**The streaming gate")
    assert text.count(said) == sum(item.critical for each in audit.workloads for item in each.items)


def test_an_item_shows_its_evidence_its_gaps_and_its_next_step(audit: Audit) -> None:
    text = as_markdown.render(audit)
    seen = "endpoint/fraud-model`: fraud-model shifts 10 % (last 2026-03-11 09:26 UTC)"
    assert seen in text
    assert "- not seen: `sagemaker:ListMonitoringSchedules` in eu-west-1, access denied" in text
    assert "- Next step: Set a canary in the deployment config of the endpoint." in text


def test_items_without_a_check_stand_on_one_line(audit: Audit) -> None:
    line = "Not assessed, because there is no check yet: 1.2 Diverse data source integration."
    assert line in as_markdown.render(audit)


def test_what_people_say_is_marked_and_counted_apart(audit: Audit) -> None:
    text = as_markdown.render(audit)
    for says in (
        "3 pass (1 of them attested)",
        "- Attested: attested by fraud-model on 2026-03-01 until 2026-06-01: fraud-model",
        "until 2026-06-01 (contradicted by what was seen): fraud-model",
        "- Exception: exception until 2026-05-01, owner fraud-model, ticket fraud-model: a fix",
        "(exception, expired) |",
        "- 1.2: the exception of fraud-model for fraud-model names a workload that was not found",
    ):
        assert says in text


def test_a_small_lineage_is_drawn_with_harmless_labels(hostile: Audit) -> None:
    text = as_markdown.render(hostile)
    _, _, rest = text.partition("```mermaid\n")
    diagram, _, _ = rest.partition("\n```\n")
    labels = re.findall(r'"([^"]*)"', diagram)
    assert len(labels) == 10
    assert all(re.fullmatch(r"[\w .:/-]+(<br>[\w .:/-]+)?", label) for label in labels)


def test_a_large_lineage_is_not_drawn(audit: Audit) -> None:
    lineage = audit.workloads[0].lineage
    large = LineagePicture(lineage.nodes * 5, lineage.edges)
    assert as_markdown.mermaid(large) == ""


def test_an_empty_account_says_so(audit: Audit) -> None:
    assert "No workload was found." in as_markdown.render(replace(audit, workloads=()))
