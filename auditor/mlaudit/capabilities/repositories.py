"""What checks and tests the team's code, as checkouts show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from mlaudit.capabilities import provider
from mlaudit.capabilities.builds import build_gaps, built_suites, runs_of_commits
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation
from mlaudit.resources import BuildProject, DeliveryPipeline, TestReport
from mlaudit.resources.repository import READ, FactKind, RepositoryFact
from mlaudit.sight import View

_STARTED_ELSEWHERE = frozenset({"CodeBuild", "Jenkins"})
"""CI systems whose triggers are not in the repository."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The facts of a workload's repositories, and what could not be read of them."""

    facts: tuple[RepositoryFact, ...]
    gaps: tuple[Gap, ...]

    def of(self, *kinds: FactKind) -> tuple[RepositoryFact, ...]:
        return tuple(each for each in self.facts if each.kind in kinds)


def _seen(view: View) -> _Seen:
    facts = tuple(
        each
        for each in view.region.all(RepositoryFact)
        if view.workload is None or each.workload in {None, view.workload}
    )
    tops = [each.arn for each in facts if each.kind is FactKind.REPOSITORY]
    if not tops:
        return _Seen((), (Gap(READ, view.region.name, "NoRepository", GapReason.NO_CHECKOUT),))
    unread = tuple(
        gap
        for gap in view.region.gaps_of(READ)
        if any(gap.subject == top or (gap.subject or "").startswith(f"{top}/") for top in tops)
    )
    return _Seen(facts, unread)


def _untold_triggers(view: View, seen: _Seen) -> tuple[Gap, ...]:
    """Repositories whose files do not tell what a commit starts: it may start anything."""
    systems = seen.of(FactKind.CI)
    return tuple(
        Gap.unread(READ, view.region.name, "TriggerNotInRepository", top.arn)
        for top in seen.of(FactKind.REPOSITORY)
        if all(
            ci.tool in _STARTED_ELSEWHERE and not ci.on_commit
            for ci in systems
            if ci.repository == top.repository
        )
    )


@dataclass(frozen=True, slots=True)
class Practice:
    """Something that checks code.

    Attributes:
        arn: The fact that shows it.
        words: It in words.
        on_commit: Whether CI runs it for every commit or change request.
    """

    arn: str
    words: str
    on_commit: bool

    def observed(self) -> Observation:
        """Exercised on the commit path, configured elsewhere."""
        if self.on_commit:
            return Observation(self.arn, Grade.EXERCISED, f"{self.words}, on every commit")
        return Observation(self.arn, Grade.CONFIGURED, f"{self.words}, and no commit starts it")


def _practices(facts: Iterable[RepositoryFact]) -> list[Practice]:
    """One practice for each tool of each repository, by the strongest fact about it."""
    best: dict[tuple[str, str, str], RepositoryFact] = {}
    for each in facts:
        key = (each.repository, each.kind, each.tool)
        if key not in best or (each.on_commit and not best[key].on_commit):
            best[key] = each
    return [
        Practice(each.arn, f"{_what(each)} in {each.where}", each.on_commit)
        for each in best.values()
    ]


def _what(fact: RepositoryFact) -> str:
    return f"{fact.kind} with {fact.tool}" if fact.tool else str(fact.kind)


class Aspect(StrEnum):
    """What static analysis looks at."""

    STYLE = "style"
    SECURITY = "security"
    INFRASTRUCTURE = "infrastructure"


_ASPECTS = {
    Aspect.STYLE: FactKind.STYLE,
    Aspect.SECURITY: FactKind.SECURITY,
    Aspect.INFRASTRUCTURE: FactKind.INFRASTRUCTURE_CHECK,
}


@dataclass(frozen=True, slots=True)
class CodeAnalysis:
    """A static analyser, or infrastructure code that none was seen for.

    Attributes:
        aspect: What it looks at.
        practice: The analyser; or what is not analysed.
        present: Whether there is an analyser.
    """

    aspect: Aspect
    practice: Practice
    present: bool


