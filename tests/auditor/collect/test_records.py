"""What keeps a record: trails, event data stores, configuration recorders, model cards."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import records
from mlaudit.resources import CallLog, ConfigRecorder, ModelCard
from mlaudit.testing import gap

REGION = "eu-west-1"
TRAIL = f"arn:aws:cloudtrail:{REGION}:1:trail/t"
STORE = f"arn:aws:cloudtrail:{REGION}:1:eventdatastore/s"
CARD = f"arn:aws:sagemaker:{REGION}:1:model-card/c"
THEN = datetime(2026, 5, 31, tzinfo=UTC)
LISTED = {"trailList": [{"Name": "t", "TrailARN": TRAIL, "HasCustomEventSelectors": True}]}
LOGS = {"IsLogging": True, "LatestDeliveryTime": THEN}


def simple(**members: Any) -> dict[str, Any]:
    return {"EventSelectors": [members]}


def advanced(**equals: str) -> dict[str, Any]:
    fields = [{"Field": field, "Equals": [value]} for field, value in equals.items()]
    return {"AdvancedEventSelectors": [{"FieldSelectors": fields}]}


CHANGES: dict[str, tuple[dict[str, Any], bool]] = {
    "all calls": (simple(IncludeManagementEvents=True, ReadWriteType="All"), True),
    "changes": (simple(IncludeManagementEvents=True, ReadWriteType="WriteOnly"), True),
    "reads": (simple(IncludeManagementEvents=True, ReadWriteType="ReadOnly"), False),
    "data": (simple(IncludeManagementEvents=False, ReadWriteType="All"), False),
    "management": (advanced(eventCategory="Management"), True),
    "management, reads": (advanced(eventCategory="Management", readOnly="true"), False),
    "management, changes": (advanced(eventCategory="Management", readOnly="false"), True),
    "SageMaker": (
        advanced(eventCategory="Management", eventSource="sagemaker.amazonaws.com"),
        True,
    ),
    "keys": (advanced(eventCategory="Management", eventSource="kms.amazonaws.com"), False),
    "objects": (advanced(eventCategory="Data"), False),
    "nothing": ({}, False),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_a_trail_takes(case: str, reader_of: Any, answers: Any) -> None:
    selectors, changes = CHANGES[case]
    api = answers(DescribeTrails=LISTED, GetTrailStatus=LOGS, GetEventSelectors=selectors)
    assert list(records.trails.run(reader_of(api))) == [
        CallLog(TRAIL, REGION, "t", "trail", logging=True, changes=changes, written_at=THEN)
    ]


def test_a_trail_takes_changes_unless_told_otherwise(reader_of: Any, answers: Any) -> None:
    listed = {"trailList": [{"Name": "t", "TrailARN": TRAIL}]}
    api = answers(DescribeTrails=listed, GetTrailStatus={"IsLogging": False})
    assert list(records.trails.run(reader_of(api))) == [
        CallLog(TRAIL, REGION, "t", "trail", logging=False, changes=True, written_at=None)
    ]
    assert [name for name, _ in api.asked] == ["DescribeTrails", "GetTrailStatus"]


@pytest.mark.parametrize("operation", ["GetTrailStatus", "GetEventSelectors"])
def test_a_trail_that_is_denied_is_a_gap_about_it(
    operation: str, reader_of: Any, answers: Any
) -> None:
    replies = {"DescribeTrails": LISTED, "GetTrailStatus": LOGS, operation: gap("any")}
    reader = reader_of(answers(**replies))
    assert list(records.trails.run(reader)) == []
    assert [each.subject for each in reader.ledger.gaps] == [TRAIL]


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("status", ["ENABLED", "STOPPED_INGESTION"])
def test_what_an_event_data_store_takes(
    case: str, status: str, reader_of: Any, answers: Any
) -> None:
    selectors, changes = CHANGES[case]
    api = answers(
        ListEventDataStores={"EventDataStores": [{"EventDataStoreArn": STORE, "Name": "s"}]},
        GetEventDataStore={"Name": "s", "Status": status, **selectors},
    )
    (found,) = list(records.event_data_stores.run(reader_of(api)))
    expected = CallLog(STORE, REGION, "s", "event data store", status == "ENABLED", changes, None)
    assert found == expected


EXCLUSION = "EXCLUSION_BY_RESOURCE_TYPES"
RECORDS: dict[str, tuple[dict[str, Any], bool]] = {
    "everything": ({"allSupported": True}, True),
    "models": ({"allSupported": False, "resourceTypes": ["AWS::SageMaker::Model"]}, True),
    "machines": ({"allSupported": False, "resourceTypes": ["AWS::EC2::Instance"]}, False),
    "all but machines": (
        {
            "recordingStrategy": {"useOnly": EXCLUSION},
            "exclusionByResourceTypes": {"resourceTypes": ["AWS::EC2::Instance"]},
        },
        True,
    ),
    "all but models": (
        {
            "recordingStrategy": {"useOnly": EXCLUSION},
            "exclusionByResourceTypes": {"resourceTypes": ["AWS::SageMaker::Model"]},
        },
        False,
    ),
    "nothing": ({}, False),
}
RUNS: dict[str, tuple[dict[str, Any], bool]] = {
    "recording": ({"name": "default", "recording": True, "lastStatus": "SUCCESS"}, True),
    "stopped": ({"name": "default", "recording": False}, False),
    "failing": ({"name": "default", "recording": True, "lastStatus": "FAILURE"}, False),
    "another": ({"name": "other", "recording": True}, False),
}


@pytest.mark.parametrize("group", RECORDS)
@pytest.mark.parametrize("run", RUNS)
def test_what_a_recorder_records(group: str, run: str, reader_of: Any, answers: Any) -> None:
    recording_group, records_ml = RECORDS[group]
    status, recording = RUNS[run]
    api = answers(
        DescribeConfigurationRecorders={
            "ConfigurationRecorders": [{"name": "default", "recordingGroup": recording_group}]
        },
        DescribeConfigurationRecorderStatus={"ConfigurationRecordersStatus": [status]},
    )
    assert list(records.config_recorders.run(reader_of(api))) == [
        ConfigRecorder("config-recorder/default", REGION, "default", records_ml, recording)
    ]


@pytest.mark.parametrize("own", [[], [{"name": "s", "servicePrincipal": "x.amazonaws.com"}]])
def test_the_recorder_of_a_service_is_nobodys(own: Any, reader_of: Any, answers: Any) -> None:
    api = answers(DescribeConfigurationRecorders={"ConfigurationRecorders": own})
    assert list(records.config_recorders.run(reader_of(api))) == []
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("content", "about"),
    [
        ({}, ()),
        ({"model_overview": {"model_id": "m", "model_description": "secret"}}, ("m",)),
        (
            {
                "model_overview": {"model_id": "m", "model_name": "m"},
                "model_package_details": {
                    "model_package_arn": "arn:p",
                    "model_package_group_name": "g",
                },
            },
            ("arn:p", "g", "m"),
        ),
    ],
)
def test_whom_a_card_is_about(content: Any, about: Any, reader_of: Any, answers: Any) -> None:
    summary = {"ModelCardName": "c", "ModelCardArn": CARD, "ModelCardStatus": "Draft"}
    api = answers(
        ListModelCards={"ModelCardSummaries": [summary]},
        DescribeModelCard={**summary, "Content": json.dumps(content)},
    )
    found = list(records.model_cards.run(reader_of(api)))
    assert found == [ModelCard(CARD, REGION, "c", {}, "Draft", about)]
