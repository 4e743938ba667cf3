"""What changed since an earlier audit, as the reports tell it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlaudit.audit import Audit
from mlaudit.standing import Trend
from mlaudit_reports import as_html, as_json, as_markdown, words

SINCE = datetime(2026, 3, 7, tzinfo=UTC)


@pytest.fixture
def compared(audit: Audit) -> Audit:
    first, second = audit.workloads
    trend = Trend(SINCE, 4, 8, better=("1.1",), worse=("6.1", "7.4"))
    return replace(audit, workloads=(replace(first, trend=trend), second))


@pytest.mark.parametrize(
    ("better", "worse", "says"),
    [
        ((), (), "no change since 4/8 on 2026-03-07"),
        (("1.1",), (), "1 better since 4/8 on 2026-03-07"),
        (("1.1",), ("6.1", "7.4"), "1 better, 2 worse since 4/8 on 2026-03-07"),
    ],
)
def test_a_change_in_words(better: tuple[str, ...], worse: tuple[str, ...], says: str) -> None:
    assert words.trend(Trend(SINCE, 4, 8, better, worse)) == says


def test_markdown_has_a_column_where_anything_was_compared(audit: Audit, compared: Audit) -> None:
    text = as_markdown.render(compared)
    assert "| Streaming gate | Trend |" in text
    assert "| cannot decide | 1 better, 2 worse since 4/8 on 2026-03-07 |" in text
    assert "| open | — |" in text
    assert "Trend" not in as_markdown.render(audit)


def test_the_page_has_one_too(audit: Audit, compared: Audit) -> None:
    assert '<button type="button" class="order" data-order="trend">' in as_html.render(compared)
    assert 'data-order="trend"' not in as_html.render(audit)


def test_the_page_names_the_items(compared: Audit, shown: Callable[[str], str]) -> None:
    text = shown(as_html.render(compared))
    assert "1 better, 2 worse since 4/8 on 2026-03-07. Worse: 6.1, 7.4. Better: 1.1" in text


def test_it_loads_back(compared: Audit) -> None:
    assert as_json.load(as_json.render(compared)) == compared
