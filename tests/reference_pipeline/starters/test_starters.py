"""Files to start from: they help, they claim nothing, and no test of them passes untested."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema

from mlaudit.catalog import catalogue
from mlaudit.config import parse_config
from mlaudit.probe.ci import read_ci, system_of
from mlaudit.probe.facts import facts_of, is_wanted
from mlaudit.probe.files import Tree, read_tree
from mlaudit.probe.suites import is_test, kinds_of
from mlaudit.remediate.checkout import write_files
from mlaudit.resources.repository import FactKind
from mlaudit_reference.starters import (
    Host,
    Offered,
    Starter,
    all_starters,
    attestable,
    ci,
    starters,
)

EVERY = frozenset(item.id for item in catalogue().items)


def offered(host: Host = Host.GITHUB, workload: str = "fraud") -> tuple[Offered, ...]:
    return starters(EVERY, host, workload)


def written(host: Host = Host.GITHUB, workload: str = "fraud") -> dict[str, bytes]:
    return {path: text for each in offered(host, workload) for path, text in each.contents.items()}


@pytest.fixture(params=all_starters(), ids=lambda each: str(each.id))
def starter(request: pytest.FixtureRequest) -> Starter:
    found: Starter = request.param
    return found


def test_it_speaks_of_items_of_the_checklist(starter: Starter) -> None:
    assert set(starter.items) <= EVERY
    assert starter.items or starter.id == "attestations"
    assert set(attestable()) <= EVERY


def test_it_says_what_it_does_not_prove_and_what_has_to_happen(starter: Starter) -> None:
    assert starter.not_proven.startswith("A file proves nothing: ")
    assert starter.exercise
    assert starter.risk
    assert starter.effort > 0
    assert all(each.about for each in starter.files)


def test_every_starter_is_offered_for_every_host_with_its_own_paths() -> None:
    for host in Host:
        found = offered(host)
        assert [each.starter.id for each in found] == [each.id for each in all_starters()]
        paths = [path for each in found for path in each.contents]
        assert len(paths) == len(set(paths))


@pytest.mark.parametrize(
    ("items", "ids"),
    [
        (set(), []),
        ({"4.1"}, []),
        ({"5.1"}, ["pre-commit", "attestations"]),
        ({"7.3", "9.1"}, ["runbook-rollback", "attestations"]),
        ({"5.8"}, ["load-test", "attestations"]),
    ],
)
def test_only_what_helps_is_offered(items: set[str], ids: list[str]) -> None:
    found = starters(items, Host.GITHUB, "fraud")
    assert [each.starter.id for each in found] == ids
    assert all(set(each.items) <= items for each in found)


def test_no_file_is_left_over() -> None:
    folder = Path(ci.__file__).parent / "files"
    used = {each.source for one in all_starters() for each in one.files} - {"made"}
    assert used == {path.name for path in folder.iterdir()}


def skeletons() -> dict[str, str]:
    return {
        path: text.decode()
        for path, text in written().items()
        if is_test(path) and not path.endswith("locustfile.py")
    }


def test_no_skeleton_is_taken_for_tests_before_it_is_filled_in() -> None:
    assert skeletons()
    for path, text in skeletons().items():
        assert list(kinds_of(path, text)) == []
        first, _, rest = text.partition("\n")
        assert "Take this line away" in first
        assert list(kinds_of(path, rest))


def test_each_skeleton_becomes_a_suite_of_the_kind_that_it_is_for() -> None:
    kinds = {kind for path, text in skeletons().items() for kind, _ in kinds_of(path, text[80:])}
    assert kinds == {
        FactKind.UNIT_TESTS,
        FactKind.INTEGRATION_TESTS,
        FactKind.SMOKE_TESTS,
        FactKind.EXTREME_TESTS,
        FactKind.DATA_TESTS,
    }


@pytest.mark.slow
def test_every_test_of_a_skeleton_fails_until_it_is_filled_in(tmp_path: Path) -> None:
    write_files(tmp_path, {path: text.encode() for path, text in skeletons().items()})
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    count = sum(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for text in skeletons().values()
        for node in ast.walk(ast.parse(text))
    )
    assert ended.returncode == 1
    (failed,) = re.findall(r"(\d+) failed", ended.stdout)
    assert int(failed) >= count
    assert "passed" not in ended.stdout
    assert "error" not in ended.stdout.splitlines()[-1]


def tree(tmp_path: Path, host: Host) -> Tree:
    write_files(tmp_path, written(host))
    return read_tree(tmp_path, is_wanted)


@pytest.mark.parametrize("host", Host)
def test_a_repository_of_nothing_else_shows_no_tests_and_no_runbook(
    tmp_path: Path, host: Host
) -> None:
    kinds = {each.kind for each in facts_of("it", None, tree(tmp_path, host))}
    suites = {
        FactKind.UNIT_TESTS,
        FactKind.INTEGRATION_TESTS,
        FactKind.SMOKE_TESTS,
        FactKind.EXTREME_TESTS,
        FactKind.DATA_TESTS,
        FactKind.RUNBOOK,
        FactKind.REQUEST_CHECKS,
    }
    assert not kinds & suites
    assert {FactKind.CI, FactKind.HOOK} <= kinds


@pytest.mark.parametrize("host", Host)
def test_every_host_runs_the_hooks_and_the_tests(host: Host) -> None:
    text = ci.text_for(host, "# Origin\n")
    path = next(path for each in offered(host) if each.starter.id == "ci" for path in each.contents)
    system = system_of(path)
    assert system
    read = read_ci(path, system, text)
    commands = " ".join(each.text for each in read.commands)
    assert all(each in commands for each in ci.RUNS)
    assert read.on_commit == (host in {Host.GITHUB, Host.GITLAB})


@pytest.mark.parametrize(
    ("host", "schema"), [(Host.GITHUB, "github-workflows"), (Host.GITLAB, "gitlab-ci")]
)
def test_a_host_takes_its_file(host: Host, schema: str) -> None:
    document = yaml.safe_load(ci.text_for(host, ""))
    jsonschema.validate(document, get_builtin_schema(schema))


def test_the_configuration_claims_nothing() -> None:
    text = written()["mlaudit.yaml"].decode()
    assert parse_config(text, Path("mlaudit.yaml")) == parse_config("", Path("mlaudit.yaml"))


HOSTILE = "fraud\n- item: 9.9\n# x: ]"


def test_taking_the_marks_away_leaves_entries_that_still_say_nothing() -> None:
    text = written(workload=HOSTILE)["mlaudit.yaml"].decode()
    entries = re.findall(r"^# (attestations:|- item.*|  \w+:.*)$", text, re.MULTILINE)
    document = yaml.safe_load("\n".join(entries))
    assert {each["item"] for each in document["attestations"]} == set(attestable())
    assert {each["workload"] for each in document["attestations"]} == {HOSTILE}
    assert not any(each["who"] or each["statement"] for each in document["attestations"])


def test_a_badly_chosen_name_stays_a_name() -> None:
    for path, content in written(workload=HOSTILE + '"""\nimport os').items():
        text = content.decode()
        assert "\n- item: 9.9" not in text, path
        assert "WORKLOAD" not in text, path
        if path.endswith(".py"):
            assert "os" not in {
                name.name
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Import)
                for name in node.names
            } or path.endswith("locustfile.py")


def test_the_load_test_sends_nothing_until_it_is_told_where_to() -> None:
    text = written()["load/locustfile.py"].decode()
    guard, calls = text.index("raise SystemExit"), text.index("invoke_endpoint(")
    assert guard < calls
    assert not re.search(r"arn:aws|https?://", text)
