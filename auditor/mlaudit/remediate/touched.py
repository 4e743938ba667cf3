"""What of one region a plan touches, and what the scan has seen there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from mlaudit.remediate.change import Pinned, State
from mlaudit.resources import Resource
from mlaudit.snapshot import Snapshot

R = TypeVar("R", bound=Resource)


@dataclass(frozen=True)
class Touched:
    """What a plan touches in one region.

    Attributes:
        snapshot: The scan that the plan rests on.
        region: The region.
        changes: The first change of each thing there, with what it is now.
        named: Names and ARNs that something else names, such as the parameters of a stack.
    """

    snapshot: Snapshot
    region: str
    changes: tuple[Pinned, ...]
    named: frozenset[str] = frozenset()

    @property
    def past(self) -> datetime:
        """When what has no date of its own was made."""
        return self.snapshot.scope.window.start

    def all(self, kind: type[R]) -> tuple[R, ...]:
        """What was seen of a type."""
        return self.snapshot.of(kind, self.region)

    def keys(self, kind: str, member: str) -> set[str]:
        """One member of the keys of all changes of a kind."""
        return {each.change.key[member] for each in self.changes if each.change.kind == kind}

    def arn(self, service: str, resource: str, region: str = "") -> str:
        """An ARN of the account; without a region, of what belongs to none."""
        partition = self.snapshot.scope.caller.split(":")[1]
        return f"arn:{partition}:{service}:{region}:{self.snapshot.scope.account}:{resource}"

    def speaks_of(self, *names: str) -> bool:
        """Whether the plan speaks of something by one of its names."""
        return not self._words.isdisjoint(names)

    @cached_property
    def _words(self) -> frozenset[str]:
        """All names and ARNs in the keys and the states of what is changed."""
        found = set(self.named)
        for each in self.changes:
            found |= {each.change.scope, *each.change.key.values()}
            found |= {part for value in each.change.key.values() for part in value.split("/")}
            found |= {*_strings(each.before), *_strings(each.after)}
        return frozenset(found)


def _strings(value: State | Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
