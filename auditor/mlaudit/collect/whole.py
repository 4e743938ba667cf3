"""Read whole SageMaker records: ``Search`` for most at a time, list and describe for the rest.

``Search`` returns 100 whole records with their tags a page, where describing costs a call for each
resource and one more for its tags. Its index can lag, so a listing (100 names a page) decides what
there is, and what ``Search`` did not return is described. Either of the two may be denied: what
stays unseen is only what neither shows.

Sources: ``sagemaker:Search`` and the ``List``/``Describe`` operations of each resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record, UnseenError
from mlaudit.collect.values import tag_map

T = TypeVar("T")

SEARCH = lists("sagemaker", "Search", "Results")
LIST_TAGS = lists("sagemaker", "ListTags", "Tags")


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
    """

    path: tuple[str, ...]
    listing: Operation
    describing: Operation
    name: str
    parameter: str
    arn: str
    windowed: bool = False

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


def whole(
    reader: Reader, kind: Searchable, read: Callable[[Record, Mapping[str, str]], T]
) -> Iterator[T]:
    """Read every resource of one type.

    Args:
        reader: Where to read.
        kind: What to read.
        read: Maps a record and its tags to a resource; a ``KeyError`` marks a search result that
            lacks what it must have, which is then described.
    """
    found = _searched(reader, kind, read)
    try:
        listed = _listed(reader, kind)
    except UnseenError as unseen:
        if found is None:
            reader.ledger.keep(unseen.gap)
        yield from (found or {}).values()
        return
    known = found or {}
    yield from (known[arn] for arn in listed if arn in known)
    missing = [(arn, name) for arn, name in listed.items() if arn not in known]
    yield from reader.each(missing, lambda each: described(reader, kind, each, read))


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


def _searched(
    reader: Reader, kind: Searchable, read: Callable[[Record, Mapping[str, str]], T]
) -> dict[str, T] | None:
    """What Search returns by ARN; ``None`` when it does not answer to the end."""
    asked: dict[str, Any] = {"Resource": kind.path[0]}
    if kind.windowed:
        asked["SearchExpression"] = {"Filters": [_since(reader)]}
    found: dict[str, T] = {}
    try:
        for result in reader.items(SEARCH, **asked):
            record = result
            for member in kind.path:
                record = record.get(member) or {}
            _keep(found, record, kind, read)
    except UnseenError:
        return None
    return found


def _keep(
    found: dict[str, T],
    record: Record,
    kind: Searchable,
    read: Callable[[Record, Mapping[str, str]], T],
) -> None:
    try:
        found[record[kind.arn]] = read(record, tag_map(record.get("Tags")))
    except KeyError:
        return


def _since(reader: Reader) -> dict[str, str]:
    return {
        "Name": "CreationTime",
        "Operator": "GreaterThanOrEqualTo",
        "Value": reader.window.start.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _listed(reader: Reader, kind: Searchable) -> dict[str, str]:
    asked: dict[str, Any] = {"CreationTimeAfter": reader.window.start} if kind.windowed else {}
    return {
        summary[kind.arn]: summary[kind.name] for summary in reader.items(kind.listing, **asked)
    }
