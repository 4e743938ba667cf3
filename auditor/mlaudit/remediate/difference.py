"""What differs between two snapshots, field by field, and a snapshot with that laid over it.

A rehearsal is seen before and after in an account that holds only what a plan touches. What differs
there is laid over the snapshot of the whole account: the account as it will be. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from mlaudit.collect.events import GET_TAGGED
from mlaudit.collect.values import kept_tags
from mlaudit.resources import LogGroup, Resource, ResourceTags
from mlaudit.snapshot import Snapshot, snapshot_of

Identity = tuple[str, str, str]
"""What tells a resource from all others: its type, its region, its ARN."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A resource that is there before and after, and not as it was.

    Attributes:
        identity: Which it is.
        values: The fields that differ, with what they are after.
    """

    identity: Identity
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one snapshot when it becomes another; sorted.

    Attributes:
        added: What is only there after.
        vanished: What is only there before.
        altered: What is there in both and differs.
    """

    added: tuple[Resource, ...] = ()
    vanished: tuple[Identity, ...] = ()
    altered: tuple[Altered, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.vanished or self.altered)


def identity_of(resource: Resource) -> Identity:
    """What tells a resource from all others of a snapshot."""
    return (type(resource).__name__, resource.region, resource.arn)


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """What becomes of the resources of one snapshot; its scope and its gaps are not compared."""
    old, new = _by_identity(before), _by_identity(after)
    return Difference(
        added=tuple(new[each] for each in sorted(new.keys() - old.keys())),
        vanished=tuple(sorted(old.keys() - new.keys())),
        altered=tuple(
            Altered(each, values)
            for each in sorted(old.keys() & new.keys())
            if (values := dict(_differing(old[each], new[each])))
        ),
    )


def laid_over(snapshot: Snapshot, found: Difference) -> Snapshot:
    """A snapshot to which the same has happened as to another.

    Only what differs is taken over: a field that the other snapshot shows alike before and after
    stays as it was seen here, and so does what is here already and was only made there. What was
    altered or vanished there and was not seen here stays unseen. Scope and gaps stay.
    """
    resources = _by_identity(snapshot)
    for gone in found.vanished:
        resources.pop(gone, None)
    for each in found.altered:
        if each.identity in resources:
            resources[each.identity] = replace(resources[each.identity], **each.values)
    for new in found.added:
        resources.setdefault(identity_of(new), new)
    return snapshot_of(snapshot.scope, resources.values(), snapshot.gaps)


def with_tags(
    snapshot: Snapshot, region: str, arn: str, tags: Mapping[str, str] | None
) -> Snapshot:
    """A snapshot in which a resource has other tags; where tags were out of sight they stay so."""
    if any(gap.operation == GET_TAGGED.id and gap.region == region for gap in snapshot.gaps):
        return snapshot
    kept = kept_tags(tags)
    resources = _by_identity(snapshot)
    resources.pop((ResourceTags.__name__, region, arn), None)
    for identity, each in list(resources.items()):
        # Of log groups no tags are read.
        if identity[1:] == (region, arn) and hasattr(each, "tags") and type(each) is not LogGroup:
            resources[identity] = replace(each, tags=kept)
    listed = (ResourceTags(arn, region, kept),) if kept else ()
    return snapshot_of(snapshot.scope, (*resources.values(), *listed), snapshot.gaps)


def _by_identity(snapshot: Snapshot) -> dict[Identity, Resource]:
    return {identity_of(each): each for each in snapshot.resources}


def _differing(old: Resource, new: Resource) -> Iterator[tuple[str, Any]]:
    for each in fields(old):
        value = getattr(new, each.name)
        if value != getattr(old, each.name):
            yield each.name, value
