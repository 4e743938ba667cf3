import pytest

from mlaudit_reports.inert import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("fraud-model", "fraud-model"),
        ("größe 数据 🙂", "größe 数据 🙂"),
        ("two\r\n\tlines", "two lines"),
        ("\x1b[31m", "<U+001B>[31m"),
        ("a\u202eb", "a<U+202E>b"),
        ("\x00\ud800\u200b", "<U+0000><U+D800><U+200B>"),
        ("nothing\u00a0strange", "nothing\u00a0strange"),
    ],
)
def test_what_hides_is_spelled_out_and_the_rest_stays(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    assert visible("x" * 12, limit=10) == "xxxxxxxxxx… (2 more characters)"


def test_a_text_of_just_the_limit_is_whole() -> None:
    assert visible("x" * 10, limit=10) == "x" * 10
