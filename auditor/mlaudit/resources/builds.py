"""What CodeBuild runs, and what its tests reported. No field has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BuildProject:
    """A build project (``BatchGetProjects``); its build specification is not kept."""

    arn: str
    region: str
    name: str
    tags: Tags
    on_commit: bool
    """Whether a webhook starts it for pushes or change requests."""


@dataclass(frozen=True, slots=True)
class TestReport:
    """The newest report of a group whose tests all succeeded (``BatchGetReports``)."""

    __test__ = False

    arn: str
    region: str
    name: str
    """The name of its group, such as ``fraud-ci-integration``."""
    project: str
    """The name of the build project that made it."""
    tests: int
    reported_at: datetime
