import base64
import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from mlaudit.audit import Audit
from mlaudit_reports import as_html

_VOID = frozenset({"meta", "input"})
_ACTIVE = re.compile(r"on\w+|style|src|srcset|formaction|action|xlink:href", re.IGNORECASE)
Expanded = Callable[[str], list[Any]]


class Page(HTMLParser):
    """A page taken apart: its elements with their attributes, and what its tags enclose."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline: dict[str, list[str]] = {"style": [], "script": []}
        self.open: list[str] = []
        self.text: list[str] = []
        self.data: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"an attribute of {tag} is given twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        typed = inside == "script" and "type" in self.elements[-1][1]
        enclosed = self.data if typed else self.inline.get(inside, self.text)
        enclosed.append(data)

    def skeleton(self) -> list[tuple[str, list[str]]]:
        return [(tag, sorted(attributes)) for tag, attributes in self.elements]

    def values(self, name: str) -> list[str]:
        return [each[name] or "" for _, each in self.elements if name in each]


@pytest.fixture
def page(audit: Audit) -> Page:
    return Page(as_html.render(audit))


def test_badly_chosen_names_change_no_element_and_no_attribute(page: Page, hostile: Audit) -> None:
    assert Page(as_html.render(hostile)).skeleton() == page.skeleton()


def test_no_attribute_acts(hostile: Audit) -> None:
    elements = Page(as_html.render(hostile)).elements
    assert not [name for _, each in elements for name in each if _ACTIVE.fullmatch(name)]


def test_links_lead_into_the_page(hostile: Audit) -> None:
    page = Page(as_html.render(hostile))
    anchors = {f"#{each}" for each in page.values("id")}
    assert set(page.values("href")) <= anchors


def test_every_address_is_given_once(hostile: Audit, expanded: Expanded) -> None:
    text = as_html.render(hostile)
    anchors = [*Page(text).values("id"), *_addresses(expanded(text)[2:])]
    assert len(anchors) == len(set(anchors))
    assert all(re.fullmatch(r"[\w.~%@/-]+", each, re.ASCII) for each in anchors)


def _addresses(data: Any) -> list[str]:
    if isinstance(data, list):
        return [address for each in data for address in _addresses(each)]
    if not isinstance(data, dict):
        return []
    own = [data["at"]] if "at" in data else []
    return own + [address for each in data.values() for address in _addresses(each)]


def test_what_is_beyond_the_checklist_is_told_with_the_address_of_its_evidence(
    audit: Audit, expanded: Expanded
) -> None:
    _, _, platform, beyond, *workloads = expanded(as_html.render(audit))
    there = {row["at"] for each in (*platform, *workloads) for row in each["more"]}
    assert {each[0] for each in (*beyond["found"], *beyond["fine"])} <= there


def test_all_tags_are_closed(hostile: Audit) -> None:
    assert Page(as_html.render(hostile)).open == []


def test_nothing_hidden_gets_through(hostile: Audit, shown: Callable[[str], str]) -> None:
    assert all(line.isprintable() for line in shown(as_html.render(hostile)).split("\n"))


def test_no_data_can_end_the_element_it_stands_in(hostile: Audit) -> None:
    data = Page(as_html.render(hostile)).data
    assert len(data) == 4 + len(hostile.workloads)
    assert not [each for each in data if re.search("[<>&]", each)]


def test_the_policy_allows_the_style_and_scripts_of_the_page_and_nothing_else(page: Page) -> None:
    policies = [a["content"] for _, a in page.elements if a.get("http-equiv")]
    (style,), scripts = page.inline["style"], page.inline["script"]
    assert len(scripts) == 4
    allowed = " ".join(f"'{_hash(each)}'" for each in scripts)
    rules = f"style-src '{_hash(style)}'; script-src {allowed}; base-uri 'none'; form-action 'none'"
    assert policies == [f"default-src 'none'; {rules}"]


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def test_the_style_asks_for_nothing(page: Page) -> None:
    assert not re.search(r"url\(|@import", page.inline["style"][0])


def test_our_script_reads_no_text_as_markup(page: Page) -> None:
    ours = page.inline["script"][-1]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", ours)


def test_an_item_has_an_address(audit: Audit, expanded: Expanded) -> None:
    (one,) = expanded(as_html.render(replace(audit, workloads=audit.workloads[:1])))[4:]
    assert one["at"] == "fraud-model"
    assert {"fraud-model/4.6", "fraud-model/1.2"} <= {row["at"] for row in one["items"]}


def test_two_workloads_of_one_name_have_the_region_in_their_address(
    audit: Audit, expanded: Expanded
) -> None:
    found = _addresses(expanded(as_html.render(audit)))
    assert {"fraud-model@eu-west-1/4.6", "fraud-model@us-east-1/4.6"} <= set(found)


def test_a_workload_called_like_a_part_of_the_page_keeps_its_own_address(
    audit: Audit, expanded: Expanded
) -> None:
    one = replace(audit.workloads[0], name="/method")
    text = as_html.render(replace(audit, workloads=(one,)))
    assert "/method" in Page(text).values("id")
    assert "%2Fmethod" in _addresses(expanded(text))


def test_a_status_is_a_word_and_a_symbol(audit: Audit) -> None:
    badge = '<span class="badge not_assessed"><span aria-hidden="true">?</span> not assessed</span>'
    assert badge in as_html.render(audit)


def test_the_index_has_a_letter_for_every_item(audit: Audit, expanded: Expanded) -> None:
    index = expanded(as_html.render(audit))[0]
    assert [each[0] for each in index["items"]] == [text.id for text in audit.catalogue]
    assert {each[6] for each in index["workloads"]} == {"puhpfuufpn"}
    assert {each[8] for each in index["workloads"]} == {"huf", "p--"}


def test_without_a_script_a_table_tells_scores_and_gates(audit: Audit) -> None:
    table = as_html.render(audit).partition("<noscript>")[2].partition("</noscript>")[0]
    assert table.count("<tr>") == 1 + len(audit.workloads)
    assert "<td>5/8 (62.5 %)</td><td>4/8 (50.0 %)</td><td>cannot decide</td>" in table


@pytest.mark.parametrize(
    "says",
    [
        "5/8 (62.5 %)",
        "cannot decide",
        "5 of 8 applicable items are complete, and 8 are needed.",
        "fraud-model shifts 10 %",
        "AccessDeniedException",
        "access denied",
        "Set a canary in the deployment config of the endpoint.",
        "attested by a person",
        "3 pass (1 of them attested)",
        "attested by fraud-model on 2026-03-01 until 2026-06-01: fraud-model",
        "until 2026-06-01 (contradicted by what was seen): fraud-model",
        "exception until 2026-05-01, owner fraud-model, ticket fraud-model: a fix is scheduled",
        "the attestation of fraud-model for fraud-model expired on 2026-01-31",
        "arn:aws:sagemaker:eu-west-1:123456789012:model/forgotten",
        "15 % of the catalogue",
    ],
)
def test_the_page_says(says: str, audit: Audit, shown: Callable[[str], str]) -> None:
    assert says in html.unescape(shown(as_html.render(audit)))


def test_an_empty_account_says_so(audit: Audit) -> None:
    empty = replace(audit, workloads=(), orphans=(), gaps=())
    assert "No workload was found." in as_html.render(empty)


def test_ten_times_the_workloads_are_far_less_than_ten_times_the_page(
    audit: Audit, several_hundred: Audit
) -> None:
    few, many = as_html.render(audit), as_html.render(several_hundred)
    assert len(many) - len(few) < 300 * 6_000
