"""Read whole SageMaker records: ``Search`` for most at a time, list and describe for the rest.

``Search`` returns 100 whole records with their tags a page, where describing costs a call for each
resource and one more for its tags. Its index can lag and hide what a policy keeps from the caller,
so a listing (100 names a page) is read too, and whatever the two do not agree on is described.
``Search`` may be denied without loss. Without the listing what ``Search`` shows is kept, and a gap
says that there may be more.

Sources: ``sagemaker:Search`` and the ``List``/``Describe`` operations of each resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import MISREAD, Reader, Record, UnseenError
from mlaudit.collect.values import tag_map
from mlaudit.model import Gap

T = TypeVar("T")

SEARCH = lists("sagemaker", "Search", "Results")
LIST_TAGS = lists("sagemaker", "ListTags", "Tags")

_SAME_TIME = timedelta(seconds=1)
"""Two replies may write the same moment with and without its fraction of a second."""


@dataclass(frozen=True)
class Searchable:
    """How one resource type is searched, listed and described.

    Attributes:
        path: Where a search result holds the record; the first name is what to search for.
        listing: The list call.
        describing: The describe call.
        name: The summary member that names it.
        parameter: The request member of the describe call that takes that name.
        arn: The member with its ARN, in summaries.
        windowed: Whether only what was made inside the evidence window is read.
        asked: What the list call must be asked to list all there is.
    """

    path: tuple[str, ...]
    listing: Operation
    describing: Operation
    name: str
    parameter: str
    arn: str
    windowed: bool = False
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All calls that reading it may take."""
        return (SEARCH, self.listing, self.describing, LIST_TAGS)


def searchable(resource: str, *, windowed: bool = False, plural: str | None = None) -> Searchable:
    """The commonest shape: every name derives from the resource's own."""
    key = f"{resource}Name"
    return Searchable(
        path=(resource,),
        listing=lists("sagemaker", f"List{plural or resource + 's'}", _summaries(resource)),
        describing=Operation("sagemaker", f"Describe{resource}"),
        name=key,
        parameter=key,
        arn=f"{resource}Arn",
        windowed=windowed,
    )


def _summaries(resource: str) -> str:
    return {"Endpoint": "Endpoints", "Model": "Models"}.get(
        resource,
        {
            "FeatureGroup": "FeatureGroupSummaries",
            "HyperParameterTuningJob": "HyperParameterTuningJobSummaries",
            "TrainingJob": "TrainingJobSummaries",
        }.get(resource, f"{resource}SummaryList"),
    )


@dataclass(frozen=True)
class _Shown:
    """What one of the two ways showed, by ARN, and why it ended early if it did."""

    records: Mapping[str, Record]
    gap: Gap | None


def whole(
    reader: Reader, kind: Searchable, read: Callable[[Record, Mapping[str, str]], T]
) -> Iterator[T]:
    """Read every resource of one type.

    A resource whose tags cannot be read is left out, and its gap stands for it: without its tags it
    might be taken for a part of another workload.

    Args:
        reader: Where to read.
        kind: What to read.
        read: Maps a record and its tags to a resource; a search result it cannot map is described.
    """
    found, listed = _searched(reader, kind), _listed(reader, kind)
    if listed.gap:
        reader.ledger.keep(listed.gap)
    undecided: list[tuple[str, str]] = []
    for arn, record in found.records.items():
        summary = listed.records.get(arn)
        current = _agree(record, summary) if summary else bool(listed.gap)
        mapped = _mapped(record, read) if current else None
        if mapped is None:
            undecided.append((arn, record[kind.name]))
        else:
            yield mapped
    undecided += [
        (arn, summary[kind.name])
        for arn, summary in listed.records.items()
        if arn not in found.records
    ]
    yield from reader.each(undecided, lambda each: described(reader, kind, each, read))


def described(
    reader: Reader,
    kind: Searchable,
    arn_and_name: tuple[str, str],
    read: Callable[[Record, Mapping[str, str]], T],
) -> T:
    """Read one resource by its name, and its tags.

    Raises:
        UnseenError: A call failed for good.
    """
    arn, name = arn_and_name
    record = reader.one(kind.describing, arn, **{kind.parameter: name})
    return read(record, tag_map(list(reader.items(LIST_TAGS, arn, ResourceArn=arn))))


def _searched(reader: Reader, kind: Searchable) -> _Shown:
    asked: dict[str, Any] = {"Resource": kind.path[0]}
    if kind.windowed:
        asked["SearchExpression"] = {"Filters": [since(reader)]}
    return _shown(reader, kind, reader.items(SEARCH, **asked), kind.path)


def _listed(reader: Reader, kind: Searchable) -> _Shown:
    asked: dict[str, Any] = dict(kind.asked)
    if kind.windowed:
        asked["CreationTimeAfter"] = reader.window.start
    return _shown(reader, kind, reader.items(kind.listing, **asked), ())


def _shown(
    reader: Reader, kind: Searchable, results: Iterable[Record], path: tuple[str, ...]
) -> _Shown:
    """Keep what comes before a failure; a result that names nothing is a failure too."""
    shown: dict[str, Record] = {}
    gap = None
    try:
        for result in results:
            record = _inside(result, path)
            if kind.arn in record and kind.name in record:
                shown[record[kind.arn]] = record
            else:
                gap = reader.misread(KeyError(kind.arn)).gap
    except UnseenError as unseen:
        gap = unseen.gap
    except MISREAD as error:
        gap = reader.misread(error).gap
    return _Shown(shown, gap)


def _inside(result: Record, path: tuple[str, ...]) -> Record:
    for member in path:
        result = result.get(member) or {}
    return result


def _mapped(record: Record, read: Callable[[Record, Mapping[str, str]], T]) -> T | None:
    """A search result as a resource; ``None`` when it lacks what every resource has."""
    try:
        return read(record, tag_map(record.get("Tags")))
    except MISREAD:
        return None


def _agree(record: Record, summary: Record) -> bool:
    """Whether a search result is as new as the listing's word on the same resource."""
    statuses = [member for member in summary if member.endswith("Status") and member in record]
    if any(record[member] != summary[member] for member in statuses):
        return False
    seen, changed = record.get("LastModifiedTime"), summary.get("LastModifiedTime")
    return not (seen and changed) or changed - seen <= _SAME_TIME


def since(reader: Reader) -> dict[str, str]:
    """The search filter for what was made inside the evidence window."""
    return {
        "Name": "CreationTime",
        "Operator": "GreaterThanOrEqualTo",
        "Value": reader.window.start.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
