"""What a scenario brings beside its account, and where it lies while somebody uses it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlaudit.emulator import ScenarioError, companions, load_scenario

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def scenario(folder: Path, files: Mapping[str, str]) -> str:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder / "own.yaml")


def test_its_files_lie_where_they_can_be_read_until_the_block_ends(tmp_path: Path) -> None:
    own = {
        "own.yaml": "config: decided.yaml\nrepositories: {credit: code.yaml}",
        "decided.yaml": "# from ${day:-2d} to ${day:+30d}\n",
        "code.yaml": "Makefile: 'test:'\ntests/test_it.py: |\n  assert '${{ matrix.os }}'\n",
    }
    with companions(load_scenario(scenario(tmp_path, own)), NOW) as brought:
        assert brought.config
        assert brought.config.read_text(encoding="utf-8") == "# from 2026-02-27 to 2026-03-31\n"
        workload, _, folder = brought.repositories[0].partition("=")
        assert (workload, Path(folder).name) == ("credit", "credit")
        found = {path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.*")}
        assert found == {"tests/test_it.py"}
        test = (Path(folder) / "tests/test_it.py").read_text(encoding="utf-8")
        assert test == "assert '${{ matrix.os }}'\n"
    assert not brought.config.exists()
    assert not Path(folder).exists()


def test_one_that_brings_nothing_leaves_everything_to_the_user() -> None:
    with companions(load_scenario("empty"), NOW) as brought:
        assert (brought.config, brought.repositories) == (None, ())


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"own.yaml": "config: gone.yaml"}, "gone.yaml cannot be read"),
        ({"own.yaml": "config: c.yaml", "c.yaml": "${day:soon}"}, "c.yaml: 'soon' is not a time"),
        ({"own.yaml": "config: c.yaml", "c.yaml": "${who}"}, "c.yaml: ${who} is not known here"),
        ({"own.yaml": "repositories: {a: gone.yaml}"}, "gone.yaml cannot be read"),
        ({"own.yaml": "repositories: {a: r.yaml}", "r.yaml": "[x]"}, "r.yaml does not give texts"),
        ({"own.yaml": "repositories: {a: r.yaml}", "r.yaml": "x: {}"}, "r.yaml does not give"),
        (
            {"own.yaml": "repositories: {a: r.yaml}", "r.yaml": "../x: y"},
            "'../x' is no path inside",
        ),
        ({"own.yaml": "repositories: {a: r.yaml}", "r.yaml": "/x: y"}, "'/x' is no path inside"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, files: Mapping[str, str], words: str) -> None:
    loaded = load_scenario(scenario(tmp_path, files))
    with pytest.raises(ScenarioError, match=re.escape(words)), companions(loaded, NOW):
        pass


@pytest.mark.parametrize("name", ["..", "a/b", "/a"])
def test_a_workload_whose_name_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError, match="repositories"):
        load_scenario(scenario(tmp_path, {"own.yaml": f"repositories: {{'{name}': r.yaml}}"}))
