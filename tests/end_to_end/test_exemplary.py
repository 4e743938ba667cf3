"""Two systems that do everything on the checklist pass it whole, each in its own way."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from mlaudit.audit import Audit, Effect, ItemResult, Outcome
from mlaudit.emulator import load_scenario
from mlaudit.model import Status, Strength

pytestmark = pytest.mark.slow

NATIVE, OTHER = "credit-scoring", "price-forecast"
ATTESTED = frozenset(
    {"1.5", "1.6", "2.2", "2.3", "3.5", "3.7", "3.8", "4.8", "7.1", "8.1", "9.1", "9.3", "9.5"}
)
"""What of the second system is done outside of AWS, or inside code of its own."""

OF_PLATFORM = "9.2"
"""Judged once for both, and the second keeps its runs in a tracker of its own."""


@pytest.fixture(scope="module")
def audit(running: Callable[..., AbstractContextManager[Any]]) -> Audit:
    with running(load_scenario("exemplary")) as account:
        found: Audit = account.scan()
    return found


def items_of(audit: Audit, name: str) -> tuple[ItemResult, ...]:
    (workload,) = (each for each in audit.workloads if each.name == name)
    return workload.items


def test_the_account_holds_these_two_and_everything_in_it_is_seen(audit: Audit) -> None:
    assert [each.name for each in audit.workloads] == [NATIVE, OTHER]
    assert (audit.gaps, audit.orphans, audit.stale) == ((), (), ())


@pytest.mark.parametrize("name", [NATIVE, OTHER])
def test_every_item_passes(audit: Audit, name: str) -> None:
    open_ = {
        each.id: f"{each.status}: {each.summary}"
        for each in items_of(audit, name)
        if each.status is not Status.PASS
    }
    assert open_ == {}


@pytest.mark.parametrize("name", [NATIVE, OTHER])
def test_its_scores_are_full_and_its_gate_is_open(audit: Audit, name: str) -> None:
    (workload,) = (each for each in audit.workloads if each.name == name)
    scores = workload.scores
    assert scores.strict.complete == scores.strict.applicable == len(workload.items)
    assert scores.gate.complete == scores.gate.applicable
    assert {each.outcome for each in workload.gates.values()} == {Outcome.OPEN}


def test_words_count_only_where_aws_has_nothing_to_tell(audit: Audit) -> None:
    attested = {
        name: {each.id for each in items_of(audit, name) if each.strength is Strength.ATTESTED}
        for name in (NATIVE, OTHER)
    }
    assert attested == {NATIVE: {OF_PLATFORM}, OTHER: {OF_PLATFORM, *ATTESTED}}
    words = [each.attestation for each in items_of(audit, OTHER) if each.attestation]
    assert {each.effect for each in words} == {Effect.COUNTS}
