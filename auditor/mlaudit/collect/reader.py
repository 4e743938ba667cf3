"""Read pages and records, and turn every failure into a gap that is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol, TypeVar

from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.model import Gap, GapReason, Window

Record = Mapping[str, Any]
"""One reply, or one member of it, as botocore parses it."""

MISREAD = (AttributeError, KeyError, TypeError, ValueError)
"""What mapping a reply raises when a member is missing or of another type than AWS documents."""

S = TypeVar("S")
T = TypeVar("T")


class UnseenError(MlauditError):
    """A read that failed for good; carries the gap it leaves."""

    def __init__(self, gap: Gap) -> None:
        """Keep the gap; its words are the message."""
        super().__init__(f"{gap.operation} in {gap.region}: {gap.code}")
        self.gap = gap


class Api(Protocol):
    """Where reads go: AWS, or a recording of it."""

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Record:
        """Make one call. Raises ``UnseenError`` when it fails for good."""


@dataclass
class Ledger:
    """What was asked and what stayed unseen, over all threads of one scan.

    Attributes:
        budget: How many calls may be made; what is asked past it becomes a gap.
    """

    budget: int
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    gaps: list[Gap] = field(default_factory=list)
    _unsupported: dict[tuple[str, str], Gap] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def spend(self, operation: Operation, region: str) -> None:
        """Count a call before it is made. Raises ``UnseenError`` when it must not be made."""
        asked = (operation.id, region)
        with self._lock:
            if asked in self._unsupported:
                raise UnseenError(self._unsupported[asked])
            if self.calls.total() >= self.budget:
                raise UnseenError(Gap(operation.id, region, "CallBudgetSpent", GapReason.BUDGET))
            self.calls[asked] += 1

    def failed(self, gap: Gap) -> None:
        """Count a failed call; an operation nobody serves is not asked again."""
        with self._lock:
            self.failures[gap.operation, gap.region] += 1
            if gap.reason is GapReason.UNSUPPORTED:
                self._unsupported[gap.operation, gap.region] = gap

    def keep(self, gap: Gap) -> None:
        """Remember what stays unseen."""
        with self._lock:
            self.gaps.append(gap)


@dataclass(frozen=True)
class Reader:
    """The reads of one collector in one region."""

    api: Api
    region: str
    window: Window
    ledger: Ledger
    pool: Executor
    tag_keys: tuple[str, ...]
    main: Operation

    def one(self, operation: Operation, subject: str | None = None, **params: Any) -> Record:
        """Read one record.

        Args:
            operation: The call.
            subject: The ARN of what it describes, which narrows a gap to it.
            **params: The request.

        Raises:
            UnseenError: The call failed for good.
        """
        self.ledger.spend(operation, self.region)
        try:
            return self.api.call(operation, self.region, params)
        except UnseenError as unseen:
            self.ledger.failed(unseen.gap)
            if subject is None or unseen.gap.reason is GapReason.UNSUPPORTED:
                raise
            raise UnseenError(_about(unseen.gap, subject)) from unseen

    def items(
        self, operation: Operation, subject: str | None = None, **params: Any
    ) -> Iterator[Record]:
        """Read all pages of a listing, empty ones included, until there is no token.

        Raises:
            UnseenError: A page failed for good; what came before it was yielded.
        """
        if operation.items is None:
            raise MlauditError(f"{operation.id} lists nothing: it has no member to read items from")
        if operation.page_size:
            params.setdefault(*operation.page_size)
        token = None
        while True:
            page = self.one(operation, subject, **params)
            yield from page.get(operation.items) or ()
            previous, token = token, page.get(operation.token_out)
            if not token:
                return
            if token == previous:
                raise UnseenError(
                    Gap(operation.id, self.region, "TokenRepeats", GapReason.FAILED, None, subject)
                )
            params[operation.token_in] = token

    def each(self, things: Iterable[S], fetch: Callable[[S], T]) -> Iterator[T]:
        """Fetch for many things at a time; what fails becomes a gap, what is gone is left out."""
        for outcome in self.pool.map(lambda thing: self._tried(fetch, thing), things):
            if not isinstance(outcome, UnseenError):
                yield outcome
            elif outcome.gap.reason is not GapReason.GONE:
                self.ledger.keep(outcome.gap)

    def referenced(self, things: Iterable[S], fetch: Callable[[S], T]) -> Iterator[T]:
        """Like ``each``, for things something else refers to: one that is gone is a gap too."""
        for outcome in self.pool.map(lambda thing: self._tried(fetch, thing), things):
            if isinstance(outcome, UnseenError):
                self.ledger.keep(outcome.gap)
            else:
                yield outcome

    def not_read(self, operation: Operation, code: str, subject: str) -> None:
        """Keep a gap for content that is there and that mlaudit does not read."""
        self.ledger.keep(
            Gap(operation.id, self.region, code, GapReason.CONTENT_NOT_READ, None, subject)
        )

    def _tried(self, fetch: Callable[[S], T], thing: S) -> T | UnseenError:
        try:
            return fetch(thing)
        except UnseenError as unseen:
            return unseen
        except MISREAD as error:
            return self.misread(error)

    def misread(self, error: Exception) -> UnseenError:
        """A reply whose shape was not understood: a gap, not a crash and not an absence."""
        code = f"ReplyNotUnderstood ({type(error).__name__}: {error})"
        return UnseenError(Gap(self.main.id, self.region, code, GapReason.FAILED))


def _about(gap: Gap, subject: str) -> Gap:
    return Gap(gap.operation, gap.region, gap.code, gap.reason, gap.request_id, subject)
