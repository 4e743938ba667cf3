"""What small repositories show: tools, tests, and what a commit starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlaudit.catalog import catalogue
from mlaudit.engine import assess
from mlaudit.errors import MlauditError
from mlaudit.model import Status
from mlaudit.probe import checkouts
from mlaudit.resources.repository import FactKind, RepositoryFact
from mlaudit.sight import Region, View
from mlaudit.snapshot import Snapshot, read_snapshot, write_snapshot
from mlaudit.testing import REGION, snapshot

from .shapes import GITHUB, GITLAB, HOOKS, JENKINS, MAKE, WORKFLOW

Seen = Callable[..., Snapshot]
ROOT = Path(__file__).parents[3]
ITEMS = ("5.1", "5.2", "5.5", "5.6", "5.7", "5.10")


def facts(found: Snapshot) -> list[RepositoryFact]:
    return [each for each in found.resources if isinstance(each, RepositoryFact)]


def on_commit(found: Snapshot) -> set[tuple[str, str]]:
    return {
        (each.kind.value, each.tool)
        for each in facts(found)
        if each.on_commit and each.kind is not FactKind.CI
    }


def statuses(found: Snapshot, workload: str | None = "fraud") -> dict[str, str]:
    view = View(Region(found, REGION), frozenset(), frozenset(), workload)
    return {item: assess(catalogue().checks[item], view).status.value for item in ITEMS}


ON_COMMIT = {
    "GitHub Actions": (
        GITHUB,
        {
            ("style analysis", "ruff"),
            ("security analysis", "bandit"),
            ("infrastructure analysis", "checkov"),
            ("unit tests", "pytest"),
            ("integration tests", "pytest"),
            ("smoke tests", "pytest"),
            ("tests of extreme cases", "pytest"),
        },
    ),
    "a script that calls make": (MAKE, {("style analysis", "mypy"), ("unit tests", "pytest")}),
    "GitLab CI that calls tox": (
        GITLAB,
        {("security analysis", "sast"), ("style analysis", "flake8"), ("unit tests", "pytest")},
    ),
    "hooks alone": (HOOKS, set()),
    "Jenkins": (JENKINS, set()),
}


@pytest.mark.parametrize(("files", "expected"), ON_COMMIT.values(), ids=ON_COMMIT)
def test_what_a_commit_starts(
    files: dict[str, str], expected: set[tuple[str, str]], write: Callable[..., Path], seen: Seen
) -> None:
    found = seen(write(files))
    assert on_commit(found) == expected
    assert found.gaps == ()


STATUSES = {
    "GitHub Actions": (
        GITHUB,
        ["partial", "pass", "pass", "pass", "pass", "pass"],
    ),
    "make": (MAKE, ["pass", "partial", "pass", "partial", "not_assessed", "not_assessed"]),
    "GitLab CI": (GITLAB, ["pass", "pass", "pass", "not_assessed", "partial", "not_assessed"]),
    "hooks alone": (
        HOOKS,
        ["partial", "not_assessed", "not_assessed", *["not_assessed"] * 3],
    ),
    "Jenkins": (JENKINS, ["partial", "not_assessed", "not_assessed", *["not_assessed"] * 3]),
    "nothing": ({"README.md": ""}, ["fail", "not_assessed", "fail", "fail", "fail", "fail"]),
}


@pytest.mark.parametrize(("files", "expected"), STATUSES.values(), ids=STATUSES)
def test_verdicts_also_from_a_file(
    files: dict[str, str],
    expected: list[str],
    write: Callable[..., Path],
    seen: Seen,
    tmp_path: Path,
) -> None:
    found = seen(write(files))
    assert list(statuses(found).values()) == expected
    write_snapshot(found, tmp_path / "seen.json.gz")
    replayed = read_snapshot(tmp_path / "seen.json.gz")
    assert replayed == found
    assert list(statuses(replayed).values()) == expected


def test_without_a_repository_nothing_is_judged() -> None:
    assert set(statuses(snapshot()).values()) == {Status.NOT_ASSESSED.value}


def test_a_repository_of_one_workload_says_nothing_of_another(
    write: Callable[..., Path], seen: Seen
) -> None:
    found = seen(f"fraud={write(GITHUB)}")
    assert statuses(found)["5.5"] == "pass"
    assert statuses(found, None)["5.5"] == "pass"
    assert set(statuses(found, "churn").values()) == {"not_assessed"}


@pytest.mark.parametrize(
    "trigger", ["schedule: [{cron: '0 0 * * *'}]", "workflow_dispatch:", "workflow_call:"]
)
def test_ci_that_no_commit_starts_is_partial(
    trigger: str, write: Callable[..., Path], seen: Seen
) -> None:
    text = WORKFLOW.replace("  push:\n  pull_request:\n", f"  {trigger}\n")
    found = seen(write({**GITHUB, ".github/workflows/ci.yml": text}))
    assert on_commit(found) == set()
    assert set(statuses(found).values()) == {"partial"}


def test_installing_a_tool_is_not_calling_it(write: Callable[..., Path], seen: Seen) -> None:
    text = "on: push\njobs: {a: {steps: [{run: 'pip install bandit && echo ruff'}]}}\n"
    assert on_commit(seen(write({".github/workflows/ci.yml": text}))) == set()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".circleci/config.yml", "jobs: {a: {steps: [{run: {command: mypy}}]}}"),
        ("azure-pipelines.yml", "trigger: [main]\nsteps: [{script: mypy}]"),
        ("bitbucket-pipelines.yml", "pipelines: {default: [{step: {script: [mypy]}}]}"),
        (".github/workflows/a.yml", "on: push\njobs: {a: {steps: [{uses: x/mypy-action@v1}]}}"),
        ("Jenkinsfile", "triggers { githubPush() }\nsh 'mypy'"),
    ],
)
def test_every_ci_system_is_read(
    path: str, text: str, write: Callable[..., Path], seen: Seen
) -> None:
    assert on_commit(seen(write({path: text}))) == {("style analysis", "mypy")}


def test_package_scripts_sessions_and_recipes_are_followed(
    write: Callable[..., Path], seen: Seen
) -> None:
    files = {
        ".github/workflows/a.yml": (
            "on: push\njobs: {a: {steps: [{run: npm run lint}, {run: nox -s types}, {run: just s},"
            " {run: pre-commit run}]}}"
        ),
        "package.json": '{"scripts": {\n  "lint": "eslint .",\n  "fix": "prettier ."\n}}',
        "noxfile.py": "def types(session):\n    session.run('mypy')\ndef more(s):\n    pylint\n",
        "justfile": "default:\n    black .\ns: t\n    semgrep ci\nt:\n    gitleaks detect\n",
        ".pre-commit-config.yaml": "repos: [{hooks: [{id: detect-secrets}]}]",
    }
    assert {tool for _, tool in on_commit(seen(write(files)))} == {
        "detect-secrets", "eslint", "gitleaks", "mypy", "semgrep"
    }  # fmt: skip


def test_plain_files_and_notebooks_that_git_knows(write: Callable[..., Path], seen: Seen) -> None:
    files = {"a.ipynb": "{}", "uv.lock": "", "docs/runbook.md": "", "infra/main.tf": ""}
    kinds = {each.kind.value for each in facts(seen(write(files, git=True)))}
    assert kinds == {"repository", "notebook", "lock file", "runbook", "infrastructure"}
    untracked = {each.kind.value for each in facts(seen(write(files, "other")))}
    assert "notebook" not in untracked


def test_this_repository_checks_itself(seen: Seen) -> None:
    assert statuses(seen(ROOT))["5.1"] == "pass"


SELECTIONS = {
    "all": ("pytest", {"unit tests", "integration tests", "data tests"}),
    "a folder": ("pytest -q tests/unit/", {"unit tests"}),
    "two folders": ("pytest ./tests/unit tests/integration", {"unit tests", "integration tests"}),
    "a folder that is a value": (
        "pytest --cov src",
        {"unit tests", "integration tests", "data tests"},
    ),
    "a folder that an image gets": (
        "docker run -v .:src src pytest",
        {"unit tests", "integration tests", "data tests"},
    ),
    "a folder without tests": ("pytest --nbmake notebooks", set[str]()),
    "a folder that is not there": (
        "pytest elsewhere",
        {"unit tests", "integration tests", "data tests"},
    ),
    "what no test runner runs": ("pytest load", set[str]()),
}


@pytest.mark.parametrize(("command", "expected"), SELECTIONS.values(), ids=SELECTIONS)
def test_a_runner_runs_what_is_below_the_folders_it_is_given(
    command: str, expected: set[str], write: Callable[..., Path], seen: Seen
) -> None:
    files = {
        ".github/workflows/a.yml": f"on: push\njobs: {{a: {{steps: [{{run: '{command}'}}]}}}}\n",
        "tests/unit/test_a.py": "",
        "tests/integration/test_b.py": "",
        "tests/data_quality/test_c.py": "",
        "notebooks/a.ipynb": "{}",
        "load/locustfile.py": "",
        "src/a.py": "",
    }
    assert {kind for kind, _ in on_commit(seen(write(files)))} - {"coverage"} == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("nox -s lint types", {"ruff", "mypy"}),
        ("nox --session=lint", {"ruff"}),
        ("nox -s lint -- types", {"ruff"}),
        ('sh -c \\"nox -e types\\"', {"mypy"}),
        ("nox", {"ruff", "mypy"}),
    ],
)
def test_sessions_are_those_that_are_named(
    call: str, expected: set[str], write: Callable[..., Path], seen: Seen
) -> None:
    files = {
        ".github/workflows/a.yml": f'on: push\njobs: {{a: {{steps: [{{run: "{call}"}}]}}}}\n',
        "noxfile.py": (
            "def lint(session):\n    session.install('bandit')\n    session.run('ruff')\n"
            "def types(session):\n    session.run('mypy')\n"
        ),
    }
    assert {tool for _, tool in on_commit(seen(write(files)))} == expected


def test_two_checkouts_of_one_name_stay_two(write: Callable[..., Path]) -> None:
    one, other = write({}, "a/app"), write({}, "b/app")
    assert [each.name for each in checkouts([f"x={one}", str(other)])] == ["app", "app-2"]


@pytest.mark.parametrize("given", ["", "missing", "name=missing", "=", "=/", "a\0b", "x" * 5000])
def test_what_is_no_folder_is_refused(given: str) -> None:
    with pytest.raises(MlauditError, match="--repo takes the folder of a checkout"):
        checkouts([given])
