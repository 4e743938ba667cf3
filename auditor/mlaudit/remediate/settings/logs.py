"""Log groups of CloudWatch Logs: how long they keep what is written to them.

Source: ``logs:CreateLogGroup``, ``PutRetentionPolicy``, ``DescribeLogGroups``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlaudit.collect.logs import LIST_GROUPS, LIST_STREAMS
from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Call, Document, Key, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.arns import arn_of
from mlaudit.remediate.settings.asking import found, listed
from mlaudit.remediate.settings.states import kept, own_tags
from mlaudit.remediate.settings.tagging import OF_LOGS

_CREATE = Operation("logs", "CreateLogGroup")
_DELETE = Operation("logs", "DeleteLogGroup")
_KEEP = Operation("logs", "PutRetentionPolicy")
_KEEP_FOREVER = Operation("logs", "DeleteRetentionPolicy")

_ARN = "logGroupArn"
MADE_WITH = ("kmsKeyId", "logGroupClass", "deletionProtectionEnabled")
"""What a group is made with and is not altered here; part of its state, so that none of it is lost
when a group is made again."""


def _read(key: Key, ask: Ask) -> State:
    name = key["logGroupName"]
    groups = listed(ask, LIST_GROUPS, logGroupNamePrefix=name)
    group = next((each for each in groups if each["logGroupName"] == name), None)
    if group is None:
        return None
    arn = group.get(_ARN) or group["arn"].removesuffix(":*")
    tags = {"tags": own_tags(OF_LOGS.read(arn, ask))}
    state = kept(group, ("retentionInDays", *MADE_WITH))
    return {**state, **kept(tags, tags), _ARN: arn}


def _calls(key: Key, before: State, after: State) -> list[Call]:
    if after is None:
        return [Call("logs", _DELETE.name, key)]
    if before is None:
        made = {**key, **kept(after, (*MADE_WITH, "tags"))}
        create = Call("logs", _CREATE.name, made, already=("ResourceAlreadyExistsException",))
        return [create, *_retention(key, {}, after)]
    _refuse_remaking(key, before, after)
    tags = (each.get("tags", {}) for each in (before, after))
    return [*OF_LOGS.calls(before.get(_ARN, ""), *tags), *_retention(key, before, after)]


def _refuse_remaking(key: Key, before: Document, after: Document) -> None:
    for member, default in DEFAULTS.items():
        if before.get(member, default) != after.get(member, default):
            raise MlauditError(f"The {member} of the log group {key['logGroupName']} stays.")


def _retention(key: Key, before: Document, after: Document) -> Iterator[Call]:
    days = after.get("retentionInDays")
    if days == before.get("retentionInDays"):
        return
    if days is None:
        yield Call("logs", _KEEP_FOREVER.name, key)
    else:
        yield Call("logs", _KEEP.name, {**key, "retentionInDays": days})


def _holds_data(key: Key, ask: Ask) -> bool:
    """Whether it has any stream: the times of its events may be an hour late, so none is asked."""
    page = found(ask, LIST_STREAMS, **key, limit=1)
    return bool(page and page.get("logStreams"))


def _arn(key: Key, account: str, region: str) -> str:
    return arn_of("logs", region, account, f"log-group:{key['logGroupName']}*")


DEFAULTS: dict[str, Any] = {
    "kmsKeyId": None,
    "logGroupClass": "STANDARD",
    "deletionProtectionEnabled": False,
}

LOG_GROUP = Setting(
    name="logs.group",
    title="log group",
    reads=(LIST_GROUPS, LIST_STREAMS, OF_LOGS.listing),
    writes=(_CREATE, _KEEP, _KEEP_FOREVER, _DELETE, OF_LOGS.giving, OF_LOGS.taking),
    read=_read,
    calls=_calls,
    arn=_arn,
    ignores=(_ARN,),
    defaults=DEFAULTS,
    holds_data=_holds_data,
    cannot_go_back=(
        "What a shorter retention has let go: CloudWatch deletes events past it for good."
    ),
)
