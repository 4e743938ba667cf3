"""Read pages and records, and turn every failure into a gap that is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from threading import Lock, local
from typing import Any, Protocol, TypeVar

from mlaudit.collect.failures import nobody_serves
from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.model import Gap, GapReason, Window

Record = Mapping[str, Any]
"""One reply, or one member of it, as botocore parses it."""

MISREAD = (AttributeError, LookupError, OverflowError, TypeError, ValueError)
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

    def failed(self, gap: Gap) -> Gap:
        """Count a failed call; an operation nobody serves is not asked again.

        Returns:
            The gap to report: for such an operation always the first one, so that calls under way
            at the same time agree.
        """
        asked = (gap.operation, gap.region)
        with self._lock:
            self.failures[asked] += 1
            return self._unsupported.setdefault(asked, gap) if nobody_serves(gap) else gap

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
    """What a gap names when a collector fails before it asked anything."""
    _asked: local = field(default_factory=local, init=False, repr=False, compare=False)

    def one(self, operation: Operation, subject: str | None = None, **params: Any) -> Record:
        """Read one record.

        Args:
            operation: The call.
            subject: The ARN of what it describes, which narrows a gap to it.
            **params: The request.

        Raises:
            UnseenError: The call failed for good.
        """
        self._asked.last = (operation, subject)
        self.ledger.spend(operation, self.region)
        try:
            return self.api.call(operation, self.region, params)
        except UnseenError as unseen:
            gap = self.ledger.failed(unseen.gap)
            about = None if nobody_serves(gap) else subject
            raise UnseenError(replace(gap, subject=about)) from unseen

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
        seen: set[str] = set()
        while True:
            page = self.one(operation, subject, **params)
            yield from page.get(operation.items) or ()
            token = page.get(operation.token_out)
            if not token:
                return
            if token in seen:
                raise UnseenError(
                    Gap(operation.id, self.region, "TokenRepeats", GapReason.FAILED, None, subject)
                )
            seen.add(token)
            params[operation.token_in] = token

    def each(self, things: Iterable[S], fetch: Callable[[S], T]) -> Iterator[T]:
        """Fetch for many things at a time; what fails becomes a gap, what is gone is left out."""
        for outcome in self._fetched(things, fetch):
            if not isinstance(outcome, UnseenError):
                yield outcome
            elif outcome.gap.reason is not GapReason.GONE:
                self.ledger.keep(outcome.gap)

    def referenced(self, things: Iterable[S], fetch: Callable[[S], T]) -> Iterator[T]:
        """Like ``each``, for things something else refers to: one that is gone is a gap too."""
        for outcome in self._fetched(things, fetch):
            if isinstance(outcome, UnseenError):
                self.ledger.keep(outcome.gap)
            else:
                yield outcome

    def not_read(self, operation: Operation, code: str, subject: str) -> None:
        """Keep a gap for content that is there and that mlaudit does not read."""
        self.ledger.keep(
            Gap(operation.id, self.region, code, GapReason.CONTENT_NOT_READ, None, subject)
        )

    def misread(self, error: Exception) -> UnseenError:
        """A reply whose shape was not understood: a gap about what this thread asked last.

        It is not a crash and not an absence. Only a member's name is quoted, never a value.
        """
        operation, subject = self._last_asked()
        missing = f": {error.args[0]}" if isinstance(error, KeyError) and error.args else ""
        code = f"ReplyNotUnderstood ({type(error).__name__}{missing})"
        return UnseenError(Gap(operation.id, self.region, code, GapReason.FAILED, None, subject))

    def _fetched(self, things: Iterable[S], fetch: Callable[[S], T]) -> Iterator[T | UnseenError]:
        before = self._last_asked()

        def tried(thing: S) -> T | UnseenError:
            self._asked.last = before
            try:
                return fetch(thing)
            except UnseenError as unseen:
                return unseen
            except MISREAD as error:
                return self.misread(error)

        return self.pool.map(tried, things)

    def _last_asked(self) -> tuple[Operation, str | None]:
        """What this thread asked last, and about what."""
        last: tuple[Operation, str | None] = getattr(self._asked, "last", (self.main, None))
        return last
