"""What instances and services cost, from a small dated table: what is not there has no known price.

A price is never guessed: not from a neighbouring size, and never as zero.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

HOURS_A_MONTH = 730


@dataclass(frozen=True, slots=True)
class Rate:
    """One price.

    Attributes:
        usd: USD, on demand and beyond what is free.
        per: What for.
        to_be_verified: Whether nobody has compared it with the price list of AWS.
    """

    usd: float
    per: str
    to_be_verified: bool


@dataclass(frozen=True, slots=True)
class PriceList:
    """On-demand list prices of one region.

    Attributes:
        region: The region they are of.
        as_of: The month they were published in, as ``YYYY-MM``.
        source: Where they come from.
        hosting: USD for an hour of one instance that serves, by its type.
        notebooks: The same of one that notebooks and Studio apps run on.
        services_source: Where the prices of services come from.
        services: What services charge for other things, by names of this table.
        jobs: An hour of one instance that trains or processes, by its type.
    """

    region: str
    as_of: str
    source: str
    hosting: Mapping[str, float]
    notebooks: Mapping[str, float]
    services_source: str
    services: Mapping[str, Rate]
    jobs: Mapping[str, Rate]


@cache
def price_list() -> PriceList:
    """The prices that come with mlaudit."""
    found = json.loads((files(__name__) / "us-east-1.json").read_text("utf-8"))
    rates = {
        name: {each: Rate(**rate) for each, rate in found[name].items()}
        for name in ("services", "jobs")
    }
    return PriceList(**{each.name: {**found, **rates}[each.name] for each in fields(PriceList)})


def hosting_cents_a_month(instance_type: str | None, instances: int) -> int | None:
    """What instances that serve all month cost in US cents; ``None`` where no price is known."""
    return _cents_a_month(price_list().hosting.get(instance_type or ""), instances)


def notebook_cents_a_month(instance_type: str | None) -> int | None:
    """What one notebook instance or Studio app that runs all month costs in US cents."""
    return _cents_a_month(price_list().notebooks.get(instance_type or ""), 1)


def in_words(cents_a_month: int | None) -> str:
    """What something costs a month, in words."""
    if cents_a_month is None:
        return "at an unknown price"
    return f"for about {cents_a_month / 100:.2f} USD a month at {price_list().region} list prices"


def _cents_a_month(price: float | None, instances: int) -> int | None:
    return None if price is None else round(price * instances * HOURS_A_MONTH * 100)
