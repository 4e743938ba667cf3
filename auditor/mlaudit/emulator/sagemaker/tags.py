"""The tags of every SageMaker resource."""

from __future__ import annotations

from collections.abc import Iterator

from mlaudit.emulator.cloud import Call, Record, Space
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import listing

Tag = dict[str, str]


def list_tags(call: Call) -> Record:
    """List the tags of a resource."""
    page = listing.paged(call, _tags(call))
    page["Tags"] = page.pop("rows")
    return page


def add_tags(call: Call) -> Record:
    """Add tags to a resource, or change them."""
    tags = _tags(call)
    new = {tag["Key"] for tag in call.params["Tags"]}
    tags[:] = [tag for tag in tags if tag["Key"] not in new] + call.params["Tags"]
    return {"Tags": tags}


def delete_tags(call: Call) -> Record:
    """Remove tags from a resource."""
    tags = _tags(call)
    tags[:] = [tag for tag in tags if tag["Key"] not in call.params["TagKeys"]]
    return {}


def tagged(space: Space) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the ARN and the tags of every SageMaker resource that has tags."""
    for table in space.tables.values():
        for arn, record in table.items():
            if ":sagemaker:" in arn and record.get("Tags"):
                yield arn, {tag["Key"]: tag["Value"] for tag in record["Tags"]}


def _tags(call: Call) -> list[Tag]:
    arn = call.params["ResourceArn"]
    for table in call.space.tables.values():
        if arn in table:
            tags: list[Tag] = table[arn].setdefault("Tags", [])
            return tags
    raise Refusal("ValidationException", f"Could not find resource {arn}.")
