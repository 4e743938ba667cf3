"""Which code answers requests, and what it checks of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlaudit.probe.requests import check_in, may_answer
from mlaudit.resources.repository import FactKind, RepositoryFact
from mlaudit.snapshot import Snapshot

ENTRY = "def input_fn(body, content_type):\n"
FOUND: dict[str, tuple[str, tuple[int, str] | None]] = {
    "a schema": (f"import json\nfrom pydantic import BaseModel\n{ENTRY}", (2, "pydantic")),
    "a schema in JSON": (f"import jsonschema\n{ENTRY}", (1, "jsonschema")),
    "assertions": (f"{ENTRY}    assert body\n", (2, "assertions")),
    "an error": (f"{ENTRY}    raise ValueError(body)\n", (2, "assertions")),
    "a route": (
        "from pydantic import BaseModel\n@app.post('/score')\ndef score(): ...\n",
        (1, "pydantic"),
    ),
    "an entry that checks nothing": (f"{ENTRY}    return body\n", None),
    "an assertion before the entry": (f"assert True\n{ENTRY}    return body\n", None),
    "code that answers nothing": ("import pydantic\n", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND)
def test_a_check_is_found_in_code_that_answers(text: str, expected: tuple[int, str] | None) -> None:
    assert check_in(text) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/inference.py", True),
        ("serving/app.py", True),
        ("lambda_function.py", True),
        ("tests/test_inference.py", False),
        ("src/train.py", False),
        ("inference.md", False),
    ],
)
def test_names_tell_where_requests_are_answered(path: str, *, expected: bool) -> None:
    assert may_answer(path) is expected


def test_a_checkout_shows_it(write: Callable[..., Path], seen: Callable[..., Snapshot]) -> None:
    found = seen(write({"src/inference.py": f"import pydantic\n{ENTRY}", "src/train.py": ENTRY}))
    facts = [
        (each.tool, each.path, each.line)
        for each in found.resources
        if isinstance(each, RepositoryFact) and each.kind is FactKind.REQUEST_CHECKS
    ]
    assert facts == [("pydantic", "src/inference.py", 1)]
