"""What AWS does by itself leaves what AWS leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlaudit.emulator import life

Clients = Callable[..., Any]
NOW = datetime.now(UTC)


@pytest.fixture
def clients(client: Clients) -> life.Clients:
    made: dict[str, Any] = {}
    return lambda service, _: made.setdefault(service, client(service))


@pytest.fixture
def served(clients: life.Clients) -> Any:
    """An endpoint that keeps requests, with its log group."""
    sagemaker, at = clients("sagemaker", NOW), NOW
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    role = "arn:aws:iam::123456789012:role/ml"
    sagemaker.create_model(ModelName="m", PrimaryContainer={"Image": image}, ExecutionRoleArn=role)
    variant = {"VariantName": "main", "ModelName": "m", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(
        EndpointConfigName="c",
        ProductionVariants=[{**variant, "InstanceType": "ml.m5.large"}],
        DataCaptureConfig={
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": "s3://kept/requests/",
            "CaptureOptions": [{"CaptureMode": "Input"}],
        },
    )
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    clients("s3", at).create_bucket(Bucket="kept")
    clients("logs", at).create_log_group(logGroupName="/aws/sagemaker/Endpoints/e")
    return sagemaker


@pytest.mark.usefixtures("served")
def test_an_endpoint_that_serves_is_measured_logged_and_kept(clients: life.Clients) -> None:
    life.serve(clients, NOW)
    life.serve(clients, NOW + timedelta(minutes=1))
    found = clients("cloudwatch", NOW).list_metrics(Namespace="AWS/SageMaker")["Metrics"]
    assert {each["MetricName"] for each in found} == {*life.REQUESTS, *life.LATENCIES}
    events = clients("logs", NOW).filter_log_events(logGroupName="/aws/sagemaker/Endpoints/e")
    assert len(events["events"]) == 2
    (first, second) = clients("s3", NOW).list_objects_v2(Bucket="kept")["Contents"]
    assert first["Key"].startswith("requests/e/main/20")
    assert second["Key"] > first["Key"]


@pytest.mark.parametrize(
    ("missing", "measured", "state"),
    [
        ("notBreaching", False, "OK"),
        ("missing", False, "INSUFFICIENT_DATA"),
        ("missing", True, "OK"),
    ],
)
def test_an_alarm_is_ok_where_it_has_something_to_judge(
    clients: life.Clients, missing: str, *, measured: bool, state: str
) -> None:
    cloudwatch = clients("cloudwatch", NOW)
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        Namespace="Own",
        MetricName="Psi",
        Dimensions=[{"Name": "Model", "Value": "m"}],
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData=missing,
    )
    cloudwatch.set_alarm_state(
        AlarmName="a", StateValue="INSUFFICIENT_DATA", StateReason="It is new"
    )
    if measured:
        life.measure(clients, NOW, "Own", {"Model": "m"}, {"Psi": 0.1})
    life.judge_alarms(clients, NOW)
    (found,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert found["StateValue"] == state


@pytest.mark.usefixtures("served")
def test_what_is_named_otherwise_does_not_live(clients: life.Clients) -> None:
    life.serve(clients, NOW, "other")
    found = clients("cloudwatch", NOW).list_metrics(Namespace="AWS/SageMaker")
    assert found["Metrics"] == []


def test_aws_makes_a_log_group_that_is_missing(clients: life.Clients) -> None:
    life.log(clients, NOW, "/aws/lambda/f", "one")
    (found,) = clients("logs", NOW).describe_log_groups()["logGroups"]
    assert found["logGroupName"] == "/aws/lambda/f"


def test_a_log_stream_is_made_beside_one_whose_name_begins_the_same(
    clients: life.Clients,
) -> None:
    for stream in ("one-2", "one"):
        life.log(clients, NOW, "/aws/lambda/f", stream)
    found = clients("logs", NOW).describe_log_streams(logGroupName="/aws/lambda/f")["logStreams"]
    assert {each["logStreamName"] for each in found} == {"one", "one-2"}
