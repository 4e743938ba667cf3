"""A workplace whose programs a test writes itself."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from mlaudit_reference.local.workplace import Workplace

Program = Callable[[str, str], None]


@pytest.fixture
def told() -> list[str]:
    """What a run said it was doing."""
    return []


@pytest.fixture
def place(tmp_path: Path, told: list[str]) -> Workplace:
    made = Workplace(tmp_path, told.append)
    made.code.mkdir(parents=True)
    return made


@pytest.fixture
def program(place: Workplace) -> Program:
    """Write a program into the code of the workplace."""

    def write(name: str, text: str) -> None:
        (place.code / name).write_text(textwrap.dedent(text), "utf-8")

    return write
