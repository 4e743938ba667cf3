"""Every serving stack can be deployed, brought to another version, and deleted again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from mlaudit.emulator import EmulatedAccount, emulated_account
from mlaudit_reference import bundle, names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import foundation, serving
from mlaudit_reference.templates.language import Stack
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5"
SAID = {
    "AccountLogs": "kept",
    "ServingImage": IMAGE,
    "GateOutcome": "open",
    "GateDecision": "0" * 64,
    "ModelArchive": "run/model.tar.gz",
    "ComponentVersion": "1.0.0",
}
DEPLOYED = [each for each in serving.STACKS if each is not serving.edge.STACK]
"""All but the edge: the emulated account makes no components of Greengrass."""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Account:
    """An emulated account with the foundation of a system and two approved versions."""

    manifest: Manifest
    client: Callable[[str], Any]
    versions: tuple[str, ...]

    def put(self, stack: Stack, version: int) -> str:
        """Create or update a stack for a version, and return the status it comes to."""
        asked = template(stack, self.manifest)
        name = names.stack_name(self.manifest, stack.name)
        said = {
            key: self.versions[version] if key.endswith("PackageArn") else SAID[key]
            for key in asked.get("Parameters", {})
            if key.endswith("PackageArn") or key in SAID
        }
        cloudformation = self.client("cloudformation")
        change = cloudformation.update_stack if version else cloudformation.create_stack
        change(
            StackName=name,
            TemplateBody=json.dumps(asked),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in said.items()
            ],
        )
        return self.status(name)

    def status(self, name: str) -> str:
        """Return the status of a stack."""
        told = self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        status: str = told["StackStatus"]
        return status

    def delete(self, stack: Stack) -> str:
        """Delete a stack, and return the status it comes to."""
        cloudformation = self.client("cloudformation")
        name = names.stack_name(self.manifest, stack.name)
        identifier = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        cloudformation.delete_stack(StackName=name)
        return self.status(identifier)

    def count(self, service: str, operation: str, member: str) -> int:
        """Count what a list tells."""
        return len(getattr(self.client(service), operation)()[member])


@pytest.fixture(scope="module")
def account(make: Make) -> Iterator[Account]:
    manifest = make(
        profile="production",
        targets=[mode.value for mode in Mode],
        realtime={"second_percent": 10, "auth": "key"},
        components={"tenants": ["main", "other"]},
        data={"retain": False},
    )
    with emulated_account(None) as emulated:
        client = _clients(emulated)
        made = Account(manifest, client, ())
        assert made.put(foundation.STACK, 0) == "CREATE_COMPLETE"
        yield Account(manifest, client, _versions(manifest, client))


def _clients(emulated: EmulatedAccount) -> Callable[[str], Any]:
    session: Any = boto3.Session(
        aws_access_key_id=emulated.access_key,
        aws_secret_access_key=emulated.secret_key,
        region_name=emulated.region,
    )
    return lambda service: session.client(service, endpoint_url=emulated.endpoint_url)


def _versions(manifest: Manifest, client: Callable[[str], Any]) -> tuple[str, ...]:
    name = names.stack_name(manifest, "foundation")
    told = client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in told}
    bucket, s3 = outputs["ArtifactBucketName"], client("s3")
    s3.put_object(Bucket=bucket, Key=bundle.functions_key(), Body=bundle.functions_archive())
    s3.put_object(Bucket=bucket, Key="run/model.tar.gz", Body=b"model")
    sagemaker = client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName=manifest.name)
    return tuple(_version(manifest, sagemaker, bucket) for _ in range(2))


def _version(manifest: Manifest, sagemaker: Any, bucket: str) -> str:
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://{bucket}/run/model.tar.gz"}
    kinds = {"SupportedContentTypes": ["application/json"]}
    made = sagemaker.create_model_package(
        ModelPackageGroupName=manifest.name,
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [container],
            **kinds,
            "SupportedResponseMIMETypes": kinds["SupportedContentTypes"],
        },
    )
    arn: str = made["ModelPackageArn"]
    return arn


@pytest.fixture(scope="module")
def lived(account: Account) -> Mapping[str, tuple[str, ...]]:
    """Deploy all stacks, update those that serve a version, and delete all: by name, the states."""
    states: dict[str, list[str]] = {each.name: [account.put(each, 0)] for each in DEPLOYED}
    for each in DEPLOYED:
        if "ModelPackageArn" in template(each, account.manifest)["Parameters"]:
            states[each.name].append(account.put(each, 1))
    served = _served(account)
    for each in reversed(DEPLOYED):
        states[each.name].append(account.delete(each))
    return {**{name: tuple(each) for name, each in states.items()}, "served": served}


def _served(account: Account) -> tuple[str, ...]:
    """How each endpoint was last updated."""
    sagemaker = account.client("sagemaker")
    told = sagemaker.list_endpoints()["Endpoints"]
    found = (sagemaker.describe_endpoint(EndpointName=each["EndpointName"]) for each in told)
    return tuple(
        f"{each['EndpointName']} {_way(each)}"
        for each in sorted(found, key=lambda each: str(each["EndpointName"]))
    )


def _way(endpoint: Mapping[str, Any]) -> str:
    policy = endpoint.get("LastDeploymentConfig", {}).get("BlueGreenUpdatePolicy", {})
    way: str = policy.get("TrafficRoutingConfiguration", {}).get("Type", "left to AWS")
    return way


@pytest.mark.parametrize("stack", DEPLOYED, ids=lambda stack: stack.name)
def test_it_is_made_changed_and_taken_away(
    lived: Mapping[str, tuple[str, ...]], stack: Stack
) -> None:
    first, *changed, last = lived[stack.name]
    assert first == "CREATE_COMPLETE"
    assert set(changed) <= {"UPDATE_COMPLETE"}
    assert last == "DELETE_COMPLETE"


def test_a_new_version_comes_step_by_step_wherever_that_is_possible(
    lived: Mapping[str, tuple[str, ...]],
) -> None:
    assert lived["served"] == (
        "consumer-credit-async CANARY",
        "consumer-credit-components left to AWS",
        "consumer-credit-multi-model left to AWS",
        "consumer-credit-realtime CANARY",
        "consumer-credit-serial CANARY",
        "consumer-credit-serverless left to AWS",
    )


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [
        ("sagemaker", "list_endpoints", "Endpoints"),
        ("sagemaker", "list_endpoint_configs", "EndpointConfigs"),
        ("sagemaker", "list_models", "Models"),
        ("sagemaker", "list_inference_components", "InferenceComponents"),
        ("lambda", "list_functions", "Functions"),
        ("kinesis", "list_streams", "StreamNames"),
        ("dynamodb", "list_tables", "TableNames"),
        ("stepfunctions", "list_state_machines", "stateMachines"),
        ("cloudwatch", "describe_alarms", "MetricAlarms"),
        ("logs", "describe_log_groups", "logGroups"),
        ("iam", "list_roles", "Roles"),
    ],
)
def test_nothing_is_left(account: Account, service: str, operation: str, member: str) -> None:
    assert account.count(service, operation, member) == 0
