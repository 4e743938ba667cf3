"""One AWS read as a value. The allow-list, the IAM policy and the docs derive from these."""

from __future__ import annotations

from dataclasses import dataclass

_IAM_PREFIX = {
    "mwaa": "airflow",
    "resourcegroupstaggingapi": "tag",
    "service-quotas": "servicequotas",
    "stepfunctions": "states",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """A read call.

    Attributes:
        service: The boto3 client name.
        name: The API operation.
        items: The reply's member that lists what was found; ``None`` for a single record.
        token_in: The request member that carries the page token.
        token_out: The reply's member that holds the next page token.
        page_size: The request member for the page size, and the largest value AWS takes.
        iam: The IAM action, where it is not the service's prefix and the operation's name.
    """

    service: str
    name: str
    items: str | None = None
    token_in: str = "NextToken"
    token_out: str = "NextToken"
    page_size: tuple[str, int] | None = None
    iam: str | None = None

    @property
    def id(self) -> str:
        """How gaps and documents call it."""
        return f"{self.service}:{self.name}"

    @property
    def iam_action(self) -> str:
        """The IAM action that allows it."""
        return self.iam or f"{_IAM_PREFIX.get(self.service, self.service)}:{self.name}"


def lists(service: str, name: str, items: str, size: int = 100) -> Operation:
    """A paged list call in the commonest AWS shape: ``NextToken`` and ``MaxResults``."""
    return Operation(service, name, items, page_size=("MaxResults", size))
