"""The ledger in DynamoDB: one item for each key, with a lease until it is done.

The table's partition key is the string ``id``; its TTL attribute is ``expires_at``. Entries must
outlive the source's retention, or a late delivery would not be known again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from mlaudit_reference.container.streaming.ports import Hold, Standing

_MOST_WRITTEN = 25
"""Items of one BatchWriteItem."""
_TOGETHER = 8
"""Conditional writes at a time; DynamoDB has no batch of them that does not fail as a whole."""
_HELD_ELSEWHERE = "ConditionalCheckFailedException"
_FREE = (
    "attribute_not_exists(id)"
    " OR expires_at <= :now"
    " OR (#state = :claimed AND (lease_until <= :now OR #position = :position))"
)
_NAMES = {"#state": "state", "#position": "position"}


class Table(Protocol):
    """What is used of boto3's client for DynamoDB."""

    def update_item(self, **request: Any) -> Mapping[str, Any]:
        """UpdateItem."""
        ...

    def delete_item(self, **request: Any) -> Mapping[str, Any]:
        """DeleteItem."""
        ...

    def batch_write_item(self, **request: Any) -> Mapping[str, Any]:
        """BatchWriteItem."""
        ...


@dataclass(frozen=True)
class DynamoLedger:
    """The ledger of one table.

    Attributes:
        client: boto3's client for DynamoDB, which is safe to share between threads.
        table: The table's name.
        kept: Seconds that an entry is kept after it was written.
        clock: The time in seconds since the epoch.
    """

    client: Table
    table: str
    kept: int
    clock: Callable[[], float]

    def claim(self, holds: Sequence[Hold], until: float) -> Mapping[str, Standing]:
        """Claim each key by a conditional write (``UpdateItem``)."""
        standings = _together(lambda hold: self._claim(hold, until), holds)
        return {hold.key: each for hold, each in zip(holds, standings, strict=True)}

    def settle(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Mark keys done (``BatchWriteItem``); done is final, so this needs no condition."""
        failed: dict[str, str] = {}
        for start in range(0, len(keys), _MOST_WRITTEN):
            failed.update(self._settle(keys[start : start + _MOST_WRITTEN]))
        return failed

    def release(self, holds: Sequence[Hold]) -> None:
        """Delete claims that are still of this delivery (``DeleteItem``)."""
        _together(self._release, holds)

    def _claim(self, hold: Hold, until: float) -> Standing:
        now = self.clock()
        try:
            self.client.update_item(
                TableName=self.table,
                Key={"id": {"S": hold.key}},
                UpdateExpression="SET #state = :claimed, #position = :position,"
                " lease_until = :until, expires_at = :expires",
                ConditionExpression=_FREE,
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues={
                    ":claimed": {"S": "claimed"},
                    ":position": {"S": hold.position},
                    ":until": {"N": f"{until:.3f}"},
                    ":now": {"N": f"{now:.3f}"},
                    ":expires": {"N": str(int(now) + self.kept)},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return _standing(error)
        except BotoCoreError:
            return Standing.UNKNOWN
        return Standing.OURS

    def _settle(self, keys: Sequence[str]) -> Mapping[str, str]:
        expires = str(int(self.clock()) + self.kept)
        puts = [
            {
                "PutRequest": {
                    "Item": {
                        "id": {"S": key},
                        "state": {"S": "done"},
                        "expires_at": {"N": expires},
                    }
                }
            }
            for key in keys
        ]
        try:
            answer = self.client.batch_write_item(RequestItems={self.table: puts})
        except (ClientError, BotoCoreError) as error:
            return dict.fromkeys(keys, str(error))
        left = answer.get("UnprocessedItems", {}).get(self.table, [])
        return {each["PutRequest"]["Item"]["id"]["S"]: "throttled" for each in left}

    def _release(self, hold: Hold) -> None:
        try:
            self.client.delete_item(
                TableName=self.table,
                Key={"id": {"S": hold.key}},
                ConditionExpression="#state = :claimed AND #position = :position",
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues={
                    ":claimed": {"S": "claimed"},
                    ":position": {"S": hold.position},
                },
            )
        except (ClientError, BotoCoreError):
            return  # the lease ends anyway


def _standing(error: ClientError) -> Standing:
    """Who has a key that could not be claimed."""
    if error.response.get("Error", {}).get("Code") != _HELD_ELSEWHERE:
        return Standing.UNKNOWN
    item: Mapping[str, Any] = error.response.get("Item", {})  # type: ignore[assignment]
    done = item.get("state", {}).get("S") == "done"
    return Standing.DONE if done else Standing.BUSY


def _together(call: Callable[[Hold], Any], holds: Iterable[Hold]) -> list[Any]:
    with ThreadPoolExecutor(_TOGETHER) as pool:
        return list(pool.map(call, holds))
