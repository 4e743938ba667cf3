"""When training starts anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.retraining import Policy, State, decide, handle

POLICY = Policy(warm_start=True)
CALM = State(days_since=10, new_rows=5, quality=0.8, psi=0.05, ndcg=0.99)


@pytest.mark.parametrize(
    ("change", "start", "reason", "warm"),
    [
        ({}, False, "nothing calls for it", False),
        ({"days_since": None}, True, "there was no training yet", False),
        ({"days_since": 30}, True, "schedule: 30 days since the last training", True),
        ({"new_rows": 20_000}, True, "new data: 20000 records", True),
        ({"quality": 0.6}, True, "quality: 0.600 is below 0.68", False),
        ({"psi": 0.31}, True, "drift: the distribution moved by 0.310", False),
        ({"ndcg": 0.5}, True, "drift: attributions agree by 0.500", False),
        ({"psi": 0.2, "quality": 0.68, "ndcg": 0.9}, False, "nothing calls for it", False),
        ({"psi": 0.9, "running": True}, False, "training is running", False),
        ({"psi": 0.9, "days_since": 0.5}, False, "the last training was 0.5 days ago", False),
        (
            dict.fromkeys(("new_rows", "quality", "psi", "ndcg")),
            False,
            "nothing calls for it",
            False,
        ),
    ],
)
def test_one_thing_decides(
    change: dict[str, Any],
    start: bool,  # noqa: FBT001 - a column of the table
    reason: str,
    warm: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = decide(replace(CALM, **change), POLICY)
    assert (found.start, found.reasons, found.warm_start) == (start, (reason,), warm)


def test_all_reasons_are_said_and_one_that_spoils_the_model_forbids_to_go_on_from_it() -> None:
    found = decide(replace(CALM, days_since=99, quality=0.1), POLICY)
    assert len(found.reasons) == 2
    assert not found.warm_start


def test_a_trigger_can_be_switched_off() -> None:
    nothing = Policy(None, None, None, None, None)
    bad = State(days_since=999, new_rows=10**9, quality=0.0, psi=9.0, ndcg=0.0)
    assert not decide(bad, nothing).start


def test_without_leave_training_starts_from_nothing() -> None:
    assert not decide(replace(CALM, days_since=99), replace(POLICY, warm_start=False)).warm_start


def test_the_handler_takes_documents() -> None:
    event = {"state": {"days_since": 3, "psi": 0.3}, "policy": {"psi_max": 0.25}}
    assert handle(event) == {
        "start": True,
        "reasons": ["drift: the distribution moved by 0.300"],
        "warm_start": False,
    }
    assert handle({})["reasons"] == ["there was no training yet"]


def test_the_handler_refuses_what_it_does_not_know() -> None:
    with pytest.raises(InputError, match="policy has no pis_max"):
        handle({"policy": {"pis_max": 0.25}})
