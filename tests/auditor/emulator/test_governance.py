"""Macie and DataZone of the emulated account."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Clients = Callable[..., Any]


def test_macie_is_off_until_it_is_switched_on(client: Clients) -> None:
    macie = client("macie2")
    with pytest.raises(ClientError, match="Macie is not enabled"):
        macie.describe_buckets()
    client("s3").create_bucket(Bucket="lake")
    macie.enable_macie()
    (found,) = macie.describe_buckets()["buckets"]
    assert found["automatedDiscoveryMonitoringStatus"] == "NOT_MONITORED"
    assert "lastAutomatedDiscoveryTime" not in found


def test_macie_looks_where_it_is_told(client: Clients) -> None:
    macie, s3 = client("macie2"), client("s3")
    macie.enable_macie()
    for name in ("lake", "other"):
        s3.create_bucket(Bucket=name)
    account = client("sts").get_caller_identity()["Account"]
    macie.create_classification_job(
        name="weekly",
        jobType="SCHEDULED",
        clientToken="token",
        s3JobDefinition={"bucketDefinitions": [{"accountId": account, "buckets": ["lake"]}]},
    )
    only = {"bucketName": {"eq": ["lake"]}}
    (found,) = macie.describe_buckets(criteria=only)["buckets"]
    assert found["jobDetails"]["isMonitoredByJob"] == "TRUE"
    assert found["jobDetails"]["lastJobRunTime"]
    macie.update_automated_discovery_configuration(status="ENABLED")
    both = macie.describe_buckets()["buckets"]
    assert [each["bucketName"] for each in both] == ["lake", "other"]
    assert all(each["lastAutomatedDiscoveryTime"] for each in both)


def test_a_domain_keeps_what_it_is_told(client: Clients) -> None:
    datazone = client("datazone")
    domain = datazone.create_domain(
        name="bank", domainExecutionRole="arn:aws:iam::123456789012:role/r"
    )
    assert [each["id"] for each in datazone.list_domains(status="AVAILABLE")["items"]] == [
        domain["id"]
    ]
    made = {"namespace": "s3://lake", "name": "made"}
    content = {"eventType": "COMPLETE", "outputs": [{**made, "facets": {}}]}
    asked = {"domainIdentifier": domain["id"]}
    told = datazone.post_lineage_event(**asked, event=json.dumps(content).encode())
    (listed,) = datazone.list_lineage_events(**asked, processingStatus="SUCCESS")["items"]
    assert listed["eventSummary"]["openLineageRunEventSummary"]["outputs"] == [made]
    found = datazone.get_lineage_event(**asked, identifier=told["id"])
    assert json.loads(found["event"].read()) == content


def test_what_datazone_does_not_know_is_refused(client: Clients) -> None:
    datazone = client("datazone")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        datazone.list_lineage_events(domainIdentifier="dzd-12345678901234")
    domain = datazone.create_domain(
        name="bank", domainExecutionRole="arn:aws:iam::123456789012:role/r"
    )
    asked = {"domainIdentifier": domain["id"]}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        datazone.get_lineage_event(**asked, identifier="a" * 14)
    with pytest.raises(ClientError, match="not JSON"):
        datazone.post_lineage_event(**asked, event=b"no")
