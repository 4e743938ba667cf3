"""An account is open for what was declared, and every refusal says what and why."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mlaudit.collect.operation import Operation
from mlaudit.collect.session import Access, AccountError, UndeclaredCallError
from mlaudit.emulator import EmulatedAccount, emulated_account, load_scenario
from mlaudit.errors import MlauditError
from mlaudit.model import GapReason
from mlaudit.remediate.change import Change, Pinned, RefusedError
from mlaudit.remediate.entries import Intent
from mlaudit.remediate.hands import (
    Declared,
    Hands,
    open_hands,
    operations_of,
    operations_to_undo,
    reason_of_refusal,
)
from mlaudit.remediate.setting import Setting

GET, PUT = Operation("ssm", "GetParameter"), Operation("ssm", "PutParameter")
HERE = "us-east-1"
VALUE = {"Name": "/a", "Value": "1", "Type": "String"}


def opened(account: EmulatedAccount, *writes: Operation) -> Hands:
    keys = (account.access_key, account.secret_key)
    access = Access(account.account, endpoint_url=account.endpoint_url, keys=keys)
    return open_hands(access, Declared((GET,), writes))


def test_what_is_declared_is_done(account: EmulatedAccount) -> None:
    hands = opened(account, PUT)
    assert (hands.account, hands.caller) == (
        account.account,
        f"arn:aws:iam::{account.account}:user/mlaudit",
    )
    hands.ask(HERE)("ssm", "PutParameter", VALUE)
    reply = hands.ask(HERE)("ssm", "GetParameter", {"Name": "/a"})
    assert reply["Parameter"]["Value"] == "1"


def test_regions_are_apart(account: EmulatedAccount) -> None:
    hands = opened(account, PUT)
    hands.ask(HERE)("ssm", "PutParameter", {**VALUE, "Name": "/here"})
    with pytest.raises(RefusedError, match="ParameterNotFound"):
        hands.ask("eu-west-1")("ssm", "GetParameter", {"Name": "/here"})


def test_what_is_not_declared_never_leaves(
    account: EmulatedAccount, client: Callable[[str], Any]
) -> None:
    with pytest.raises(UndeclaredCallError, match="ssm:PutParameter is not one of"):
        opened(account).ask(HERE)("ssm", "PutParameter", {**VALUE, "Name": "/never"})
    assert not client("ssm").get_parameters(Names=["/never"])["Parameters"]


def test_a_refusal_says_what_was_refused_and_what_aws_said(account: EmulatedAccount) -> None:
    with pytest.raises(RefusedError) as refused:
        opened(account).ask(HERE)("ssm", "GetParameter", {"Name": "/nowhere"})
    error = refused.value
    assert (error.service, error.operation, error.code) == (
        "ssm",
        "GetParameter",
        "ParameterNotFound",
    )
    assert "/nowhere" in error.message


@pytest.mark.parametrize(
    ("denied", "throttled", "reason"),
    [
        (("ssm:Put*",), (), GapReason.DENIED),
        ((), ("ssm:Put*",), GapReason.THROTTLED),
    ],
)
def test_the_reason_of_a_refusal_is_known(
    denied: tuple[str, ...], throttled: tuple[str, ...], reason: GapReason
) -> None:
    scenario = replace(load_scenario("empty"), denied=denied, throttled=throttled)
    with (
        emulated_account(scenario) as account,
        pytest.raises(RefusedError) as refused,
    ):
        opened(account, PUT).ask(HERE)("ssm", "PutParameter", VALUE)
    assert reason_of_refusal(refused.value) is reason


def test_parameters_that_aws_cannot_take_are_refused_before_they_leave(
    account: EmulatedAccount,
) -> None:
    with pytest.raises(RefusedError, match=r"ParamValidationError.*Nmae"):
        opened(account).ask(HERE)("ssm", "GetParameter", {"Nmae": "/a"})


def test_another_account_is_not_opened(account: EmulatedAccount) -> None:
    other = replace(account, account="999999999999")
    with pytest.raises(AccountError, match="999999999999"):
        opened(other)


READ, WRITE, OTHER = (Operation("logs", name) for name in ("Read", "Write", "Other"))
LOGS = Setting(
    "logs", "logs", (READ,), (WRITE, OTHER), lambda *_: None, lambda *_: [], lambda *_: ""
)
MORE = replace(LOGS, name="more", reads=(READ, GET), writes=(OTHER, PUT))
KNOWN = {each.name: each for each in (LOGS, MORE)}


def pinned(kind: str) -> Pinned:
    return Pinned(Change(kind, {}, HERE, "arn", "", {}), None, {})


def test_the_operations_of_a_plan_are_those_of_its_changes() -> None:
    assert operations_of([pinned("logs")], KNOWN) == Declared((READ,), (WRITE, OTHER))
    both = operations_of([pinned("logs"), pinned("more"), pinned("logs")], KNOWN)
    assert both == Declared((READ, GET), (WRITE, OTHER, PUT))
    assert both.all == (READ, GET, WRITE, OTHER, PUT)
    assert operations_of([], KNOWN) == Declared()


def test_a_kind_that_is_not_known_is_said() -> None:
    with pytest.raises(MlauditError, match="'novel'"):
        operations_of([pinned("novel")], KNOWN)


def test_undoing_calls_what_the_settings_of_a_journal_call() -> None:
    intents = [Intent("01", kind, {}, HERE, "", None, {}) for kind in ("a.stack", "logs")]
    assert operations_to_undo(intents, KNOWN) == Declared((READ,), (WRITE, OTHER))
