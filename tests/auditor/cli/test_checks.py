"""``mlaudit checks``: the checklist in a terminal and for programs."""

import json
from collections.abc import Callable

from typer.testing import Result

from mlaudit.catalog import catalogue

Run = Callable[..., Result]


def test_every_item_is_listed_a_line_each(run: Run) -> None:
    result = run("checks", "list")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [item.id for item in catalogue().items]
    assert lines[0].endswith(" Data repository")


def test_one_section_can_be_listed(run: Run) -> None:
    listed = run("checks", "list", "--section", "4").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [f"4.{number}" for number in range(1, 12)]


def test_programs_get_one_list_of_entries(run: Run) -> None:
    entries = json.loads(run("checks", "list", "--format", "json").stdout)
    assert [each["id"] for each in entries] == [item.id for item in catalogue().items]
    assert {each["id"] for each in entries if each["has_check"]} == set(catalogue().checks)


def test_an_item_is_shown_as_its_page(run: Run) -> None:
    result = run("checks", "show", "6.errors")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("# 6.errors ")
    assert "## How to fix" in result.stdout
