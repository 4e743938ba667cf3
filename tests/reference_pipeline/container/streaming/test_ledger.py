"""The ledger's conditional writes, as DynamoDB answers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from mlaudit_reference.container.streaming.ledger import DynamoLedger
from mlaudit_reference.container.streaming.ports import Hold, Standing

Clients = Callable[[str], Any]
At = Callable[[float], DynamoLedger]

KEPT = 1000
HERE = Hold("a", "shard:1")
ELSEWHERE = Hold("a", "shard:2")


@pytest.fixture
def at(clients: Clients, table: str) -> At:
    """The ledger at a moment."""
    client = clients("dynamodb")
    for item in client.scan(TableName=table)["Items"]:
        client.delete_item(TableName=table, Key={"id": item["id"]})
    return lambda now: DynamoLedger(client, table, KEPT, lambda: now)


def claimed(ledger: DynamoLedger, hold: Hold, until: float = 60) -> Standing:
    return ledger.claim([hold], until)[hold.key]


def test_a_key_is_claimed_by_one_delivery_until_the_lease_ends(at: At) -> None:
    assert claimed(at(0), HERE) is Standing.OURS
    assert claimed(at(59), ELSEWHERE) is Standing.BUSY
    assert claimed(at(60), ELSEWHERE, until=120) is Standing.OURS
    assert claimed(at(61), HERE) is Standing.BUSY


def test_the_same_position_takes_over_at_once(at: At) -> None:
    assert claimed(at(0), HERE) is Standing.OURS
    assert claimed(at(1), HERE) is Standing.OURS


def test_what_is_done_stays_done_until_it_is_forgotten(at: At) -> None:
    claimed(at(0), HERE)
    assert at(1).settle(["a"]) == {}
    assert claimed(at(999), HERE) is Standing.DONE
    assert claimed(at(1001), HERE) is Standing.OURS


def test_many_keys_are_settled_in_several_writes(at: At) -> None:
    keys = [f"k{number}" for number in range(60)]
    assert at(0).settle(keys) == {}
    holds = [Hold(each, "shard:1") for each in keys]
    assert set(at(1).claim(holds, 60).values()) == {Standing.DONE}


def test_a_claim_is_given_back_by_the_delivery_that_has_it_alone(at: At) -> None:
    claimed(at(0), HERE)
    at(1).release([ELSEWHERE])
    assert claimed(at(2), ELSEWHERE) is Standing.BUSY
    at(3).release([HERE])
    assert claimed(at(4), ELSEWHERE) is Standing.OURS
    at(5).settle(["a"])
    at(6).release([ELSEWHERE])
    assert claimed(at(7), HERE) is Standing.DONE


class Failing:
    """A client that always raises the same."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def update_item(self, **_: Any) -> Mapping[str, Any]:
        raise self.error

    delete_item = batch_write_item = update_item


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow"}}, "UpdateItem"),
        EndpointConnectionError(endpoint_url="there"),
    ],
    ids=["throttled", "unreachable"],
)
def test_a_table_that_cannot_be_asked_knows_nothing(error: Exception) -> None:
    ledger = DynamoLedger(Failing(error), "t", KEPT, lambda: 0)
    assert claimed(ledger, HERE) is Standing.UNKNOWN
    assert set(ledger.settle(["a", "b"])) == {"a", "b"}
    ledger.release([HERE])


def test_what_dynamodb_left_unprocessed_is_told() -> None:
    class Throttled(Failing):
        def batch_write_item(self, **request: Any) -> Mapping[str, Any]:
            return {"UnprocessedItems": {"t": request["RequestItems"]["t"][1:]}}

    ledger = DynamoLedger(Throttled(ValueError()), "t", KEPT, lambda: 0)
    assert ledger.settle(["a", "b"]) == {"b": "throttled"}
