"""What a checkout of the team's code shows. It comes from files, not from AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

READ = "repository:read"
"""What a gap about a repository names as its operation."""


class FactKind(StrEnum):
    """What a fact speaks of. The values are part of snapshot files."""

    REPOSITORY = "repository"
    CI = "ci"
    HOOK = "hook"
    TASK_RUNNER = "task runner"
    STYLE = "style analysis"
    SECURITY = "security analysis"
    INFRASTRUCTURE_CHECK = "infrastructure analysis"
    UNIT_TESTS = "unit tests"
    INTEGRATION_TESTS = "integration tests"
    SMOKE_TESTS = "smoke tests"
    LOAD_TESTS = "load tests"
    EXTREME_TESTS = "tests of extreme cases"
    DATA_TESTS = "data tests"
    COVERAGE = "coverage"
    NOTEBOOK = "notebook"
    INFRASTRUCTURE = "infrastructure"
    LOCK_FILE = "lock file"
    RUNBOOK = "runbook"
    REQUEST_CHECKS = "request checks"


SUITE_WORDS: Mapping[FactKind, str] = {
    FactKind.INTEGRATION_TESTS: r"integration|integ|e2e|end[_-]?to[_-]?end|acceptance",
    FactKind.SMOKE_TESTS: r"smoke|sanity",
    FactKind.LOAD_TESTS: (
        r"(?:load|stress|perf(?:ormance)?)[_-]?tests?|load[_-]?testing|locustfile"
    ),
    FactKind.EXTREME_TESTS: (
        r"extremes?|edge[_-]?cases?|corner[_-]?cases?|adversarial|robustness|fuzz(?:ing)?"
        r"|invariance|boundar(?:y|ies)|out[_-]?of[_-]?range"
    ),
    FactKind.DATA_TESTS: (
        r"data[_-]?(?:quality|validation|schemas?|contracts?)|expectations?|pandera|deequ"
    ),
}
"""What a suite of each kind is called."""


@dataclass(frozen=True, slots=True)
class RepositoryFact:
    """One thing that a file of a repository shows.

    Attributes:
        arn: ``repo://repository/path#Lline:kind:tool``; of the repository itself the first part.
        region: The region whose workloads it was read for.
        repository: The repository's name.
        workload: The workload it belongs to; ``None`` when it is of all workloads of the scan.
        kind: What the fact speaks of.
        tool: The tool, the hook or the CI system; empty where there is none.
        path: The file, from the top of the repository.
        line: Its line, from 1; 0 where the whole file is meant.
        on_commit: Whether CI calls it for every commit or change request.
        local: Whether the file is what developers call on their machines: hooks, task runners.
    """

    arn: str
    region: str
    repository: str
    workload: str | None
    kind: FactKind
    tool: str
    path: str
    line: int
    on_commit: bool
    local: bool

    @property
    def where(self) -> str:
        """The place, in words."""
        return f"{self.repository}/{self.path}" + (f" line {self.line}" if self.line else "")
