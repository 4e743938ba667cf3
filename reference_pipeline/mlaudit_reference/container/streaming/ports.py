"""What the consumer asks of the world, in four small protocols, so that all its logic is pure.

None of the sinks raises for a call that failed: they say what was not stored, and why. Whether a
call that failed had an effect after all is not known, and nothing here depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol


class UnavailableError(Exception):
    """A call failed in a way that may pass: throttled, timed out, or answered with 5xx."""


class RefusedError(Exception):
    """The model refuses the request (4xx): one of its records is at fault."""


class Standing(Enum):
    """How a key stands in the ledger after a claim."""

    OURS = "ours"
    """Claimed for this delivery; nobody else works on it until the lease ends."""
    DONE = "done"
    """Stored before: nothing is left to do."""
    BUSY = "busy"
    """Another delivery holds it, and its lease runs."""
    UNKNOWN = "unknown"
    """The ledger could not be asked."""


@dataclass(frozen=True)
class Hold:
    """A claim to make.

    Attributes:
        key: What is claimed: a record id, or the position of a record that cannot be read.
        position: Where the delivery stands in its source. A claim of the same position is taken
            over at once, because a source hands out a position again only when the invocation
            that had it has ended.
    """

    key: str
    position: str


@dataclass(frozen=True)
class Result:
    """One scored record, as it goes to the output stream.

    Attributes:
        key: The record id; the partition key, so that results of one id keep their order.
        body: The result as a JSON object.
    """

    key: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Reject:
    """A record that never will be scored, as it goes to the failure destination.

    Attributes:
        position: Where it stands in its source.
        trace_id: The trace it belongs to.
        reason: What is wrong with it.
        payload: Its bytes as they came, to be repaired and sent again.
        logged: The reason as the log may have it, without anything of its contents.
    """

    position: str
    trace_id: str
    reason: str
    payload: bytes
    logged: str


class Ledger(Protocol):
    """The table that remembers which keys were stored."""

    def claim(self, holds: Sequence[Hold], until: float) -> Mapping[str, Standing]:
        """Claim each key unless it is done or held elsewhere.

        Args:
            holds: The claims; no key twice.
            until: When the lease ends, in seconds since the epoch.
        """
        ...

    def settle(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Mark keys done. Returns the reason for each that was not."""
        ...

    def release(self, holds: Sequence[Hold]) -> None:
        """Give claims back that came to nothing; best effort, the lease ends anyway."""
        ...


class Model(Protocol):
    """The endpoint."""

    def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
        """Predictions in the order of the records, as many as those.

        Args:
            lines: The records, each a line of JSON.
            trace_id: What to follow the request by.

        Raises:
            UnavailableError: The endpoint did not answer, or not with one prediction per record.
            RefusedError: The model refuses the request for what is in it.
        """
        ...


class Output(Protocol):
    """The stream of results."""

    def put(self, results: Sequence[Result]) -> Mapping[str, str]:
        """Store results. Returns the reason for each key that was not stored."""
        ...


class Failures(Protocol):
    """The queue that people look into."""

    def send(self, rejects: Sequence[Reject]) -> Mapping[str, str]:
        """Store rejects. Returns the reason for each position that was not stored."""
        ...


class Log(Protocol):
    """One structured line: what happened, and its fields. Never the contents of a record."""

    def __call__(self, event: str, **fields: object) -> None:
        """Write the line."""
        ...
