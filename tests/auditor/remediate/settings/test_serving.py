"""Endpoints: how they move to another configuration, and when AWS is done with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Document, FailedError, RefusedError
from mlaudit.remediate.settings import SETTINGS

ENDPOINT, CONFIG = SETTINGS["sagemaker.endpoint"], SETTINGS["sagemaker.endpoint-config"]
KEY = {"EndpointName": "scoring"}
ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/scoring"
BEFORE = {"EndpointConfigName": "one", "EndpointArn": ARN}
VARIANT = {
    "VariantName": "main",
    "ModelName": "model",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
    "InitialVariantWeight": 1.0,
}

Client = Callable[[str], Any]


def _answering(**endpoint: Any) -> Ask:
    def answer(_service: str, operation: str, _: Document) -> Document:
        assert operation == "DescribeEndpoint"
        return {"EndpointName": "scoring", **endpoint}

    return answer


class TestSettling:
    @pytest.mark.parametrize(
        ("status", "settled"),
        [
            ("Creating", False),
            ("Deleting", False),
            ("InService", True),
            ("RollingBack", False),
            ("SystemUpdating", False),
            ("Updating", False),
        ],
    )
    def test_it_is_settled_in_service(self, status: str, *, settled: bool) -> None:
        assert ENDPOINT.is_settled(KEY, _answering(EndpointStatus=status)) is settled

    def test_it_is_settled_when_it_is_gone(self, ask: Ask) -> None:
        assert ENDPOINT.is_settled({"EndpointName": "nobodys"}, ask)

    @pytest.mark.parametrize("status", ["Failed", "UpdateRollbackFailed", "OutOfService"])
    def test_giving_up_says_why(self, status: str) -> None:
        with pytest.raises(FailedError, match=f"scoring is {status}: no capacity"):
            ENDPOINT.is_settled(KEY, _answering(EndpointStatus=status, FailureReason="no capacity"))

    def test_giving_up_for_no_reason_is_said_as_well(self) -> None:
        with pytest.raises(FailedError, match="AWS gives no reason"):
            ENDPOINT.is_settled(KEY, _answering(EndpointStatus="Failed"))

    def test_an_update_that_was_rolled_back_has_failed(self) -> None:
        rolled_back = {"EndpointStatus": "InService", "FailureReason": "an alarm went off"}
        with pytest.raises(FailedError, match="an alarm went off"):
            ENDPOINT.is_settled(KEY, _answering(**rolled_back))


class TestMoving:
    def test_it_keeps_what_its_variants_became(self, ask: Ask, client: Client) -> None:
        sagemaker = client("sagemaker")
        sagemaker.create_model(
            ModelName="model",
            PrimaryContainer={"Image": "image:1"},
            ExecutionRoleArn="arn:aws:iam::123456789012:role/ml",
        )
        capture = {
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": "s3://captures",
            "CaptureOptions": [{"CaptureMode": "Input"}],
        }
        for name, more in (("one", {}), ("two", {"DataCaptureConfig": capture})):
            sagemaker.create_endpoint_config(
                EndpointConfigName=name, ProductionVariants=[VARIANT], **more
            )
        sagemaker.create_endpoint(EndpointName="scoring", EndpointConfigName="one")
        sagemaker.update_endpoint_weights_and_capacities(
            EndpointName="scoring",
            DesiredWeightsAndCapacities=[{"VariantName": "main", "DesiredInstanceCount": 3}],
        )
        for name, captures in (("two", True), ("one", False)):
            now = ENDPOINT.read(KEY, ask)
            assert now is not None
            for each in ENDPOINT.calls(KEY, now, {**now, "EndpointConfigName": name}):
                ask(each.service, each.operation, each.params)
            described = sagemaker.describe_endpoint(EndpointName="scoring")
            assert described["ProductionVariants"][0]["DesiredInstanceCount"] == 3
            assert ("DataCaptureConfig" in described) is captures

    def test_it_updates_last_since_updating_takes_no_second_update(self) -> None:
        after = {"EndpointConfigName": "two", "Tags": [{"Key": "team", "Value": "ml"}]}
        calls = [each.operation for each in ENDPOINT.calls(KEY, BEFORE, after)]
        assert calls == ["AddTags", "UpdateEndpoint"]

    def test_how_it_was_deployed_last_is_no_difference(self) -> None:
        after = {**BEFORE, "DeploymentConfig": {"AutoRollbackConfiguration": {"Alarms": []}}}
        assert ENDPOINT.are_equal(BEFORE, after)
        assert not ENDPOINT.calls(KEY, BEFORE, after)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("sagemaker.endpoint", {"EndpointName": "Scoring"}),
        ("sagemaker.endpoint-config", {"EndpointConfigName": "Scoring"}),
    ],
)
def test_what_is_described_and_has_no_tags_to_be_found_is_not_gone(
    kind: str, key: dict[str, str]
) -> None:
    def answer(service: str, operation: str, _: Document) -> Document:
        if operation == "ListTags":
            message = "Resource does not exist."
            raise RefusedError(service, operation, "ValidationException", message)
        return {"EndpointArn": ARN, "EndpointConfigArn": ARN}

    with pytest.raises(RefusedError, match="does not exist"):
        SETTINGS[kind].read(key, answer)


class TestConfigurations:
    def test_one_cannot_be_altered(self) -> None:
        one = {"ProductionVariants": [VARIANT]}
        other = {"ProductionVariants": [{**VARIANT, "InitialInstanceCount": 2}]}
        with pytest.raises(MlauditError, match="cannot be altered"):
            CONFIG.calls({"EndpointConfigName": "one"}, one, other)

    def test_one_is_made_like_another_without_the_tags_of_aws(self) -> None:
        config = {"EndpointConfigArn": f"{ARN}-config", "ProductionVariants": [VARIANT]}
        tags = [
            {"Key": "team", "Value": "ml"},
            {"Key": "aws:cloudformation:stack-name", "Value": "serving"},
            {"Key": "owner", "Value": "risk"},
        ]

        def answer(_service: str, operation: str, _: Document) -> Document:
            return {"Tags": tags} if operation == "ListTags" else config

        like = CONFIG.read({"EndpointConfigName": "one"}, answer)
        assert like == {"ProductionVariants": [VARIANT], "Tags": [tags[2], tags[0]]}
        (call,) = CONFIG.calls({"EndpointConfigName": "two"}, None, like)
        assert call.params == {"EndpointConfigName": "two", **like}
