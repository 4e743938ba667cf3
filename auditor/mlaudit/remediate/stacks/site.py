"""Where stacks are deployed: the region, the hands, the voice, and the patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Document
from mlaudit.remediate.settings.asking import asked, listed
from mlaudit.remediate.waiting import Patience

T = TypeVar("T")

_MINUTE = 60


class NotReadyError(MlauditError):
    """A stack cannot be deployed or deleted as it is; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where stacks are deployed.

    Attributes:
        region: The region.
        ask: Makes calls there.
        tell: Takes a line on what is going on.
        patience: How AWS is waited for.
        role_arn: The role that CloudFormation takes on; ``None`` for the rights of the caller.
    """

    region: str
    ask: Ask
    tell: Callable[[str], None] = lambda _line: None
    patience: Patience = field(default_factory=Patience)
    role_arn: str | None = None

    @property
    def quiet(self) -> Site:
        """The same without a voice."""
        return replace(self, tell=lambda _line: None)

    def call(self, operation: Operation, **params: Any) -> Document:
        """Make one call.

        Raises:
            RefusedError: AWS refused it.
        """
        return asked(self.ask, operation, **params)

    def each(self, operation: Operation, **params: Any) -> Iterator[Any]:
        """Go through what a call lists, page by page.

        Raises:
            RefusedError: AWS refused a page.
        """
        return listed(self.ask, operation, **params)

    def awaited(self, what: str, look: Callable[[], T | None]) -> T:
        """Look until there is something to see.

        Args:
            what: What is waited for, for the message.
            look: Returns ``None`` for as long as there is nothing yet.

        Raises:
            NotReadyError: There still is nothing when patience ends.
            RefusedError: AWS does not let it be seen.
        """
        seen: list[T] = []

        def is_done() -> bool:
            found = look()
            if found is not None:
                seen.append(found)
            return bool(seen)

        def still(waited: float) -> None:
            if waited >= _MINUTE:
                self.tell(f"{what} is still being worked on ({waited / _MINUTE:.0f} min)")

        if self.patience.until(is_done, self.patience.limit, still):
            return seen[0]
        raise NotReadyError(
            f"{what} is still being worked on after {self.patience.limit / 3600:.0f} hours. "
            "Nothing was given up: go on once AWS is done."
        )
