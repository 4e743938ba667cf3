"""Topics of SNS that alarms are sent to, and who gets what is sent there.

Source: ``sns:CreateTopic``, ``SetTopicAttributes`` and ``Subscribe``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mlaudit.collect.monitoring import LIST_SUBSCRIPTIONS
from mlaudit.collect.operation import Operation
from mlaudit.remediate.change import Ask, Call, Document, Key, RefusedError, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.asking import found, listed, says_gone
from mlaudit.remediate.settings.states import kept, tag_map
from mlaudit.remediate.settings.tagging import OF_TOPICS

_GET = Operation("sns", "GetTopicAttributes")
_CREATE = Operation("sns", "CreateTopic")
_DELETE = Operation("sns", "DeleteTopic")
_SET = Operation("sns", "SetTopicAttributes")
_SUBSCRIBE = Operation("sns", "Subscribe")
_UNSUBSCRIBE = Operation("sns", "Unsubscribe")

_SUBSCRIPTION = "SubscriptionArn"
_DELETED = "Deleted"
"""What SNS gives as the ARN of a subscription that is gone and still on the list."""

_DEFAULT_ACTIONS = (
    "SNS:AddPermission",
    "SNS:DeleteTopic",
    "SNS:GetTopicAttributes",
    "SNS:ListSubscriptionsByTopic",
    "SNS:Publish",
    "SNS:RemovePermission",
    "SNS:SetTopicAttributes",
    "SNS:Subscribe",
)
_FORMER_ACTION = "SNS:Receive"
"""Topics of earlier years have it in their default policy as well."""


def default_policy(topic: str) -> dict[str, Any]:
    """The policy that SNS gives to a topic that is made without one.

    Args:
        topic: The ARN of the topic.
    """
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": list(_DEFAULT_ACTIONS),
                "Resource": topic,
                "Condition": {"StringEquals": {"AWS:SourceOwner": topic.split(":")[4]}},
            }
        ],
    }


def _is_default(policy: str, topic: str) -> bool:
    try:
        return _in_order(json.loads(policy)) == _in_order(default_policy(topic))
    except (ValueError, TypeError, AttributeError, LookupError):
        return False  # a policy of another form is somebody's own


def _in_order(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy of one statement with its actions in one order."""
    (statement,) = policy["Statement"]
    actions = sorted(set(statement["Action"]) - {_FORMER_ACTION})
    return {**policy, "Statement": {**statement, "Action": actions}}


def _read_topic(key: Key, ask: Ask) -> State:
    topic = key["TopicArn"]
    reply = found(ask, _GET, TopicArn=topic)
    if reply is None:
        return None
    policy = reply["Attributes"].get("Policy", "")
    own = "" if _is_default(policy, topic) else policy
    return {**kept({"Policy": own}, ["Policy"]), **OF_TOPICS.member(topic, ask)}


def _calls_for_topic(key: Key, before: State, after: State) -> list[Call]:
    topic = key["TopicArn"]
    if after is None:
        return [Call("sns", _DELETE.name, {"TopicArn": topic})]
    if before is None:
        policy = {"Attributes": {"Policy": after["Policy"]}} if "Policy" in after else {}
        made = {"Name": topic.rpartition(":")[2], **policy, **kept(after, ["Tags"])}
        return [Call("sns", _CREATE.name, made)]
    tags = (tag_map(each.get("Tags")) for each in (before, after))
    return [*_policy(topic, before, after), *OF_TOPICS.calls(topic, *tags)]


def _policy(topic: str, before: Document, after: Document) -> Iterator[Call]:
    if before.get("Policy") != after.get("Policy"):
        text = after.get("Policy") or json.dumps(default_policy(topic))
        params = {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": text}
        yield Call("sns", _SET.name, params)


def _arn(key: Key, _account: str, _region: str) -> str:
    return key["TopicArn"]


TOPIC = Setting(
    name="sns.topic",
    title="topic for notifications",
    reads=(_GET, OF_TOPICS.listing),
    writes=(_CREATE, _SET, _DELETE, OF_TOPICS.giving, OF_TOPICS.taking),
    read=_read_topic,
    calls=_calls_for_topic,
    arn=_arn,
    documents=("Policy",),
)


def _read_subscription(key: Key, ask: Ask) -> State:
    there = (each for each in _subscriptions(key["TopicArn"], ask) if _is(each, key))
    subscription = next(there, None)
    return None if subscription is None else {_SUBSCRIPTION: subscription[_SUBSCRIPTION]}


def _subscriptions(topic: str, ask: Ask) -> list[Document]:
    try:
        return list(listed(ask, LIST_SUBSCRIPTIONS, TopicArn=topic))
    except RefusedError as refused:
        if says_gone(refused):
            return []
        raise


def _is(subscription: Document, key: Key) -> bool:
    same = all(subscription.get(name) == key[name] for name in ("Protocol", "Endpoint"))
    return same and subscription[_SUBSCRIPTION] != _DELETED


def _calls_for_subscription(key: Key, before: State, after: State) -> list[Call]:
    if after is not None:
        return [Call("sns", _SUBSCRIBE.name, key)]
    arn = (before or {}).get(_SUBSCRIPTION, "")
    # One that nobody has confirmed yet has no ARN, and no call takes it back.
    return [Call("sns", _UNSUBSCRIBE.name, {_SUBSCRIPTION: arn})] if arn.startswith("arn:") else []


def _arn_of_subscription(key: Key, _account: str, _region: str) -> str:
    return f"{key['TopicArn']}*"


SUBSCRIPTION = Setting(
    name="sns.subscription",
    title="subscriber of notifications",
    reads=(LIST_SUBSCRIPTIONS,),
    writes=(_SUBSCRIBE, _UNSUBSCRIBE),
    read=_read_subscription,
    calls=_calls_for_subscription,
    arn=_arn_of_subscription,
    ignores=(_SUBSCRIPTION,),
    cannot_go_back=(
        "The message that asks the address to confirm. An address that has not confirmed stays on "
        "the list until the topic is deleted or SNS drops it."
    ),
    leaves_trace=True,
)
