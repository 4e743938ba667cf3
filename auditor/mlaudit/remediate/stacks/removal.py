"""Delete a stack with what its template keeps, unless data would be lost that nobody gave up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlaudit.collect.operation import Operation
from mlaudit.remediate.change import Document, FailedError, RefusedError
from mlaudit.remediate.settings.asking import says_gone
from mlaudit.remediate.stacks import operations as op
from mlaudit.remediate.stacks.deployment import delete_stack
from mlaudit.remediate.stacks.found import Found
from mlaudit.remediate.stacks.holdings import HOLDINGS
from mlaudit.remediate.stacks.progress import watch
from mlaudit.remediate.stacks.site import Site

KEY_DAYS = 30
"""Days until a key is gone for good, the longest AWS gives: it can be kept until then."""

_GONE = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "QueueDoesNotExist",
        "RepositoryNotFoundException",
    }
)
"""What services of their own say of what is not there."""

_TRIES = 3
"""How often a bucket is emptied before it is given up: logs may come in meanwhile."""


def _last_part(id_: str) -> str:
    return id_.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a resource is deleted that its stack has left.

    Attributes:
        operation: The call.
        member: The member of its request that names the resource.
        named: Makes the name of the physical id.
        more: Other members.
    """

    operation: Operation
    member: str
    named: Callable[[str], str] = str
    more: Mapping[str, Any] | None = None


_ENDINGS: Mapping[str, _Ending] = {
    "AWS::DynamoDB::Table": _Ending(op.DELETE_TABLE, "TableName"),
    "AWS::ECR::Repository": _Ending(op.DELETE_REPOSITORY, "repositoryName"),
    "AWS::KMS::Key": _Ending(op.END_KEY, "KeyId", more={"PendingWindowInDays": KEY_DAYS}),
    "AWS::Kinesis::Stream": _Ending(op.DELETE_STREAM, "StreamName"),
    "AWS::Logs::LogGroup": _Ending(op.DELETE_GROUP, "logGroupName"),
    "AWS::S3::Bucket": _Ending(op.DELETE_BUCKET, "Bucket"),
    "AWS::SQS::Queue": _Ending(op.DELETE_QUEUE, "QueueUrl"),
    "AWS::SageMaker::FeatureGroup": _Ending(op.DELETE_FEATURES, "FeatureGroupName"),
    "AWS::SageMaker::ModelPackageGroup": _Ending(
        op.DELETE_PACKAGE_GROUP, "ModelPackageGroupName", _last_part
    ),
}


def importers(found: Found, site: Site) -> tuple[str, ...]:
    """The other stacks that import what a stack exports, by name.

    Raises:
        RefusedError: AWS does not tell.
    """
    names: dict[str, None] = {}
    for export in found.exports:
        try:
            names |= dict.fromkeys(site.each(op.LIST_IMPORTS, ExportName=export))
        except RefusedError as error:
            if "not imported" not in error.message:
                raise
    return tuple(names)


def held(found: Found, site: Site) -> tuple[str, ...]:
    """What the resources of a stack hold, in words, one entry for each that holds something.

    Raises:
        RefusedError: AWS does not tell of one.
    """
    return tuple(f"{name} holds {what}" for name, what in _held(_resources(found, site), site))


def remove(found: Found, site: Site, *, delete_data: bool) -> None:
    """Delete a stack and whatever of it stays behind.

    Args:
        found: The stack.
        site: Where.
        delete_data: Whether what holds data is emptied first, where it has to be.

    Raises:
        FailedError: Something stays; it can be tried again.
        RefusedError: AWS refused a call.
    """
    if delete_data:
        resources = _resources(found, site)
        for name, what in _held(resources, site):
            site.tell(f"{found.name}: {name} goes with {what}")
        for each in resources:
            _empty(each, site)
    delete_stack(found.id, site)
    site.tell(f"{found.name}: deleted")
    remove_kept(kept_by(found.id, site), site, delete_data=delete_data)


def kept_by(stack: str, site: Site) -> Sequence[Document]:
    """What a template has kept of a stack that is deleted, by its ARN.

    Raises:
        RefusedError: AWS does not tell.
    """
    seen = watch(stack, site.quiet, anew=False)
    seen.end()
    return seen.kept


def remove_kept(events: Sequence[Document], site: Site, *, delete_data: bool) -> None:
    """Delete what templates keep when their stacks go, by name.

    Args:
        events: What CloudFormation told of each.
        site: Where.
        delete_data: Whether what holds data goes too.

    Raises:
        FailedError: Something stays; all else is gone, and it can be tried again.
        RefusedError: AWS refused a call.
    """
    full = {} if delete_data else dict(_held(events, site))
    unknown = [
        _name(each)
        for each in events
        if _name(each) not in full and not _ended(each, site, delete_data=delete_data)
    ]
    stay = [f"{name} holds {what}" for name, what in full.items()]
    stay += [f"mlaudit does not know how to delete {name}" for name in unknown]
    if stay:
        raise FailedError(f"The template keeps what it made: {'; '.join(stay)}.")


def _ended(event: Document, site: Site, *, delete_data: bool) -> bool:
    """Delete one resource that its stack has left; ``False`` if nobody here knows how."""
    ending = _ENDINGS.get(event["ResourceType"])
    if ending is None:
        return False
    id_ = event["PhysicalResourceId"]
    params = {ending.member: ending.named(id_), **(ending.more or {})}
    for _ in range(_TRIES):
        if delete_data:
            _empty(event, site)
        try:
            site.call(ending.operation, **params)
        except RefusedError as error:
            if _is_gone(error):
                return True
            if error.code != "BucketNotEmpty" or not delete_data:
                raise
        else:
            until = f", for good in {KEY_DAYS} days" if ending.more else ""
            site.tell(f"{event['StackName']}: {_name(event)} deleted{until}")
            return True
    raise FailedError(f"{_name(event)} is written to faster than it is emptied.")


def _is_gone(error: RefusedError) -> bool:
    """Whether AWS says that a resource is not there, or will not be before long."""
    if error.code == "KMSInvalidStateException":
        return "pending deletion" in error.message
    return error.code in _GONE or says_gone(error)


def _empty(resource: Document, site: Site) -> None:
    holding = HOLDINGS.get(resource["ResourceType"])
    if holding is None or holding.empty is None:
        return
    try:
        count = holding.empty(resource["PhysicalResourceId"], site)
    except RefusedError as error:
        if not _is_gone(error):
            raise
        return
    if count:
        site.tell(f"{_name(resource)} emptied: {count} deleted")


def _name(resource: Document) -> str:
    holding = HOLDINGS.get(resource["ResourceType"])
    id_ = resource["PhysicalResourceId"]
    return f"the {holding.noun} {id_}" if holding else f"{id_} ({resource['ResourceType']})"


def _held(resources: Sequence[Document], site: Site) -> Iterator[tuple[str, str]]:
    """Each resource that holds something, and what."""
    for each in resources:
        holding = HOLDINGS.get(each["ResourceType"])
        if holding is None:
            continue
        try:
            holds = holding.holds(each["PhysicalResourceId"], site)
        except RefusedError as error:
            if not _is_gone(error):
                raise
            continue
        if holds:
            yield _name(each), holds


def _resources(found: Found, site: Site) -> Sequence[Document]:
    """The resources of a stack that are there."""
    return [
        each
        for each in site.each(op.LIST_RESOURCES, StackName=found.id)
        if each.get("PhysicalResourceId") and each["ResourceStatus"] != "DELETE_COMPLETE"
    ]
