"""Event data stores of the emulated CloudTrail."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def test_a_store_is_listed_and_told(client: Callable[..., Any]) -> None:
    trail = client("cloudtrail")
    made = trail.create_event_data_store(Name="lake")
    (listed,) = trail.list_event_data_stores()["EventDataStores"]
    assert listed == {"EventDataStoreArn": made["EventDataStoreArn"], "Name": "lake"}
    found = trail.get_event_data_store(EventDataStore=made["EventDataStoreArn"])
    assert (found["Name"], found["Status"]) == ("lake", "ENABLED")


def test_an_unknown_store_is_refused(client: Callable[..., Any]) -> None:
    arn = "arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/none"
    with pytest.raises(ClientError, match="EventDataStoreNotFoundException"):
        client("cloudtrail").get_event_data_store(EventDataStore=arn)
