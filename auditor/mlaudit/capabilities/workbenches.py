"""Where people of the platform work: editors in the cloud, tied to version control or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import WorkEnvironment
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Workbench:
    """An environment in the cloud in which people write and try code.

    Attributes:
        arn: The environment.
        words: It in words.
        tied: What ties it to version control or to one's own machine, in words.
        used: Whether it runs, or was changed in the window.
        at: When it was last changed.
    """

    arn: str
    words: str
    tied: tuple[str, ...]
    used: bool
    at: datetime

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@provider
def workbenches(view: View) -> Evidence[Workbench]:
    """The environments of the region. Without one, people may work with editors of their own."""
    items = tuple(_workbench(view, each) for each in view.region.all(WorkEnvironment))
    gaps = view.gaps(WorkEnvironment)
    if not items:
        operation, region = "sagemaker:ListDomains", view.region.name
        gaps += (Gap.unread(operation, region, "EditorsOutsideAws", region),)
    return Evidence(items, gaps)


def _workbench(view: View, environment: WorkEnvironment) -> Workbench:
    ties = {"a repository attached": environment.repository, "remote access": environment.remote}
    changed = environment.product != "Studio domain" and view.window.covers(environment.modified_at)
    return Workbench(
        arn=environment.arn,
        words=f"{environment.product} {environment.name}",
        tied=tuple(words for words, there in ties.items() if there),
        used=environment.running or changed,
        at=environment.modified_at,
    )
