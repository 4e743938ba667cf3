"""Remediations deploy the reference pipeline, update it, and take it back without a trace."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.config import Config

from mlaudit.collect.session import Access
from mlaudit.emulator import EmulatedAccount, emulated_account
from mlaudit.remediate.apply import applied
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.entries import Intent
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.hands import Hands, open_hands
from mlaudit.remediate.journal import Journal, begin
from mlaudit.remediate.plan import StackChange, Step, Upload
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.stacks import DEPLOYING, UNDOING, Site, deployed, looked_at, undone
from mlaudit.remediate.stacks.holdings import HOLDINGS
from mlaudit.remediate.stacks.template import read_template
from mlaudit.remediate.undo import Fate, TakenBack, taken_back
from mlaudit.remediate.waiting import Patience
from mlaudit.remediate.workplace import Workplace
from mlaudit_reference.compiled import compiled
from mlaudit_reference.manifest import Mode, example, merged, read_manifest

pytestmark = pytest.mark.slow

UNDER_ALL = ("foundation", "training")
SAID = {
    "CommitId": "3f9a1c0d5e7b2864",
    "JobLogs": "own",
    "GateOutcome": "open",
    "GateDecision": "0" * 64,
    "ExpiresAt": "2999-01-01T00:00:00",
    "ServingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5",
    "ComponentVersion": "1.0.0",
}
"""What whoever deploys decides; each stack takes what it has a parameter for."""
EVERYTHING = {
    "profile": "production",
    "targets": [mode.value for mode in Mode],
    "budget": {"monthly_usd": 100, "ttl_days": 14},
    "realtime": {"shadow_percent": 10},
}


def compiled_with(**settings: Any) -> Mapping[str, bytes]:
    return compiled(read_manifest(merged(yaml.safe_load(example()), settings)))


def steps_of(files: Mapping[str, bytes], site: Site, version: Mapping[str, str]) -> list[Step]:
    """What is to be deployed, in its order; without a version what needs none."""
    index = json.loads(files["stacks.json"])
    said = {**SAID, **version}
    return [
        _step(stack, index, site, said)
        for stack in index["stacks"]
        if version or stack["name"] in UNDER_ALL
    ]


def _step(
    stack: Mapping[str, Any], index: Mapping[str, Any], site: Site, said: Mapping[str, str]
) -> Step:
    uploads = index["uploads"]
    change = StackChange(
        name=stack["stack_name"],
        about=stack["about"],
        region=site.region,
        template=stack["template"],
        from_export=uploads[0]["bucket_from_export"] if stack["from_s3"] else None,
        parameters={name: said[name] for name in stack["parameters"] if name in said},
        capabilities=tuple(stack["capabilities"]),
        tags=index["tags"],
        uploads=tuple(
            Upload(each["bucket_from_export"], each["key"], each["file"])
            for each in uploads
            if each["after"] == stack["stack_name"]
        ),
    )
    return Step(
        id=stack["name"],
        fix="reference",
        kind=Kind.CAPABILITY,
        title=f"deploy {change.name}",
        workload=index["name"],
        items=(),
        disposition=Disposition.SAFE,
        risk="",
        back="",
        not_proven="",
        exercise="",
        effort=1,
        bill=Bill(),
        stack=change,
    )


NONE: Mapping[str, str] = {}


@dataclass
class Shop:
    """An empty account, and what a remediation works with there."""

    account: EmulatedAccount
    deploying: Hands
    undoing: Hands
    folder: Path
    told: list[str] = field(default_factory=list)

    def site(self, hands: Hands) -> Site:
        region = self.account.region
        return Site(region, hands.ask(region), self.told.append, Patience(sleep=never))

    def place(self, hands: Hands, journal: Journal) -> Workplace:
        return Workplace(SETTINGS, hands.ask, hands.caller, journal, self.told.append)

    def client(self, service: str) -> Any:
        session: Any = boto3.Session(
            self.account.access_key, self.account.secret_key, region_name=self.account.region
        )
        config = Config(inject_host_prefix=False, s3={"addressing_style": "path"})
        return session.client(service, endpoint_url=self.account.endpoint_url, config=config)

    def deploy(self, files: Mapping[str, bytes], version: Mapping[str, str] = NONE) -> Journal:
        """Deploy all, as applying a plan does; the journal of the run."""
        journal, site = begin(self.folder), self.site(self.deploying)

        def deploy(step: Step) -> None:
            assert step.stack is not None
            seen = looked_at(step.stack, files, site)
            deployed(replace(step, stack=seen), files, site, journal)

        steps = steps_of(files, site, version)
        done = applied(steps, self.place(self.deploying, journal), deploy)
        assert not done.stopped, done.stopped
        return journal

    def undo(self, journal: Journal, *, delete_data: bool = False) -> TakenBack:
        """Take a run back, as undoing it does."""

        def restore(intent: Intent) -> Any:
            site = self.site(self.undoing)
            return undone(intent, site, journal, delete_data=delete_data)

        return taken_back(self.place(self.undoing, journal), restore, delete_data=delete_data)

    def train(self) -> Mapping[str, str]:
        """Run the pipeline, and approve its version; what stacks take of it."""
        bucket = self.output("DataBucketName")
        self.client("s3").put_object(Bucket=bucket, Key="raw/applications.csv", Body=b"id")
        models = self.client("sagemaker")
        models.start_pipeline_execution(PipelineName="consumer-credit-training")
        told = models.list_model_packages(ModelPackageGroupName="consumer-credit")
        (arn,) = (each["ModelPackageArn"] for each in told["ModelPackageSummaryList"])
        models.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
        found = models.describe_model_package(ModelPackageName=arn)
        base = found["DriftCheckBaselines"]
        quality = base["ModelDataQuality"]["Statistics"]["S3Uri"]
        moved = base["Explainability"]["Constraints"]["S3Uri"]
        archive = found["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
        return {
            **dict.fromkeys(("ModelPackageArn", "ReviewModelPackageArn"), arn),
            "SecondModelPackageArn": arn,
            **dict.fromkeys(("ModelArchive", "ModelUri"), archive),
            "BaselineUri": quality.removesuffix("/statistics.json"),
            "ExplainabilityUri": moved.removesuffix("/analysis.json"),
        }

    def output(self, name: str) -> str:
        exports = self.client("cloudformation").list_exports()["Exports"]
        (found,) = (each["Value"] for each in exports if each["Name"].endswith(f"-{name}"))
        return str(found)

    def left(self) -> dict[str, list[Any]]:
        """What there is in the account, by the operation that lists it."""
        told = {
            f"{service}:{operation}": getattr(self.client(service), operation)().get(member, [])
            for service, operation, member in LISTS
        }
        tagged = self.client("resourcegroupstaggingapi").get_resources(
            TagFilters=[{"Key": "mlaudit:workload"}]
        )["ResourceTagMappingList"]
        arns = [each["ResourceARN"] for each in tagged]
        told["tagged"] = [arn for arn in arns if not self._is_pending(arn)]
        return {name: found for name, found in told.items() if found}

    def _is_pending(self, arn: str) -> bool:
        """Whether it is a key that waits for its deletion, which costs nothing."""
        if ":kms:" not in arn:
            return False
        key = self.client("kms").describe_key(KeyId=arn)["KeyMetadata"]
        return bool(key["KeyState"] == "PendingDeletion")


LISTS = (
    ("cloudformation", "describe_stacks", "Stacks"),
    ("cloudwatch", "describe_alarms", "MetricAlarms"),
    ("cloudwatch", "list_dashboards", "DashboardEntries"),
    ("dynamodb", "list_tables", "TableNames"),
    ("events", "list_rules", "Rules"),
    ("iam", "list_roles", "Roles"),
    ("kinesis", "list_streams", "StreamNames"),
    ("kms", "list_aliases", "Aliases"),
    ("lambda", "list_functions", "Functions"),
    ("logs", "describe_log_groups", "logGroups"),
    ("s3", "list_buckets", "Buckets"),
    ("sagemaker", "list_feature_groups", "FeatureGroupSummaries"),
    ("sagemaker", "list_mlflow_apps", "Summaries"),
    ("sagemaker", "list_model_package_groups", "ModelPackageGroupSummaryList"),
    ("sagemaker", "list_pipelines", "PipelineSummaries"),
    ("sns", "list_topics", "Topics"),
    ("sqs", "list_queues", "QueueUrls"),
    ("stepfunctions", "list_state_machines", "stateMachines"),
)


def never(_seconds: float) -> None:
    raise AssertionError("The emulated account is done at once.")


@contextmanager
def shop(folder: Path) -> Iterator[Shop]:
    with emulated_account(None) as account:
        keys = (account.access_key, account.secret_key)
        access = Access(account.account, endpoint_url=account.endpoint_url, keys=keys)
        yield Shop(account, open_hands(access, DEPLOYING), open_hands(access, UNDOING), folder)


def test_all_is_deployed_updated_and_taken_back(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        empty = here.left()
        plain = {"tracking": False}
        first = here.deploy(compiled_with(training=plain))
        second = here.deploy(compiled_with(training=plain, monitoring={"log_days": 180}))
        changed = [each for each in second.intents if each.kind == "cloudformation.stack"]
        assert [each.key["StackName"] for each in changed] == ["consumer-credit-training"]
        for run in (second, first):
            back = here.undo(run)
            assert {each.fate for each in back.changes} == {Fate.UNDONE}, back.changes
            assert back.is_as_before
        assert here.left() == empty


def test_data_is_kept_and_named_until_it_is_given_up(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        empty = here.left()
        files = compiled_with(**EVERYTHING)
        first = here.deploy(files)
        bucket, version = here.output("DataBucketName"), here.train()
        second = here.deploy(files, version)
        assert len(here.left()["cloudformation:describe_stacks"]) == len(
            json.loads(files["stacks.json"])["stacks"]
        )
        assert here.deploy(files, version).intents == (), "the same again is nothing to do"
        assert here.undo(second).is_as_before
        back = here.undo(first)
        assert {each.fate for each in back.changes} == {Fate.KEPT}, "what is kept needs its files"
        kept = [each for each in back.changes if each.intent.kind == "cloudformation.stack"]
        assert "the model package group" in kept[0].why
        assert "consumer-credit-training imports what it exports" in kept[1].why
        body = here.client("s3").get_object(Bucket=bucket, Key="raw/applications.csv")["Body"]
        assert body.read() == b"id"
        back = here.undo(first, delete_data=True)
        assert back.is_as_before, back.changes
        left = {name: found for name, found in here.left().items() if found != empty.get(name)}
        assert set(left) <= {"tagged"}, left
        assert {arn.split(":")[5].split("/")[0] for arn in left.get("tagged", ())} <= RECORDS


RECORDS = {"automl-job", "hyper-parameter-tuning-job", "processing-job", "training-job"}
"""What SageMaker keeps of runs; nobody can delete it, and it costs nothing."""

_NOTHING = """
    ApiGateway::Account ApiGateway::Deployment ApiGateway::Method ApiGateway::Model
    ApiGateway::RequestValidator ApiGateway::Resource ApiGateway::RestApi ApiGateway::Stage
    ApplicationAutoScaling::ScalableTarget ApplicationAutoScaling::ScalingPolicy Athena::WorkGroup
    Budgets::Budget CloudWatch::Alarm CloudWatch::AnomalyDetector CloudWatch::CompositeAlarm
    CloudWatch::Dashboard EC2::RouteTable EC2::SecurityGroup EC2::SecurityGroupEgress
    EC2::SecurityGroupIngress EC2::Subnet EC2::SubnetRouteTableAssociation EC2::VPC
    EC2::VPCEndpoint Events::Rule Glue::Database Glue::Table GreengrassV2::ComponentVersion
    IAM::ManagedPolicy IAM::OIDCProvider IAM::Policy IAM::Role KMS::Alias KMS::Key
    Lambda::EventSourceMapping Lambda::Function Logs::LogAnomalyDetector Logs::MetricFilter
    Logs::QueryDefinition S3::BucketPolicy SNS::Subscription SNS::Topic SNS::TopicPolicy
    SQS::QueuePolicy SSM::Document SageMaker::Endpoint SageMaker::EndpointConfig
    SageMaker::InferenceComponent SageMaker::Model SageMaker::Pipeline Scheduler::Schedule
    StepFunctions::StateMachine WAFv2::LoggingConfiguration WAFv2::WebACL
    WAFv2::WebACLAssociation XRay::Group XRay::SamplingRule
"""
HOLDS_NOTHING = frozenset(f"AWS::{each}" for each in _NOTHING.split())
"""What holds nothing that anybody has written; data catalogues only tell of data in buckets."""


def test_every_type_holds_data_or_does_not() -> None:
    files = compiled_with(**EVERYTHING)
    types = {
        resource["Type"]
        for stack in json.loads(files["stacks.json"])["stacks"]
        for resource in read_template(files[stack["template"]].decode()).resources.values()
    }
    assert types <= HOLDS_NOTHING | HOLDINGS.keys()
    assert not HOLDS_NOTHING & HOLDINGS.keys()
