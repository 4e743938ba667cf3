"""``mlaudit reference`` compiles a manifest, and says clearly what is wrong with one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.capabilities import capabilities
from mlaudit_reference.manifest import example

Run = Callable[..., Any]


def test_the_example_can_be_compiled_as_it_is(run: Run, elsewhere: Path) -> None:
    (elsewhere / "pipeline.yaml").write_text(run("reference", "example").output)
    ended = run("reference", "compile", "--out", "made")
    assert ended.exit_code == 0
    made = {path.relative_to(elsewhere).as_posix() for path in elsewhere.glob("made/**/*.*")}
    assert {f"Wrote {name}" for name in made if Path(name).suffix} >= {
        "Wrote made/stacks.json",
        "Wrote made/templates/foundation.yaml",
    }
    assert set(ended.output.splitlines()) == {f"Wrote {name}" for name in _files(elsewhere)}


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix() for path in folder.glob("made/**/*") if path.is_file()
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "There is no pipeline.yaml. Start from one: mlaudit reference example"),
        ("{", "pipeline.yaml is not YAML"),
        ("[]", "pipeline.yaml: the file: "),
        ("name: a\nname: b\n", "line 2: name: It is given twice"),
        (
            example().replace("auc_min: 0.70", "auc_min: 70"),
            "evaluation.auc_min: Input should be less than or equal to 1",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    end: Callable[..., Any], elsewhere: Path, text: str | None, says: str
) -> None:
    if text is not None:
        (elsewhere / "pipeline.yaml").write_text(text)
    ended = end("reference", "compile", "--out", "made")
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert not (elsewhere / "made").exists()


def test_capabilities_are_printed_as_a_table_and_as_json(run: Run) -> None:
    found = json.loads(run("reference", "capabilities", "--format", "json").output)
    assert [each["id"] for each in found] == [each.id for each in capabilities()]
    table = run("reference", "capabilities").output.split()
    assert {word for each in capabilities() for word in each.title.split()} <= set(table)


def test_an_unknown_format_is_named(end: Callable[..., Any]) -> None:
    ended = end("reference", "capabilities", "--format", "xml")
    assert ended.code == 2
    assert "There is no format 'xml'. Choose from json, text." in ended.err
