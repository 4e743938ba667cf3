"""Scans over HTTP: of the emulated demo account, and of moto as it comes."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from mlaudit.collect.plan import collectors, declared_operations
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, open_account
from mlaudit.emulator import EmulatedAccount, emulated_account, load_scenario
from mlaudit.model import GapReason
from mlaudit.snapshot import Snapshot, dump_snapshot

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROLE = "arn:aws:iam::123456789012:role/ml-service"
LACKING = {
    "cloudwatch:DescribeAnomalyDetectors",
    "cloudtrail:ListEventDataStores",
    "cloudtrail:LookupEvents",
    "datazone:ListDomains",
    "greengrassv2:ListCoreDevices",
    "logs:ListLogAnomalyDetectors",
    "macie2:DescribeBuckets",
    "mwaa:ListEnvironments",
    "sagemaker:ListAIBenchmarkJobs",
    "sagemaker:ListApps",
    "sagemaker:ListFeatureGroups",
    "sagemaker:ListInferenceExperiments",
    "sagemaker:ListInferenceRecommendationsJobs",
    "sagemaker:ListLabelingJobs",
    "sagemaker:ListMlflowApps",
    "sagemaker:ListMlflowTrackingServers",
    "sagemaker:ListMonitoringSchedules",
    "sagemaker:ListPartnerApps",
    "service-quotas:ListServiceQuotas",
}
"""What moto 5.2 does not know; it answers with an HTML page."""


def _scan(access: Access, region: str, now: datetime) -> Snapshot:
    opened = open_account(access, declared_operations())
    request = Request(opened.account, opened.caller, (region,), now, 30, ("workload",))
    return collect(opened.api, request)


@pytest.fixture(scope="module")
def demo() -> Iterator[EmulatedAccount]:
    with emulated_account(load_scenario("demo"), now=NOW) as emulated:
        yield emulated


@pytest.fixture(scope="module")
def scan_demo(demo: EmulatedAccount) -> Callable[[], Snapshot]:
    keys = (demo.access_key, demo.secret_key)
    access = Access(account=demo.account, endpoint_url=demo.endpoint_url, keys=keys)
    return lambda: _scan(access, demo.region, NOW)


@pytest.mark.slow
def test_the_demo_account_is_seen_but_for_what_it_denies(
    scan_demo: Callable[[], Snapshot],
) -> None:
    seen = scan_demo()
    denied = load_scenario("demo").denied
    unexpected = [
        gap for gap in seen.gaps if not any(fnmatch(gap.operation, each) for each in denied)
    ]
    assert unexpected == []
    assert {gap.reason for gap in seen.gaps} <= {GapReason.DENIED}
    assert len(seen.scope.collected) == len(collectors())
    assert len({type(each) for each in seen.resources}) > 30


@pytest.mark.slow
def test_two_scans_of_the_demo_account_differ_in_request_ids_only(
    scan_demo: Callable[[], Snapshot],
) -> None:
    texts = {re.sub(r'"request_id": "[^"]*"', "", dump_snapshot(scan_demo())) for _ in range(2)}
    assert len(texts) == 1


@pytest.fixture
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.mark.slow
def test_moto_as_it_comes_leaves_gaps_and_nothing_breaks(moto_url: str) -> None:
    session = boto3.Session("key", "secret", region_name="eu-west-1")
    _seed(lambda service: session.client(service, endpoint_url=moto_url))  # type: ignore[call-overload]
    seen = _scan(
        Access(endpoint_url=moto_url, keys=("key", "secret")), "eu-west-1", datetime.now(UTC)
    )
    assert {gap.operation for gap in seen.gaps} == LACKING
    assert {gap.reason for gap in seen.gaps} == {GapReason.UNSUPPORTED}
    assert {type(each).__name__ for each in seen.resources} == {
        "Bucket",
        "BucketProtection",
        "Deployment",
        "Endpoint",
        "EndpointConfig",
        "KinesisStream",
        "Model",
        "ModelPackage",
        "ModelPackageGroup",
        "ScalableTarget",
        "StateMachine",
        "Traffic",
        "TrainingJob",
        "Trigger",
    }


def _seed(client: Callable[[str], Any]) -> None:
    image = {"Image": "fraud:1", "ModelDataUrl": "s3://fraud/out/fraud/output/model.tar.gz"}
    place = {"LocationConstraint": "eu-west-1"}
    client("s3").create_bucket(Bucket="fraud", CreateBucketConfiguration=place)
    sagemaker = client("sagemaker")
    sagemaker.create_training_job(
        TrainingJobName="fraud",
        AlgorithmSpecification={"TrainingImage": "fraud:1", "TrainingInputMode": "File"},
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": "s3://fraud/out"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
    )
    sagemaker.create_model_package_group(ModelPackageGroupName="fraud")
    sagemaker.create_model_package(
        ModelPackageGroupName="fraud",
        InferenceSpecification={
            "Containers": [image],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )
    for number in range(3):
        sagemaker.create_model(
            ModelName=f"fraud-{number}", ExecutionRoleArn=ROLE, PrimaryContainer=image
        )
    sagemaker.create_endpoint_config(
        EndpointConfigName="fraud",
        ProductionVariants=[
            {
                "VariantName": "main",
                "ModelName": "fraud-0",
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 1,
            }
        ],
    )
    sagemaker.create_endpoint(EndpointName="fraud", EndpointConfigName="fraud")
    client("application-autoscaling").register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/fraud/variant/main",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=2,
    )
    client("kinesis").create_stream(StreamName="payments", ShardCount=1)
    client("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    client("stepfunctions").create_state_machine(
        name="retrain",
        roleArn=ROLE,
        definition='{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}',
    )
