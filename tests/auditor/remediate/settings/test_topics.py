"""Topics and their subscribers: the policy that each topic has, and who has not confirmed yet."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlaudit.remediate.change import Ask, Document
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.settings.topics import default_policy

TOPIC, SUBSCRIPTION = SETTINGS["sns.topic"], SETTINGS["sns.subscription"]
ARN = "arn:aws:sns:us-east-1:123456789012:alerts"
KEY = {"TopicArn": ARN}
WHO = {**KEY, "Protocol": "email", "Endpoint": "ml@example.com"}


def _with_policy(policy: str) -> Ask:
    def answer(_service: str, operation: str, _: Document) -> Document:
        return {"Tags": []} if operation.startswith("List") else {"Attributes": {"Policy": policy}}

    return answer


def _default(**statement: Any) -> str:
    policy = default_policy(ARN)
    return json.dumps({**policy, "Statement": [{**policy["Statement"][0], **statement}]})


ACTIONS: list[str] = default_policy(ARN)["Statement"][0]["Action"]


@pytest.mark.parametrize(
    "policy",
    [_default(), _default(Action=ACTIONS[::-1]), _default(Action=[*ACTIONS, "SNS:Receive"])],
)
def test_the_policy_that_every_topic_has_is_left_out(policy: str) -> None:
    assert TOPIC.read(KEY, _with_policy(policy)) == {}


@pytest.mark.parametrize(
    "policy",
    [
        _default(Action=ACTIONS[:3]),
        _default(Action="SNS:Publish"),
        _default(Principal={"AWS": "123456789012"}),
        _default(Condition={}),
        '{"Id": "__default_policy_ID", "Statement": []}',
        '{"Id": "__default_policy_ID"}',
        "[]",
        "no document",
    ],
)
def test_any_other_policy_is_somebodys_own(policy: str) -> None:
    assert TOPIC.read(KEY, _with_policy(policy)) == {"Policy": policy}


def test_taking_a_policy_away_writes_the_one_that_every_topic_has() -> None:
    (call,) = TOPIC.calls(KEY, {"Policy": "{}"}, {})
    assert json.loads(call.params["AttributeValue"]) == default_policy(ARN)


def test_policies_are_compared_by_what_they_say() -> None:
    one, other = {"Policy": '{"Id": "a", "Statement": []}'}, {"Policy": '{"Statement":[],"Id":"a"}'}
    assert not TOPIC.calls(KEY, one, other)


def _listing(*arns: str) -> Ask:
    rows = [{**WHO, "SubscriptionArn": arn} for arn in arns]
    return lambda *_: {"Subscriptions": rows}


@pytest.mark.parametrize(
    ("listed", "there"),
    [
        ((), False),
        (("Deleted",), False),
        (("PendingConfirmation",), True),
        (("Deleted", f"{ARN}:1"), True),
    ],
)
def test_who_is_on_the_list_is_subscribed(listed: tuple[str, ...], *, there: bool) -> None:
    assert (SUBSCRIPTION.read(WHO, _listing(*listed)) is not None) is there


def test_others_on_the_list_are_others() -> None:
    other = {**WHO, "Endpoint": "ops@example.com"}
    assert SUBSCRIPTION.read(other, _listing(f"{ARN}:1")) is None


def test_who_has_not_confirmed_is_not_asked_again_and_cannot_be_taken_back() -> None:
    pending = SUBSCRIPTION.read(WHO, _listing("PendingConfirmation"))
    assert not SUBSCRIPTION.calls(WHO, pending, {})
    assert not SUBSCRIPTION.calls(WHO, pending, None)
    assert "not confirmed" in SUBSCRIPTION.cannot_go_back


def test_who_has_confirmed_is_taken_back_by_the_arn() -> None:
    confirmed = SUBSCRIPTION.read(WHO, _listing(f"{ARN}:1"))
    (call,) = SUBSCRIPTION.calls(WHO, confirmed, None)
    assert call.params == {"SubscriptionArn": f"{ARN}:1"}


def test_a_topic_that_is_gone_has_no_subscribers(ask: Ask) -> None:
    assert SUBSCRIPTION.read(WHO, ask) is None
