"""What becomes of replies about deployments, calls and shadow tests."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import deployments
from mlaudit.model import Gap, GapReason
from mlaudit.resources import ApiCall, Deployment, Endpoint, InferenceComponent, ShadowTest
from mlaudit.testing import build

THEN = datetime(2026, 5, 20, 10, tzinfo=UTC)
ENDPOINT, COMPONENT = build(Endpoint, "e"), build(InferenceComponent, "c")
DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)
CANARY = {
    "TrafficRoutingConfiguration": {"Type": "CANARY", "WaitIntervalInSeconds": 60},
    "TerminationWaitInSeconds": 300,
}
ROLLING = {"MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1}, "WaitIntervalInSeconds": 60}
ALARMS = {"Alarms": [{"AlarmName": "errors"}]}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, (None, None, ())),
        ({"BlueGreenUpdatePolicy": CANARY}, ("CANARY", 300, ())),
        ({"RollingUpdatePolicy": ROLLING}, ("ROLLING", None, ())),
        ({"AutoRollbackConfiguration": ALARMS}, (None, None, ("errors",))),
        ({"AutoRollbackConfiguration": {}}, (None, None, ())),
    ],
)
def test_a_deployment_is_read_from_what_was_asked(
    asked: Any, expected: Any, reader_of: Any, answers: Any
) -> None:
    record = {
        "ProductionVariants": [{"VariantName": "a", "CurrentWeight": 0.5}, {"VariantName": "b"}],
        "LastModifiedTime": THEN,
        **({"LastDeploymentConfig": asked} if asked is not None else {}),
    }
    reader = reader_of(answers(DescribeEndpoint=record))
    (found,) = deployments.endpoint_deployments.run(reader, [ENDPOINT])
    assert isinstance(found, Deployment)
    assert (found.strategy, found.bake_seconds, found.alarm_names) == expected
    assert found.weights == {"a": 0.5, "b": 0.0}
    assert found.subject_arn == ENDPOINT.arn


def test_only_what_serves_is_described(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers())
    broken = build(Endpoint, "e", status="Failed")
    assert list(deployments.endpoint_deployments.run(reader, [broken])) == []
    assert reader.ledger.gaps == []


def test_a_deployment_that_is_denied_is_a_gap_of_its_own(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers(DescribeInferenceComponent=DENIED))
    assert list(deployments.component_deployments.run(reader, [COMPONENT])) == []
    assert [gap.subject for gap in reader.ledger.gaps] == [COMPONENT.arn]


def event(content: str) -> dict[str, Any]:
    return {
        "EventId": "1",
        "EventName": "UpdateEndpoint",
        "EventTime": THEN,
        "Username": "deployer",
        "CloudTrailEvent": content,
    }


MADE = event('{"requestParameters": {"endpointName": "e", "x": "hunter2"}, "errorCode": null}')
REFUSED = event('{"requestParameters": {"endpointName": "e"}, "errorCode": "AccessDenied"}')


def test_a_call_is_kept_with_its_subject_and_nothing_else(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers(LookupEvents={"Events": [MADE, REFUSED]}))
    (found,) = deployments.api_calls.run(reader, [ENDPOINT], [])
    assert isinstance(found, ApiCall)
    assert (found.name, found.subject, found.caller, found.at) == (
        "UpdateEndpoint", "e", "deployer", THEN,
    )  # fmt: skip
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("endpoints", "components", "asked"),
    [
        ([], [], []),
        ([ENDPOINT], [], ["UpdateEndpoint"]),
        ([ENDPOINT], [COMPONENT], ["UpdateEndpoint", "UpdateInferenceComponent"]),
    ],
)
def test_calls_are_asked_for_once_where_anything_could_have_been_updated(
    endpoints: Any, components: Any, asked: list[str], reader_of: Any, answers: Any
) -> None:
    names: list[str] = []

    def remembered(params: Any) -> Any:
        names.append(params["LookupAttributes"][0]["AttributeValue"])
        return {}

    reader = reader_of(answers(LookupEvents=remembered))
    assert list(deployments.api_calls.run(reader, endpoints, components)) == []
    assert names == asked


def test_a_shadow_test_tells_its_share(reader_of: Any, answers: Any) -> None:
    record = {
        "Arn": "arn:t",
        "Name": "t",
        "Status": "Running",
        "EndpointMetadata": {"EndpointName": "e"},
        "ModelVariants": [{"ModelName": "a"}, {"ModelName": "b"}],
        "ShadowModeConfig": {"ShadowModelVariants": [{"SamplingPercentage": 20}]},
    }
    listed = {"InferenceExperiments": [{"Name": "t"}]}
    reader = reader_of(answers(ListInferenceExperiments=listed, DescribeInferenceExperiment=record))
    (found,) = deployments.shadow_tests.run(reader, [])
    assert isinstance(found, ShadowTest)
    assert (found.endpoint_name, found.model_names, found.sampling_percent) == (
        "e", ("a", "b"), 20,
    )  # fmt: skip
