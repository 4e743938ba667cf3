"""X.1 Nothing that serves stands idle: what is paid by the hour answers somebody."""

from dataclasses import replace
from datetime import timedelta

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, Waste, check, for_all
from mlaudit.capabilities.capacity import PaidVariant

PATIENCE = timedelta(days=14)
"""How long a variant may go without a request."""


@check("X.1")
def nothing_idle(variants: Evidence[PaidVariant]) -> Verdict:
    """An endpoint that nobody asks costs as much as a busy one, for as long as nobody looks.

    Exercised when every variant on instances of its own answered a request in the last two weeks,
    or keeps no instance while nobody asks; only configured while it is younger than that. One idle
    variant fails. Does not apply where nothing serves on instances. Requests to asynchronous
    endpoints and to inference components are not counted by variant and cannot be seen here.
    """
    found = for_all(
        variants, _answers, one_miss_fails=True, nothing="nothing serves on instances of its own"
    )
    if found.status is not Status.FAIL:
        return found
    idle = [each.cents_a_month for each in variants.items if _idle(each)]
    return replace(found, waste=Waste.of(idle))


def _answers(variant: PaidVariant) -> Observation:
    if not variant.least:
        return variant.observed(Grade.EXERCISED, "keeps no instance while nobody asks")
    if _busy(variant):
        fact = f"answered {variant.requests:.0f} requests in the window"
        return variant.observed(Grade.EXERCISED, fact)
    if not _idle(variant):
        return variant.observed(Grade.CONFIGURED, "is new, and answered no request yet")
    fact = f"answered nothing for {_patience(variant).days} days on {variant.fleet}, {variant.cost}"
    return variant.observed(Grade.MISSED, fact)


def _patience(variant: PaidVariant) -> timedelta:
    """How long it may rest: no longer than requests were counted."""
    return min(PATIENCE, variant.counted_to - variant.counted_from)


def _busy(variant: PaidVariant) -> bool:
    at = variant.last_at
    return at is not None and variant.counted_to - at <= _patience(variant)


def _idle(variant: PaidVariant) -> bool:
    old = variant.counted_to - variant.since > _patience(variant)
    return bool(variant.least) and old and not _busy(variant)
