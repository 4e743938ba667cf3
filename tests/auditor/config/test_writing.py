"""An attestation is added to the file, and everything else in it stays as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlaudit.config import ConfigError, parse_config
from mlaudit.config.writing import with_attestation
from mlaudit.declarations import Attestation

PATH = Path("mlaudit.yaml")
WORD = Attestation(
    "5.1", "fraud", "jo", date(2026, 3, 1), "https://x.example", date(2026, 5, 1), "done"
)
ENTRY = (
    '{i}- item: "5.1"\n{i}  workload: "fraud"\n{i}  who: "jo"\n{i}  when: 2026-03-01\n'
    '{i}  link: "https://x.example"\n{i}  expires: 2026-05-01\n{i}  statement: "done"\n'
)
OTHER = (
    '{i}- {{item: "5.2", workload: a, who: b, when: 2026-03-01, expires: 2026-03-02,'
    " link: https://b.example, statement: b}}"
)
FLAT, DEEP = ENTRY.format(i=""), ENTRY.format(i="    ")
ADDED = {
    "no file": ("", f"attestations:\n{FLAT}"),
    "other keys": ("window_days: 9 # short\n", f"window_days: 9 # short\nattestations:\n{FLAT}"),
    "no last line end": ("window_days: 9", f"window_days: 9\nattestations:\n{FLAT}"),
    "comments alone": ("# mine\n", f"# mine\nattestations:\n{FLAT}"),
    "a list, then more": (
        f"attestations:\n{OTHER.format(i='    ')}  # why\n\n# the window\nwindow_days: 9\n",
        f"attestations:\n{OTHER.format(i='    ')}  # why\n{DEEP}\n# the window\nwindow_days: 9\n",
    ),
    "a list at the end": (
        f"attestations:\n{OTHER.format(i='')}",
        f"attestations:\n{OTHER.format(i='')}\n{FLAT}",
    ),
    "a block text at the end of the list": (
        (
            'attestations:\n- item: "5.2"\n  workload: a\n  who: b\n  when: 2026-03-01\n'
            "  expires: 2026-03-02\n  link: https://b.example\n  statement: |\n    one\n    two\n"
            "window_days: 9\n"
        ),
        (
            'attestations:\n- item: "5.2"\n  workload: a\n  who: b\n  when: 2026-03-01\n'
            "  expires: 2026-03-02\n  link: https://b.example\n  statement: |\n    one\n    two\n"
            f"{FLAT}window_days: 9\n"
        ),
    ),
    "line ends of Windows": (
        "window_days: 9\r\n",
        f"window_days: 9\nattestations:\n{FLAT}".replace("\n", "\r\n"),
    ),
}


@pytest.mark.parametrize(("before", "after"), ADDED.values(), ids=ADDED)
def test_it_is_added_and_the_rest_stays(before: str, after: str) -> None:
    assert with_attestation(before, PATH, WORD) == after


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("attestations: []\n", "line 1: attestations: Write the list with one entry below"),
        ("attestations:\n", "attestations: "),
        (f"attestations: [{OTHER.format(i='')[2:]}]\n", "line 1: attestations: Write the list"),
        ("{window_days: 9}\n", "is not YAML"),
        ("--- \nwindow_days: 9\n...\n", "is not YAML"),
        ("window_days: none\n", "line 1: window_days: "),
        (f"attestations:\n{FLAT}", "already declared in attestations.0"),
    ],
)
def test_where_nothing_can_be_added_it_says_so(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=r"^mlaudit\.yaml") as raised:
        with_attestation(text, PATH, WORD)
    assert says in str(raised.value)


TEXTS = st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip()))


@given(who=TEXTS, statement=TEXTS, workload=st.text(min_size=1, max_size=60))
def test_any_text_is_read_back_as_it_was_given(who: str, statement: str, workload: str) -> None:
    word = Attestation(
        "5.1", workload, who, WORD.when, "https://x.example", WORD.expires, statement
    )
    assert parse_config(with_attestation("", PATH, word), PATH).declarations.attestations == (word,)
