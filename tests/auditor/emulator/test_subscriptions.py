"""Subscribers of SNS, and how long addresses take to confirm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mlaudit.emulator import ScenarioError, emulated_account
from mlaudit.emulator.seeding import PastCall, caller
from mlaudit.emulator.services.subscriptions import UNCONFIRMED

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)
TOPIC = "arn:aws:sns:us-east-1:123456789012:t"
ADDRESSES = {
    "email": "a@example.com",
    "email-json": "b@example.com",
    "sqs": "arn:aws:sqs:us-east-1:123456789012:q",
    "sms": "+41441234567",
}


@pytest.mark.parametrize(
    ("ago", "pending"),
    [
        (timedelta(0), {"email", "email-json"}),
        (timedelta(hours=23), {"email", "email-json"}),
        (timedelta(days=1), set()),
    ],
)
@pytest.mark.parametrize("operation", ["ListSubscriptions", "ListSubscriptionsByTopic"])
def test_an_address_takes_a_day_to_confirm(
    ago: timedelta, pending: set[str], operation: str
) -> None:
    which = {"TopicArn": TOPIC} if operation.endswith("Topic") else {}
    with emulated_account(None, now=NOW) as account:
        make = caller(account.endpoint_url, account.region)
        make(PastCall("sns", "CreateTopic", {"Name": "t"}, NOW))
        for protocol, address in ADDRESSES.items():
            params = {"TopicArn": TOPIC, "Protocol": protocol, "Endpoint": address}
            make(PastCall("sns", "Subscribe", params, NOW - ago))
        listed = make(PastCall("sns", operation, which, NOW))["Subscriptions"]
    assert {each["Protocol"]: each["Endpoint"] for each in listed} == ADDRESSES
    unconfirmed = {each["Protocol"] for each in listed if each["SubscriptionArn"] == UNCONFIRMED}
    assert unconfirmed == pending
    others = [each["SubscriptionArn"] for each in listed if each["Protocol"] not in pending]
    assert all(each.startswith(f"{TOPIC}:") for each in others)


def test_asking_again_does_not_begin_again() -> None:
    email = {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "a@example.com"}
    with emulated_account(None, now=NOW) as account:
        make = caller(account.endpoint_url, account.region)
        make(PastCall("sns", "CreateTopic", {"Name": "t"}, NOW))
        for at in (NOW - timedelta(days=2), NOW):
            make(PastCall("sns", "Subscribe", email, at))
        (listed,) = make(PastCall("sns", "ListSubscriptions", {}, NOW))["Subscriptions"]
    assert listed["SubscriptionArn"] != UNCONFIRMED


def test_a_topic_that_is_not_there_has_no_list() -> None:
    with emulated_account(None) as account, pytest.raises(ScenarioError, match="does not exist"):
        caller(account.endpoint_url, account.region)(
            PastCall("sns", "ListSubscriptionsByTopic", {"TopicArn": TOPIC}, NOW)
        )