@provider
def code_analyses(view: View) -> Evidence[CodeAnalysis]:
    """The static analysers of a workload's repositories."""
    seen = _seen(view)
    items = [
        CodeAnalysis(aspect, each, present=True)
        for aspect, kind in _ASPECTS.items()
        for each in _practices(seen.of(kind))
    ]
    if not seen.of(FactKind.INFRASTRUCTURE_CHECK):
        items += [
            CodeAnalysis(
                Aspect.INFRASTRUCTURE,
                Practice(each.arn, f"infrastructure code in {each.where}", on_commit=False),
                present=False,
            )
            for each in seen.of(FactKind.INFRASTRUCTURE)[:1]
        ]
    return Evidence(tuple(items), (*seen.gaps, *_untold_triggers(view, seen)))


@dataclass(frozen=True, slots=True)
class LocalChecks:
    """What developers of one repository can run before they commit.

    Attributes:
        arn: The repository.
        analyses: The analysers that hooks or task runners call.
        tests: The test runners that they call.
        enforced: Whether CI calls both by the same hooks or task runners for every commit.
        by_hand: Whether there are analysers and tests, called by nothing of the repository.
        repository: Its name.
    """

    arn: str
    analyses: tuple[str, ...]
    tests: tuple[str, ...]
    enforced: bool
    by_hand: bool
    repository: str


_TESTS = (
    FactKind.UNIT_TESTS,
    FactKind.INTEGRATION_TESTS,
    FactKind.SMOKE_TESTS,
    FactKind.EXTREME_TESTS,
    FactKind.DATA_TESTS,
)
_ANALYSES = tuple(_ASPECTS.values())


@provider
def local_checks(view: View) -> Evidence[LocalChecks]:
    """What each repository of a workload offers to its developers."""
    seen = _seen(view)
    items = (_local(seen, top) for top in seen.of(FactKind.REPOSITORY))
    return Evidence(tuple(items), seen.gaps)


def _local(seen: _Seen, top: RepositoryFact) -> LocalChecks:
    own = [each for each in seen.facts if each.repository == top.repository]
    called = [each for each in own if each.local and each.line and each.tool]
    analyses = [each for each in called if each.kind in _ANALYSES and _is_call(each)]
    tests = [each for each in called if each.kind in _TESTS]
    return LocalChecks(
        arn=top.arn,
        analyses=tuple(sorted({each.tool for each in analyses})),
        tests=tuple(sorted({each.tool for each in tests})),
        enforced=any(each.on_commit for each in analyses) and any(each.on_commit for each in tests),
        by_hand=all(any(each.kind in kinds for each in own) for kinds in (_ANALYSES, _TESTS)),
        repository=top.repository,
    )


def _is_call(fact: RepositoryFact) -> bool:
    """A section of ``tox.ini`` that configures a tool calls nothing."""
    return fact.on_commit or not fact.path.endswith(("tox.ini", "pyproject.toml"))


@dataclass(frozen=True, slots=True)
class Suite:
    """What tests something: a base of the kinds that checks ask for."""

    practice: Practice


@dataclass(frozen=True, slots=True)
class UnitTests(Suite):
    """Unit tests of a repository."""


@dataclass(frozen=True, slots=True)
class IntegrationTests(Suite):
    """Tests of a repository that its names call integration or end-to-end tests."""


@dataclass(frozen=True, slots=True)
class SmokeTests(Suite):
    """Tests of a repository that its names call smoke tests."""


@dataclass(frozen=True, slots=True)
class ExtremeTests(Suite):
    """Tests of a repository that its names call tests of a model's extreme cases."""


@dataclass(frozen=True, slots=True)
class DataSuite(Suite):
    """What of a repository tests data: tests whose names say so, or a tool that is made for it."""


@dataclass(frozen=True, slots=True)
class LoadSuite(Suite):
    """Load tests of a repository: what its names call so, or a tool that is made for them."""


