"""What every resource has."""

from dataclasses import Field
from typing import Any, ClassVar, Protocol


class Resource(Protocol):
    """One AWS thing, or one fact about it, as a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def arn(self) -> str:
        """Its ARN, or that of what the fact is about, followed by ``#`` and a name."""

    @property
    def region(self) -> str:
        """The region it was seen in."""
