"""What something costs, with what is not known kept apart: unknown is never zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money some parts of which may have no known price.

    Attributes:
        usd: The parts with a known price; 0 where nothing has one.
        unknown: What has no known price, in words, each once.
        unverified: Of what is known, what rests on a price that nobody has verified.
    """

    usd: float = 0.0
    unknown: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is the whole sum."""
        return not self.unknown

    def __add__(self, other: Amount) -> Amount:
        """Add up what is known, and keep what is not."""
        return Amount(
            self.usd + other.usd,
            tuple(dict.fromkeys((*self.unknown, *other.unknown))),
            tuple(dict.fromkeys((*self.unverified, *other.unverified))),
        )


@dataclass(frozen=True, slots=True)
class Bill:
    """What a change adds to the bill, in USD at list prices.

    Attributes:
        idle: A month, while nobody uses it.
        run: Each run, of what runs.
        thousand: A thousand requests.
        worst: A month at its maximum capacity all the time, requests left out.
    """

    idle: Amount = Amount()
    run: Amount = Amount()
    thousand: Amount = Amount()
    worst: Amount = Amount()

    def __add__(self, other: Bill) -> Bill:
        """Add up each sum."""
        return Bill(**{
            each.name: getattr(self, each.name) + getattr(other, each.name)
            for each in fields(self)
        })  # fmt: skip


def total(bills: Iterable[Bill]) -> Bill:
    """The sum of some bills."""
    whole = Bill()
    for each in bills:
        whole += each
    return whole