S = TypeVar("S", bound=Suite)


@provider
def unit_tests(view: View) -> Evidence[UnitTests]:
    """Unit tests, by what runs them or where they are."""
    return _suites(view, FactKind.UNIT_TESTS, UnitTests)


@provider
def integration_tests(view: View) -> Evidence[IntegrationTests]:
    """Integration tests, by what runs them or where they are."""
    return _suites(view, FactKind.INTEGRATION_TESTS, IntegrationTests)


@provider
def smoke_tests(view: View) -> Evidence[SmokeTests]:
    """Smoke tests, by what runs them or where they are."""
    return _suites(view, FactKind.SMOKE_TESTS, SmokeTests)


@provider
def extreme_tests(view: View) -> Evidence[ExtremeTests]:
    """Tests of extreme cases, by what runs them or where they are."""
    return _suites(view, FactKind.EXTREME_TESTS, ExtremeTests)


@provider
def data_suites(view: View) -> Evidence[DataSuite]:
    """Tests of data, by what runs them or where they are."""
    return _suites(view, FactKind.DATA_TESTS, DataSuite)


@provider
def load_suites(view: View) -> Evidence[LoadSuite]:
    """Load tests, by what runs them or where they are."""
    return _suites(view, FactKind.LOAD_TESTS, LoadSuite)


def _suites(view: View, kind: FactKind, made: type[S]) -> Evidence[S]:
    """The suites of a kind, in checkouts and in what the build services of AWS ran.

    Where no name tells of that kind, tests that are there may be of it: that is a gap, and so is a
    trigger that the repository does not tell, if there is something it could start.
    """
    seen = _seen(view)
    built = built_suites(view, kind)
    suites = _practices(seen.of(kind))
    suites += [Practice(each.arn, each.words, each.on_commit) for each in built]
    run = [each for each in suites if each.on_commit]
    gaps = tuple(dict.fromkeys((*seen.gaps, *build_gaps(view))))
    if suites and not run:
        gaps += _untold_triggers(view, seen)
    if not suites:
        gaps += tuple(
            Gap.unread(READ, view.region.name, "TestsNotNamed", top.arn)
            for top in seen.of(FactKind.REPOSITORY)
            if any(each.repository == top.repository for each in seen.of(*_TESTS))
        )
    return Evidence(tuple(made(each) for each in run or suites), gaps)


@dataclass(frozen=True, slots=True)
class CommitStart:
    """Something that commits may start.

    Attributes:
        arn: It.
        words: It in words.
        started: Whether they do; ``None`` where they are to, and nothing tells that one did.
    """

    arn: str
    words: str
    started: bool | None


@provider
def commit_starts(view: View) -> Evidence[CommitStart]:
    """CI of the checkouts, build projects with a webhook, and delivery pipelines.

    A commit is seen to have started a build where its tests reported, and a delivery where the
    execution tells what set it off.
    """
    seen = _seen(view)
    items = (*_ci(seen), *_builds(view), *_deliveries(view))
    gaps = (*seen.gaps, *build_gaps(view), *_untold_triggers(view, seen))
    return Evidence(items, tuple(dict.fromkeys(gaps)))


def _ci(seen: _Seen) -> Iterator[CommitStart]:
    for each in seen.of(FactKind.CI):
        yield CommitStart(each.arn, f"{each.tool} in {each.where}", each.on_commit)


def _builds(view: View) -> Iterator[CommitStart]:
    reports = view.region.by(TestReport, "project")
    for each in view.items(BuildProject):
        if each.on_commit:
            started = bool(reports.get(each.name)) or None
            yield CommitStart(each.arn, f"build project {each.name}", started)


def _deliveries(view: View) -> Iterator[CommitStart]:
    for each in view.items(DeliveryPipeline):
        started = any(run.status == "Succeeded" for run in runs_of_commits(view, each))
        yield CommitStart(each.arn, f"delivery pipeline {each.name}", started)
