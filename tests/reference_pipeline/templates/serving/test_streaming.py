"""A stream is scored through an open gate alone, by a function that is told all it needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference.container.streaming.consumer import Settings
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.serving import streaming
from mlaudit_reference.templates.serving.streaming import STACK
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]

CLUSTER = "arn:aws:kafka:us-east-1:111122223333:cluster/loans/0b1c2d3e-1111-2222-3333-1"
KAFKA = {"source": "msk", "cluster_arn": CLUSTER, "topic": "applications"}


@pytest.fixture
def manifest(make: Make) -> Callable[..., Manifest]:
    """Make a manifest with a stream."""
    return lambda **settings: make(targets=["serverless", "streaming"], streaming=settings)


def test_only_an_open_gate_lets_it_be_deployed(manifest: Make) -> None:
    asked = template(STACK, manifest())["Parameters"]
    assert STACK.gate == "streaming"
    assert asked["GateOutcome"]["AllowedValues"] == ["open"]
    assert "Default" not in asked["GateOutcome"]
    assert "Default" not in asked["GateDecision"]


def test_the_decision_stays_with_the_function(manifest: Make) -> None:
    function = template(STACK, manifest())["Resources"]["Consumer"]
    assert function["Metadata"] == {
        "mlaudit:gate": {"Outcome": {"Ref": "GateOutcome"}, "Decision": {"Ref": "GateDecision"}}
    }


def test_the_function_understands_its_environment(manifest: Make, resources: Read) -> None:
    made = manifest(batch_size=25)
    (function,) = resources(STACK, made, "AWS::Lambda::Function").values()
    variables = function["Environment"]["Variables"]
    known = {name: text if isinstance(text, str) else "made" for name, text in variables.items()}
    settings = Settings.of(known)
    assert settings.endpoint == "consumer-credit-serverless"
    assert settings.plan.rules.record_id == "application_id"
    assert "income" in settings.plan.rules.required
    assert settings.plan.batching.most == 25


@pytest.mark.parametrize("source", [{}, KAFKA])
def test_what_fails_is_split_tried_again_and_kept(
    manifest: Make, resources: Read, source: dict[str, Any]
) -> None:
    (mapping,) = resources(STACK, manifest(**source), "AWS::Lambda::EventSourceMapping").values()
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["MaximumRetryAttempts"] > 0
    assert mapping["DestinationConfig"]["OnFailure"]["Destination"] == {
        "Fn::GetAtt": ["Undelivered", "Arn"]
    }


def test_a_stream_keeps_records_until_they_are_given_up(manifest: Make, resources: Read) -> None:
    made = manifest(shards=3)
    streams = resources(STACK, made, "AWS::Kinesis::Stream")
    (mapping,) = resources(STACK, made, "AWS::Lambda::EventSourceMapping").values()
    assert {each["ShardCount"] for each in streams.values()} == {3}
    for each in streams.values():
        assert mapping["MaximumRecordAgeInSeconds"] < each["RetentionPeriodHours"] * 3600


def test_kafka_brings_a_cluster_and_its_own_measure_of_lag(manifest: Make, resources: Read) -> None:
    made = manifest(**KAFKA, batch_size=10)
    assert set(resources(STACK, made, "AWS::Kinesis::Stream")) == {"Output"}
    (mapping,) = resources(STACK, made, "AWS::Lambda::EventSourceMapping").values()
    assert mapping["EventSourceArn"] == CLUSTER
    assert mapping["ProvisionedPollerConfig"]["MinimumPollers"] == 1
    lag = resources(STACK, made, "AWS::CloudWatch::Alarm")["ConsumerLag"]
    assert (lag["MetricName"], lag["Threshold"]) == ("OffsetLag", 1000)


def test_the_lag_behind_kinesis_is_a_time(manifest: Make, resources: Read) -> None:
    alarms = resources(STACK, manifest(max_age_seconds=90), "AWS::CloudWatch::Alarm")
    lag = alarms["ConsumerLag"]
    assert (lag["MetricName"], lag["Threshold"]) == ("IteratorAge", 90_000)


@pytest.mark.parametrize(
    ("source", "action", "resource"),
    [
        ({}, "kinesis:GetRecords", "Input"),
        (KAFKA, "kafka-cluster:ReadData", ":topic/loans/"),
        ({}, "dynamodb:UpdateItem", "Ledger"),
        ({}, "sagemaker:InvokeEndpoint", "endpoint/consumer-credit-serverless"),
    ],
)
def test_the_function_may_do_what_it_does_where_it_does_it(
    manifest: Make, resources: Read, source: dict[str, Any], action: str, resource: str
) -> None:
    roles = resources(STACK, manifest(**source), "AWS::IAM::Role")
    (policy,) = roles["ConsumerRole"]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    (found,) = [each for each in statements if action in each["Action"]]
    assert resource in json.dumps(found["Resource"])


def test_a_call_ends_before_a_lease_is_worth_nothing() -> None:
    assert streaming.GIVEN_UP_HOURS < streaming.KEPT_HOURS
    assert streaming.TIMEOUT_SECONDS <= 900
