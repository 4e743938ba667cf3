"""Subscribers of SNS: an address gets nothing before its owner has confirmed, which takes a while.

moto takes every subscription for confirmed. AWS lists one without an ARN until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from moto.sns.models import sns_backends

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.moto_repairs import ASKED_AT
from mlaudit.emulator.services import pages

UNCONFIRMED = "PendingConfirmation"
_BY_A_PERSON = frozenset({"email", "email-json"})
_TAKES = timedelta(days=1)
"""How long people take to follow the link in the message that asks them."""


def list_(call: Call) -> Record:
    """List all subscriptions."""
    return _page(call, _backend(call).subscriptions.values())


def list_by_topic(call: Call) -> Record:
    """List the subscriptions of a topic."""
    topic = call.params["TopicArn"]
    if topic not in _backend(call).topics:
        raise Refusal("NotFound", "Topic does not exist", status=404)
    found = _backend(call).subscriptions.values()
    return _page(call, (each for each in found if each.topic.arn == topic))


def _backend(call: Call) -> Any:
    return sns_backends[call.account][call.region]


def _page(call: Call, found: Iterable[Any]) -> Record:
    rows = [
        {
            "SubscriptionArn": UNCONFIRMED if _is_pending(each, call.now) else each.arn,
            "Owner": call.account,
            "Protocol": each.protocol,
            "Endpoint": each.endpoint,
            "TopicArn": each.topic.arn,
        }
        for each in found
    ]
    return pages.cut(call, rows, member="Subscriptions", size="MaxResults")


def _is_pending(subscription: Any, now: datetime) -> bool:
    asked_at: datetime | None = vars(subscription).get(ASKED_AT)
    by_a_person = subscription.protocol in _BY_A_PERSON
    return by_a_person and asked_at is not None and now < asked_at + _TAKES


HANDLERS: Mapping[str, Handler] = {
    "ListSubscriptions": list_,
    "ListSubscriptionsByTopic": list_by_topic,
}
