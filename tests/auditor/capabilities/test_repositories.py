"""What checks and tests code, by the facts of checkouts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from mlaudit.capabilities.repositories import (
    code_analyses,
    commit_starts,
    extreme_tests,
    integration_tests,
    local_checks,
    smoke_tests,
    unit_tests,
)
from mlaudit.evidence import Evidence
from mlaudit.model import GLOBAL, GapReason
from mlaudit.resources.repository import FactKind, RepositoryFact
from mlaudit.sight import View
from mlaudit.testing import REGION, gap, view_of

PROVIDERS: tuple[Callable[[View], Evidence[Any]], ...] = (
    code_analyses,
    extreme_tests,
    integration_tests,
    local_checks,
    smoke_tests,
    unit_tests,
)
each_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.__name__)
SUITES: Mapping[FactKind, Callable[[View], Evidence[Any]]] = {
    FactKind.UNIT_TESTS: unit_tests,
    FactKind.INTEGRATION_TESTS: integration_tests,
    FactKind.SMOKE_TESTS: smoke_tests,
    FactKind.EXTREME_TESTS: extreme_tests,
}


def fact(
    kind: FactKind,
    tool: str = "",
    *,
    path: str = "a",
    on_commit: bool = False,
    local: bool = False,
) -> RepositoryFact:
    place = f"/{path}#L1:{kind}:{tool}" if kind is not FactKind.REPOSITORY else ""
    return RepositoryFact(
        arn=f"repo://app{place}",
        region=REGION,
        repository="app",
        workload=None,
        kind=kind,
        tool=tool,
        path=path,
        line=1,
        on_commit=on_commit,
        local=local,
    )


TOP = fact(FactKind.REPOSITORY)
CI = fact(FactKind.CI, "GitHub Actions", on_commit=True)
UNREAD = gap("repository:read", "repo://app/Makefile", region=GLOBAL, reason=GapReason.FAILED)


@each_provider
def test_without_a_repository_there_is_a_gap_and_nothing_else(
    provider: Callable[[View], Evidence[Any]],
) -> None:
    evidence = provider(view_of())
    assert evidence.items == ()
    assert [(each.code, each.reason) for each in evidence.gaps] == [
        ("NoRepository", GapReason.NO_CHECKOUT)
    ]


@each_provider
def test_what_was_not_read_of_a_repository_is_a_gap(
    provider: Callable[[View], Evidence[Any]],
) -> None:
    other = gap("repository:read", "repo://apple/Makefile", region=GLOBAL)
    assert provider(view_of(TOP, CI, gaps=[UNREAD, other])).gaps == (UNREAD,)


@pytest.mark.parametrize("kind", SUITES)
def test_suites_are_run_on_commit_or_not(kind: FactKind) -> None:
    there, run = fact(kind, path="tests"), fact(kind, "pytest", on_commit=True)
    found = SUITES[kind](view_of(TOP, CI, there, run))
    assert [each.practice.on_commit for each in found.items] == [True]
    assert found.items[0].practice.words == f"{kind} with pytest in app/a line 1"
    assert found.gaps == ()
    found = SUITES[kind](view_of(TOP, CI, there))
    assert [each.practice.on_commit for each in found.items] == [False]
    assert found.gaps == ()


@pytest.mark.parametrize("ci", [(), (fact(FactKind.CI, "CodeBuild"),)])
def test_a_trigger_that_is_not_in_the_repository_is_a_gap(ci: tuple[RepositoryFact, ...]) -> None:
    found = unit_tests(view_of(TOP, *ci, fact(FactKind.UNIT_TESTS)))
    assert [each.code for each in found.gaps] == ["TriggerNotInRepository"]
    assert [each.code for each in code_analyses(view_of(TOP, *ci)).gaps] == [
        "TriggerNotInRepository"
    ]
    # there is nothing it could start
    assert unit_tests(view_of(TOP, *ci)).gaps == ()


def test_tests_without_a_telling_name_may_be_of_any_kind() -> None:
    (missing,) = smoke_tests(view_of(TOP, CI, fact(FactKind.UNIT_TESTS))).gaps
    assert missing.code == "TestsNotNamed"
    assert missing.words == "what the tests of app try, as no name tells"


def test_analysers_have_an_aspect() -> None:
    facts = (
        fact(FactKind.STYLE, "ruff", path="pyproject.toml"),
        fact(FactKind.STYLE, "ruff", on_commit=True),
        fact(FactKind.SECURITY, "bandit"),
        fact(FactKind.INFRASTRUCTURE, path="main.tf"),
    )
    found = code_analyses(view_of(TOP, CI, *facts))
    assert [(each.aspect.value, each.practice.on_commit, each.present) for each in found.items] == [
        ("style", True, True),
        ("security", False, True),
        ("infrastructure", False, False),
    ]
    analysed = code_analyses(view_of(TOP, CI, *facts, fact(FactKind.INFRASTRUCTURE_CHECK, "kics")))
    assert all(each.present for each in analysed.items)


RUFF = fact(FactKind.STYLE, "ruff", path="Makefile", local=True, on_commit=True)
TESTS = fact(FactKind.UNIT_TESTS, "pytest", path="Makefile", local=True, on_commit=True)
LOCAL: dict[str, tuple[tuple[RepositoryFact, ...], tuple[int, int, bool, bool]]] = {
    "enforced": ((RUFF, TESTS), (1, 1, True, True)),
    "offered": (
        (
            fact(FactKind.STYLE, "ruff", path="Makefile", local=True),
            fact(FactKind.UNIT_TESTS, "pytest", path="Makefile", local=True),
        ),
        (1, 1, False, True),
    ),
    "by hand": (
        (fact(FactKind.STYLE, "ruff", path="ruff.toml"), fact(FactKind.UNIT_TESTS, path="tests")),
        (0, 0, False, True),
    ),
    "configured in a file that also calls": (
        (fact(FactKind.STYLE, "flake8", path="tox.ini", local=True),),
        (0, 0, False, False),
    ),
    "nothing": ((), (0, 0, False, False)),
}


@pytest.mark.parametrize(("facts", "expected"), LOCAL.values(), ids=LOCAL)
def test_what_developers_can_run(
    facts: tuple[RepositoryFact, ...], expected: tuple[int, int, bool, bool]
) -> None:
    (found,) = local_checks(view_of(TOP, *facts)).items
    assert (len(found.analyses), len(found.tests), found.enforced, found.by_hand) == expected


def test_ci_of_a_checkout_is_started_by_a_push_or_not() -> None:
    top = fact(FactKind.REPOSITORY)
    pushed = fact(FactKind.CI, "GitHub Actions", path="ci.yml", on_commit=True)
    by_hand = fact(FactKind.CI, "GitHub Actions", path="hand.yml")
    found = commit_starts(view_of(top, pushed, by_hand))
    assert [(each.words, each.started) for each in found.items] == [
        ("GitHub Actions in app/ci.yml line 1", True),
        ("GitHub Actions in app/hand.yml line 1", False),
    ]
    assert found.gaps == ()
