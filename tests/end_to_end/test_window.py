"""What happened before the evidence window proves nothing now: it is configured at most."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from mlaudit.audit import Audit, ItemResult
from mlaudit.emulator import load_scenario
from mlaudit.model import Grade, Status, Strength

pytestmark = pytest.mark.slow

WORKLOAD = "credit-scoring"
LATER = timedelta(days=200)
OF_THE_VERSION = "It is on record about the version that serves now, whenever that was made."
STATES_OF_NOW = {
    "1.4": OF_THE_VERSION,
    "2.1": "An application of a space runs, now.",
    "2.2": OF_THE_VERSION,
    "3.1": OF_THE_VERSION,
    "3.2": OF_THE_VERSION,
    "3.3": OF_THE_VERSION,
    "3.4": OF_THE_VERSION,
    "3.5": OF_THE_VERSION,
    "3.7": OF_THE_VERSION,
    "3.8": OF_THE_VERSION,
    "6.6": OF_THE_VERSION,
    "6.notification": "Who has confirmed a subscription hears of an alarm until taking it back.",
    "9.3": OF_THE_VERSION,
    "9.4": OF_THE_VERSION,
}
"""The items that ask for a state and for no event, each with what is so now."""


def items_of(audit: Audit) -> dict[str, ItemResult]:
    (workload,) = (each for each in audit.workloads if each.name == WORKLOAD)
    return {item.id: item for item in workload.items}


@pytest.fixture(scope="module")
def later(running: Callable[..., AbstractContextManager[Any]]) -> dict[str, ItemResult]:
    """Its items when nothing has happened for longer than the window."""
    with running(load_scenario("exemplary")) as account:
        assert {each.status for each in items_of(account.scan()).values()} == {Status.PASS}
        return items_of(account.scan(later=LATER))


def is_beside_the_account(item: ItemResult) -> bool:
    """Whether a person said it, or a checkout shows it, which is as it is now."""
    proofs = [each.arn for each in item.observations if each.grade is Grade.EXERCISED]
    of_checkout = bool(proofs) and all(each.startswith("repo://") for each in proofs)
    return item.strength is Strength.ATTESTED or of_checkout


def test_only_states_of_now_still_pass(later: dict[str, ItemResult]) -> None:
    passing = {id_ for id_, item in later.items() if item.status is Status.PASS}
    beside = {id_ for id_, item in later.items() if is_beside_the_account(item)}
    assert passing - beside == STATES_OF_NOW.keys()


def test_nothing_that_passes_rests_on_an_event_before_the_window(
    later: dict[str, ItemResult],
) -> None:
    strengths = {item.strength for item in later.values() if item.status is Status.PARTIAL}
    assert strengths == {Strength.CONFIGURED}
