"""A new version reaches what serves as its mode allows: by a canary, copy by copy, or at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from mlaudit.emulator import EmulatedAccount, emulated_account
from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import foundation, serving
from mlaudit_reference.templates.language import Stack
from mlaudit_reference.templates.serving.models import PACKAGE
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]
Client = Callable[[str], Any]

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5"
TENANTS = ["main", "other"]

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Account:
    """An emulated account with the foundation of a system, and two of its versions."""

    manifest: Manifest
    client: Client
    versions: tuple[str, ...] = ()

    def put(self, stack: Stack, version: int) -> str:
        """Create a stack for the first version or update it, and return the status it comes to."""
        made = template(stack, self.manifest)
        packages = [key for key in made.get("Parameters", {}) if key.endswith(PACKAGE)]
        client = self.client("cloudformation")
        name = names.stack_name(self.manifest, stack.name)
        change = client.update_stack if version else client.create_stack
        change(
            StackName=name,
            TemplateBody=json.dumps(made),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": self.versions[version]} for key in packages
            ],
        )
        status: str = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        return status


@pytest.fixture(scope="module")
def account(make: Make) -> Iterator[Account]:
    manifest = make(
        profile="production",
        targets=[mode.value for mode in Mode],
        realtime={"second_percent": 10},
        components={"tenants": TENANTS},
    )
    with emulated_account(None) as emulated:
        client = _clients(emulated)
        assert Account(manifest, client).put(foundation.STACK, 0) == "CREATE_COMPLETE"
        yield Account(manifest, client, _versions(manifest, client("sagemaker")))


def _clients(emulated: EmulatedAccount) -> Client:
    session: Any = boto3.Session(
        aws_access_key_id=emulated.access_key,
        aws_secret_access_key=emulated.secret_key,
        region_name=emulated.region,
    )
    return lambda service: session.client(service, endpoint_url=emulated.endpoint_url)


def _versions(manifest: Manifest, sagemaker: Any) -> tuple[str, ...]:
    sagemaker.create_model_package_group(ModelPackageGroupName=manifest.name)
    held = {
        "Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}],
        "SupportedContentTypes": ["application/json"],
        "SupportedResponseMIMETypes": ["application/json"],
    }
    made = (
        sagemaker.create_model_package(
            ModelPackageGroupName=manifest.name, InferenceSpecification=held
        )
        for _ in range(2)
    )
    return tuple(str(each["ModelPackageArn"]) for each in made)


@pytest.fixture(scope="module")
def updated(account: Account) -> Mapping[str, tuple[str, str]]:
    """Deploy what takes a version, then give it another: by name, how both ended."""
    takes = [
        each
        for each in serving.STACKS
        if PACKAGE in template(each, account.manifest).get("Parameters", {})
    ]
    return {each.name: (account.put(each, 0), account.put(each, 1)) for each in takes}


def test_every_stack_that_takes_a_version_takes_another(
    updated: Mapping[str, tuple[str, str]],
) -> None:
    modes = ("realtime", "serial", "components", "serverless", "async", "batch", "chain")
    done = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    assert updated == {f"serving-{mode}": done for mode in modes}


@pytest.mark.usefixtures("updated")
@pytest.mark.parametrize(
    ("mode", "way", "guards"),
    [
        (Mode.REALTIME, "CANARY", 4),
        (Mode.SERIAL, "CANARY", 2),
        (Mode.ASYNC, "CANARY", 2),
        (Mode.SERVERLESS, None, 0),
    ],
)
def test_endpoints_move_traffic_as_far_as_sagemaker_lets_them(
    account: Account, mode: Mode, way: str | None, guards: int
) -> None:
    name = names.endpoint(account.manifest, mode)
    found = account.client("sagemaker").describe_endpoint(EndpointName=name)
    last = found.get("LastDeploymentConfig", {})
    policy = last.get("BlueGreenUpdatePolicy", {})
    assert policy.get("TrafficRoutingConfiguration", {}).get("Type") == way
    alarms = last.get("AutoRollbackConfiguration", {}).get("Alarms", [])
    known = account.client("cloudwatch").describe_alarms(
        AlarmNames=[each["AlarmName"] for each in alarms] or ["none"]
    )
    assert len(known["MetricAlarms"]) == len(alarms) == guards


@pytest.mark.usefixtures("updated")
@pytest.mark.parametrize("tenant", TENANTS)
def test_components_are_updated_copy_by_copy(account: Account, tenant: str) -> None:
    found = account.client("sagemaker").describe_inference_component(
        InferenceComponentName=names.component(account.manifest, tenant)
    )
    rolling = found["LastDeploymentConfig"]["RollingUpdatePolicy"]
    assert rolling["MaximumBatchSize"] == {"Type": "COPY_COUNT", "Value": 1}


@pytest.mark.usefixtures("updated")
@pytest.mark.parametrize("mode", [Mode.REALTIME, Mode.SERIAL, Mode.ASYNC, Mode.SERVERLESS])
def test_the_new_version_serves(account: Account, mode: Mode) -> None:
    client = account.client("sagemaker")
    name = names.endpoint(account.manifest, mode)
    config = client.describe_endpoint(EndpointName=name)["EndpointConfigName"]
    variants = client.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"]
    models = [client.describe_model(ModelName=each["ModelName"]) for each in variants]
    served = {one["ModelPackageName"] for each in models for one in each["Containers"]}
    assert served == {account.versions[1]}
