import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from mlaudit.audit import Audit, LineagePicture
from mlaudit_reports import as_html

_VOID = frozenset({"meta", "input", "rect", "path"})
_ACTIVE = re.compile(r"on\w+|style|src|srcset|formaction|action|xlink:href", re.IGNORECASE)


class Page(HTMLParser):
    """A page taken apart: its elements with their attributes, and what its tags enclose."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline: dict[str, list[str]] = {"style": [], "script": []}
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(html)
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
        enclosed = self.inline.get(self.open[-1] if self.open else "", self.text)
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


def test_links_lead_into_the_page_or_to_the_guide(hostile: Audit) -> None:
    page = Page(as_html.render(hostile))
    anchors = {f"#{each}" for each in page.values("id")}
    for link in page.values("href"):
        assert link in anchors or link.startswith("https://docs.aws.amazon.com/")


def test_every_address_is_given_once(hostile: Audit) -> None:
    anchors = Page(as_html.render(hostile)).values("id")
    assert len(anchors) == len(set(anchors))
    assert all(re.fullmatch(r"[\w.~%@/-]+", each, re.ASCII) for each in anchors)


def test_a_guidance_that_is_no_web_address_is_not_linked(audit: Audit) -> None:
    bad = tuple(replace(text, guidance="javascript:alert(1)") for text in audit.catalogue)
    links = Page(as_html.render(replace(audit, catalogue=bad))).values("href")
    assert all(link.startswith("#") for link in links)


def test_all_tags_are_closed(hostile: Audit) -> None:
    assert Page(as_html.render(hostile)).open == []


def test_nothing_hidden_gets_through(hostile: Audit) -> None:
    assert all(line.isprintable() for line in as_html.render(hostile).split("\n"))


def test_the_policy_allows_the_style_and_script_of_the_page_and_nothing_else(page: Page) -> None:
    policies = [a["content"] for _, a in page.elements if a.get("http-equiv")]
    (style,), (script,) = page.inline["style"], page.inline["script"]
    allowed = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    assert policies == [f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"]


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def test_the_style_asks_for_nothing(page: Page) -> None:
    assert not re.search(r"url\(|@import", page.inline["style"][0])


def test_an_item_has_an_address(audit: Audit) -> None:
    alone = Page(as_html.render(replace(audit, workloads=audit.workloads[:1])))
    assert {"fraud-model", "fraud-model/4.6", "fraud-model/1.2"} <= set(alone.values("id"))


def test_two_workloads_of_one_name_have_the_region_in_their_address(page: Page) -> None:
    assert {"fraud-model@eu-west-1/4.6", "fraud-model@us-east-1/4.6"} <= set(page.values("id"))


def test_a_workload_called_like_a_part_of_the_page_keeps_its_own_address(audit: Audit) -> None:
    one = replace(audit.workloads[0], name="/method")
    anchors = Page(as_html.render(replace(audit, workloads=(one,)))).values("id")
    assert {"/method", "%2Fmethod"} <= set(anchors)


def test_a_status_is_a_word_and_a_symbol(audit: Audit) -> None:
    badge = '<span class="badge not_assessed"><span aria-hidden="true">?</span> not assessed</span>'
    assert badge in as_html.render(audit)


@pytest.mark.parametrize(
    "says",
    [
        "5/10",
        "62.5 %",
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
        "2 items have no check yet",
        "arn:aws:sagemaker:eu-west-1:123456789012:model/forgotten",
        "15 % of the catalogue",
    ],
)
def test_the_page_says(says: str, page: Page) -> None:
    assert says in "".join(page.text)


def test_a_lineage_is_told_in_words_too(page: Page) -> None:
    words = re.sub(r"\s+", " ", "".join(page.text))
    assert "model-package fraud-model is served by endpoint fraud-model" in words


def test_a_workload_without_lineage_has_no_picture(audit: Audit) -> None:
    bare = replace(audit.workloads[0], lineage=LineagePicture((), ()))
    assert 'class="drawing"' not in as_html.render(replace(audit, workloads=(bare,)))


def test_an_empty_account_says_so(audit: Audit) -> None:
    empty = replace(audit, workloads=(), orphans=(), gaps=())
    assert "No workload was found." in as_html.render(empty)
