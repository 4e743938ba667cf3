"""What becomes of replies about functions and what feeds them, and of changes that failed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import deployments, jobs, serving, streams
from mlaudit.resources import (
    Deployment,
    Endpoint,
    EndpointConfig,
    EventSourceMapping,
    Function,
    TrainingJob,
)
from mlaudit.testing import build

MAPPING = {"UUID": "1", "FunctionArn": "arn:aws:lambda:eu-west-1:1:function:f", "State": "Enabled"}


@pytest.mark.parametrize(
    ("more", "keeps", "splits"),
    [
        ({}, False, False),
        ({"DestinationConfig": {"OnFailure": {"Destination": "arn:q"}}}, True, False),
        ({"DestinationConfig": {"OnFailure": {}}}, False, False),
        ({"BisectBatchOnFunctionError": True}, False, True),
        ({"FunctionResponseTypes": ["ReportBatchItemFailures"]}, False, True),
        ({"FunctionResponseTypes": []}, False, False),
    ],
)
def test_a_mapping_tells_what_becomes_of_bad_records(
    more: dict[str, Any], *, keeps: bool, splits: bool, reader_of: Any, answers: Any
) -> None:
    api = answers(ListEventSourceMappings={"EventSourceMappings": [{**MAPPING, **more}]})
    (found,) = streams.event_source_mappings.run(reader_of(api))
    assert isinstance(found, EventSourceMapping)
    assert (found.keeps_failures, found.splits_batches) == (keeps, splits)


@pytest.mark.parametrize("runtime", ["python3.12", None])
def test_a_function_has_a_runtime_unless_it_is_an_image(
    runtime: str | None, reader_of: Any, answers: Any
) -> None:
    record = {"FunctionName": "f", "FunctionArn": MAPPING["FunctionArn"]}
    told = {"Runtime": runtime} if runtime else {}
    api = answers(ListFunctions={"Functions": [{**record, **told}]})
    (found,) = streams.functions.run(reader_of(api), [], [])
    assert isinstance(found, Function)
    assert found.runtime == runtime


@pytest.mark.parametrize(("reason", "failed"), [("no capacity", True), (None, False)])
def test_of_a_failure_only_that_there_was_one_is_kept(
    reason: str | None, *, failed: bool, reader_of: Any, answers: Any
) -> None:
    told = {"FailureReason": reason} if reason else {}
    record = {"LastModifiedTime": datetime(2026, 5, 20, tzinfo=UTC), **told}
    reader = reader_of(answers(DescribeEndpoint=record))
    (found,) = deployments.endpoint_deployments.run(reader, [build(Endpoint, "e")])
    assert isinstance(found, Deployment)
    assert found.failed is failed
    assert "capacity" not in repr(found)


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ({"NotificationConfig": {"ErrorTopic": "arn:t"}}, True),
        ({"NotificationConfig": {"SuccessTopic": "arn:t"}}, False),
        ({}, False),
    ],
)
def test_an_asynchronous_endpoint_may_tell_of_errors(
    output: dict[str, Any], *, told: bool, reader_of: Any, answers: Any
) -> None:
    record = {
        "EndpointConfigArn": "arn:c",
        "EndpointConfigName": "e",
        "CreationTime": datetime(2026, 5, 20, tzinfo=UTC),
        "AsyncInferenceConfig": {"OutputConfig": output},
    }
    api = answers(DescribeEndpointConfig=record, ListEndpointConfigs={"EndpointConfigs": []})
    needed = [build(Endpoint, "e", config_name="e")]
    (found,) = serving.endpoint_configs.run(reader_of(api), needed, [])
    assert isinstance(found, EndpointConfig)
    assert (found.asynchronous, found.error_topic) == (True, told)


@pytest.mark.parametrize(
    ("channels", "shared"),
    [
        (["ShardedByS3Key"], True),
        (["FullyReplicated", "ShardedByS3Key"], True),
        (["FullyReplicated"], False),
        ([None], False),
        ([], False),
    ],
)
def test_a_job_tells_whether_its_machines_share_the_data(
    channels: list[str | None], *, shared: bool, reader_of: Any, answers: Any
) -> None:
    made = datetime(2026, 5, 20, tzinfo=UTC)
    record = {
        "TrainingJobArn": "arn:j",
        "TrainingJobName": "j",
        "TrainingJobStatus": "Completed",
        "CreationTime": made,
        "LastModifiedTime": made,
        "InputDataConfig": [_channel(each) for each in channels],
    }
    api = answers(
        Search={"Results": [{"TrainingJob": record}]},
        ListTrainingJobs={"TrainingJobSummaries": [record]},
    )
    (found,) = jobs.training_jobs.run(reader_of(api), [], [])
    assert isinstance(found, TrainingJob)
    assert found.shards is shared


def _channel(distribution: str | None) -> dict[str, Any]:
    told = {"S3DataDistributionType": distribution} if distribution else {}
    return {"DataSource": {"S3DataSource": {"S3Uri": "s3://b/train", **told}}}
