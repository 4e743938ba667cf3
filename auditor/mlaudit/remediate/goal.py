"""What a remediation is to reach: which items, of which workloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from mlaudit.audit import Audit, ItemResult, Scope, WorkloadAudit
from mlaudit.errors import MlauditError
from mlaudit.model import Status
from mlaudit.thresholds import Target


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached. What is left out asks for everything.

    Attributes:
        workloads: Names of workloads; none means all.
        target: The gate that is to open.
        items: Patterns of ids, such as ``6.*``.
        level: A maturity level, by its name in any case.
    """

    workloads: tuple[str, ...] = ()
    target: Target | None = None
    items: tuple[str, ...] = ()
    level: str | None = None

    @property
    def words(self) -> str:
        """The goal as a part of a sentence."""
        parts = [f"items {', '.join(self.items)}"] if self.items else []
        parts += [f"level {self.level}"] if self.level else []
        parts += [f"an open {self.target.value} gate"] if self.target else []
        return " and ".join(parts) or "every item of the checklist"


def chosen(goal: Goal, audit: Audit) -> tuple[WorkloadAudit, ...]:
    """The workloads that a goal is about.

    Raises:
        MlauditError: One is not in the audit, or a level or a pattern of the goal is unknown.
    """
    known = {each.name for each in audit.workloads}
    for name in goal.workloads:
        if name not in known:
            raise MlauditError(
                f"There is no workload {name!r} in account {audit.account}. There are: "
                f"{', '.join(sorted(known)) or 'none'}."
            )
    ids = [each.id for each in audit.catalogue]
    for pattern in goal.items:
        if not any(fnmatchcase(id_, pattern) for id_ in ids):
            raise MlauditError(f"No item of the checklist is called {pattern!r}.")
    if goal.level:
        _required(goal.level, audit)
    return tuple(
        each for each in audit.workloads if not goal.workloads or each.name in goal.workloads
    )


def wanted(goal: Goal, audit: Audit, workload: WorkloadAudit) -> Mapping[str, ItemResult]:
    """The items of a workload that the goal asks for and that are not complete, by their ids.

    A gate asks for all items; that which asks for the streaming gate itself matters for streaming.
    Where one of several ways is enough, and one is gone, the others are wanted by name alone.
    """
    done = {each.id for each in workload.items if each.status is Status.PASS}
    enough = {id_ for group in audit.rules.any_of if done.intersection(group) for id_ in group}
    named = {id_ for id_ in enough if any(fnmatchcase(id_, one) for one in goal.items)}
    asked = set(_asked(goal, audit)) - (enough - named)
    return {
        each.id: each
        for each in workload.items
        if each.id in asked and each.status not in {Status.PASS, Status.NOT_APPLICABLE}
    }


def _asked(goal: Goal, audit: Audit) -> Iterator[str]:
    ids = [each.id for each in audit.catalogue]
    if goal.level:
        yield from _required(goal.level, audit)
    if goal.target:
        streams = goal.target is Target.STREAMING
        yield from (id_ for id_ in ids if streams or id_ != audit.rules.streaming_item)
    if goal.items:
        yield from (id_ for id_ in ids if any(fnmatchcase(id_, one) for one in goal.items))
    if not (goal.level or goal.target or goal.items):
        yield from ids


def _required(level: str, audit: Audit) -> list[str]:
    """The items of a level and of those below it."""
    names: list[str] = []
    for ladder in audit.ladders:
        required: list[str] = []
        for each in ladder.levels:
            required += [id_ for group in each.requires for id_ in group]
            names.append(each.name)
            if each.name.lower() == level.lower():
                return required
    raise MlauditError(f"There is no maturity level {level!r}. There are: {', '.join(names)}.")


def of_platform(workload: WorkloadAudit) -> frozenset[str]:
    """The ids of the items that are judged for the platform."""
    return frozenset(each.id for each in workload.items if each.scope is Scope.PLATFORM)
