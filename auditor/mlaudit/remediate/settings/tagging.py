"""How the services name what tagging takes: their own calls, and not those of the tagging API.

The service's own answer at once and refuse what cannot be done; those of the tagging API answer for
all services, but late, not for what was never tagged, and with failures inside of a success.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.whole import LIST_TAGS
from mlaudit.remediate.change import Ask, Call, RefusedError
from mlaudit.remediate.settings.asking import asked, listed, says_gone
from mlaudit.remediate.settings.states import retagging, tag_list

_GONE = frozenset({"EntityNotFoundException", "RepositoryNotFoundException"})


@dataclass(frozen=True, slots=True)
class Tagging:
    """How one service reads and writes tags.

    Attributes:
        listing: Lists the tags; its ``items`` is where they are.
        giving: Gives tags.
        taking: Takes tags away.
        resource: The member that names the resource.
        tags: The member with the tags that are given.
        keys: The member with the keys of those that are taken.
        words: What a tag's key and value are called; ``None`` where tags are a mapping.
    """

    listing: Operation
    giving: Operation
    taking: Operation
    resource: str
    tags: str = "Tags"
    keys: str = "TagKeys"
    words: tuple[str, str] | None = ("Key", "Value")

    def read(self, arn: str, ask: Ask) -> dict[str, str]:
        """All tags of a resource that was seen a moment ago.

        Raises:
            RefusedError: AWS refused it, even if it says that the resource is not there: SageMaker
                says so of ARNs whose case it does not know.
        """
        named = {self.resource: arn}
        if self.words is None:
            return dict(asked(ask, self.listing, **named).get(self.listing.items or "") or {})
        key, value = self.words
        return {each[key]: each[value] for each in listed(ask, self.listing, **named)}

    def seek(self, arn: str, ask: Ask) -> dict[str, str] | None:
        """All tags of a resource; ``None`` where AWS says that it is not there.

        Raises:
            RefusedError: AWS refused it for another reason.
        """
        try:
            return self.read(arn, ask)
        except RefusedError as refused:
            if refused.code in _GONE or says_gone(refused):
                return None
            raise

    def member(self, arn: str, ask: Ask) -> dict[str, list[dict[str, str]]]:
        """The member ``Tags`` of a state: empty, or the list of those that anybody can write.

        Raises:
            RefusedError: They cannot be read.
        """
        tags = tag_list(self.read(arn, ask))
        return {"Tags": tags} if tags else {}

    def calls(
        self, arn: str, before: Mapping[str, str], after: Mapping[str, str]
    ) -> Iterator[Call]:
        """Those that write the differences; the tags of AWS itself are left alone."""
        given, taken = retagging(before, after)
        named = {self.resource: arn}
        if given:
            params = {**named, self.tags: self._worded(given)}
            yield Call(self.giving.service, self.giving.name, params)
        if taken:
            yield Call(self.taking.service, self.taking.name, {**named, self.keys: taken})

    def _worded(self, tags: Mapping[str, str]) -> Any:
        if self.words is None:
            return dict(tags)
        key, value = self.words
        return [{key: name, value: text} for name, text in tags.items()]


def _usual(
    service: str,
    resource: str,
    listing: str = "ListTagsForResource",
    items: str = "Tags",
    **more: Any,
) -> Tagging:
    """The calls that most services have under the same names."""
    return Tagging(
        listing=lists(service, listing, items),
        giving=Operation(service, "TagResource"),
        taking=Operation(service, "UntagResource"),
        resource=resource,
        **more,
    )


_LOWER: Mapping[str, Any] = {"items": "tags", "tags": "tags", "keys": "tagKeys"}

OF_ALARMS = _usual("cloudwatch", "ResourceARN")
OF_LOGS = _usual("logs", "resourceArn", **_LOWER, words=None)
OF_SAGEMAKER = Tagging(
    listing=LIST_TAGS,
    giving=Operation("sagemaker", "AddTags"),
    taking=Operation("sagemaker", "DeleteTags"),
    resource="ResourceArn",
)
OF_TOPICS = _usual("sns", "ResourceArn")

TAGGINGS: Mapping[str, Tagging] = {
    "cloudwatch": OF_ALARMS,
    "dynamodb": _usual("dynamodb", "ResourceArn", "ListTagsOfResource"),
    "ecr": _usual("ecr", "resourceArn", **_LOWER),
    "events": _usual("events", "ResourceARN"),
    "glue": _usual(
        "glue", "ResourceArn", "GetTags", tags="TagsToAdd", keys="TagsToRemove", words=None
    ),
    "lambda": _usual("lambda", "Resource", "ListTags", words=None),
    "logs": OF_LOGS,
    "sagemaker": OF_SAGEMAKER,
    "sns": OF_TOPICS,
    "states": _usual("stepfunctions", "resourceArn", **_LOWER, words=("key", "value")),
}
"""How each service tags, by its name in ARNs."""
