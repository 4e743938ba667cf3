"""What can be fixed and how: the declaration of one fix, and what it sees when it plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mlaudit.audit import ItemResult, WorkloadAudit
from mlaudit.remediate.change import Change
from mlaudit.sight import View


class Disposition(StrEnum):
    """How much care a fix asks for. The values are public API."""

    SAFE = "safe"
    """It adds something, or changes what nobody's requests go through."""
    NEEDS_REVIEW = "needs_review"
    """It changes what is in use, without interrupting it, if all goes as AWS says."""
    DISRUPTIVE = "disruptive"
    """It can interrupt or end what somebody uses; planned only when it is asked for."""


class Kind(StrEnum):
    """What a fix works on. The values are public API."""

    SETTING = "setting"
    CAPABILITY = "capability"
    FILES = "files"


@dataclass(frozen=True)
class Choices:
    """What a user decides beside the goal; every one has a default.

    Attributes:
        notify: The addresses that alarms are sent to; none leaves the topic without a subscriber.
        log_days: How long logs are kept.
        latency_ms: When an answer is too slow, at the 95th percentile.
        error_percent: The share of requests that may fail on the side of the model.
        maximum_instances: Up to how many instances a variant may scale.
        capture_percent: The share of requests that is kept.
        replaced_by: The endpoints that are to go, each with the one that serves in its place.
    """

    notify: tuple[str, ...] = ()
    log_days: int = 180
    latency_ms: int = 1000
    error_percent: int = 5
    maximum_instances: int = 4
    capture_percent: int = 100
    replaced_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sight:
    """What a fix sees when it plans.

    Attributes:
        view: The workload in the snapshot; of the platform, a view without a workload.
        items: The results of its items, by their ids.
        account: The account.
        choices: What the user decides.
    """

    view: View
    items: Mapping[str, ItemResult]
    account: str
    choices: Choices = field(default_factory=Choices)

    @property
    def workload(self) -> str:
        """The workload's name; ``*`` for the platform."""
        return self.view.workload or "*"


Planner = Callable[[Sight], Iterator[Change]]
"""Makes the changes of one fix for one workload, in their order. Pure."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to better some items by settings of resources that are there.

    Attributes:
        id: Its name, such as ``alarms``.
        title: What it does, as an imperative without a full stop.
        items: The items it can complete, or bring nearer to it.
        disposition: How much care it asks for.
        risk: What can go wrong, in one or two sentences.
        back: How one goes back, in one sentence.
        not_proven: What it does not prove by being set up; empty where it proves all.
        exercise: What has to happen then, for the items to pass.
        effort: Minutes of a person's time for reviewing and following up.
        plan: The changes for one workload, in their order; pure.
        platform: Whether it is planned once for a region and not for each workload.
        after: The ids of fixes whose work it builds on.
    """

    id: str
    title: str
    items: tuple[str, ...]
    disposition: Disposition
    risk: str
    back: str
    not_proven: str
    exercise: str
    effort: int
    plan: Planner
    platform: bool = False
    after: tuple[str, ...] = ()


def results_of(audited: WorkloadAudit) -> dict[str, ItemResult]:
    """The results of a workload by the ids of their items."""
    return {each.id: each for each in audited.items}
