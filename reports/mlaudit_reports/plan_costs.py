"""What a plan costs, as its readers see it: sums, and what is in none of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mlaudit.prices import price_list
from mlaudit.remediate.bill import Amount, Bill

_CENT = 0.01

_BILL = (
    ("idle", "a month, while nobody uses it"),
    ("run", "a run"),
    ("thousand", "a thousand requests"),
    ("worst", "a month, at its maximum all the time"),
)


def money(amount: Amount) -> str:
    """A sum as a cell of a table."""
    known = f"{amount.usd:.2f}" if amount.usd >= _CENT else f"{Decimal(f'{amount.usd:.2g}'):f}"
    if amount.is_known:
        return known
    return f"{known} + unknown" if amount.usd else "unknown"


def unknowns(bill: Bill) -> Iterator[str]:
    """What has no known price, and in which sum it is missing."""
    places: dict[str, list[str]] = {}
    for name, about in _BILL:
        for each in getattr(bill, name).unknown:
            places.setdefault(each, []).append(about)
    for what, where in places.items():
        yield f"{what} ({'; '.join(where)})"


def unverified(bill: Bill) -> Iterator[str]:
    """What rests on a price that nobody has verified."""
    yield from dict.fromkeys(each for name, _ in _BILL for each in getattr(bill, name).unverified)


def price_source() -> str:
    """Whose prices they are, and of when."""
    prices = price_list()
    return (
        f"List prices in USD of {prices.region}, as of {prices.as_of}, whatever the region of the "
        "resources. What has no known price is named and is in no sum."
    )
