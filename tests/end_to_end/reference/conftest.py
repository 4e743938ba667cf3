"""A system compiled from a manifest, and deployed into an emulated account.

Deploying is what somebody at a shell would do by ``stacks.json``; every call has its time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import boto3
import pytest
import yaml
from botocore.config import Config

from mlaudit.audit import Audit
from mlaudit.catalog import catalogue
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, open_account
from mlaudit.config import load_config
from mlaudit.emulator import EmulatedAccount, emulated_account
from mlaudit.emulator.access import SEEDER_KEY
from mlaudit.emulator.clock import AT_HEADER
from mlaudit.emulator.gateway import BY_HEADER
from mlaudit.emulator.placeholders import moment
from mlaudit.judge import Settings, judge
from mlaudit_reference.compiled import compiled
from mlaudit_reference.manifest import Manifest, example, merged, read_manifest

COMMIT = "3f9a1c0d5e7b2864"
SERVING_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5"
APPROVER = "arn:aws:sts::{account}:assumed-role/model-risk/jo.meyer"


@dataclass(frozen=True)
class System:
    """A system in an emulated account.

    Attributes:
        emulated: The account.
        now: The present.
        manifest: What the system was compiled from.
    """

    emulated: EmulatedAccount
    now: datetime
    manifest: Manifest

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """What the manifest is compiled into."""
        return compiled(self.manifest)

    @cached_property
    def index(self) -> Mapping[str, Any]:
        """How the stacks are deployed."""
        found: Mapping[str, Any] = json.loads(self.files["stacks.json"])
        return found

    @property
    def stacks(self) -> tuple[str, ...]:
        """The names of the stacks, in their order."""
        return tuple(each["name"] for each in self.index["stacks"])

    def client(self, service: str, at: str = "now", by: str = "") -> Any:
        """A client whose calls take place at a time, by somebody."""
        config = Config(
            inject_host_prefix=False,
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 1},
            disable_request_compression=True,
        )
        session: Any = boto3.Session(
            SEEDER_KEY, self.emulated.secret_key, region_name=self.emulated.region
        )
        client = session.client(service, endpoint_url=self.emulated.endpoint_url, config=config)
        headers = {AT_HEADER: moment(at, self.now).isoformat(), **({BY_HEADER: by} if by else {})}

        def stamp(params: dict[str, Any], **_: Any) -> None:
            params["headers"].update(headers)

        client.meta.events.register("before-call", stamp)
        return client

    def ago(self, when: datetime) -> str:
        """A moment as its distance from the present."""
        minutes = int((self.now - when).total_seconds() // 60)
        return f"-{minutes // 1440}d{minutes // 60 % 24}h{minutes % 60}m" if minutes else "now"

    def deploy(
        self, names: Iterable[str], at: str, version: Mapping[str, str] | None = None
    ) -> None:
        """Create stacks in their order; those that take a version and are there get another."""
        wanted, parameters = set(names), {**parameters_of(self), **(version or {})}
        for stack in self.index["stacks"]:
            if stack["name"] in wanted:
                self._deploy(stack, at, parameters)
                self._upload(stack["stack_name"], at)

    def _deploy(self, stack: Mapping[str, Any], at: str, parameters: Mapping[str, str]) -> None:
        client, name = self.client("cloudformation", at), stack["stack_name"]
        there = {each["StackName"] for each in client.describe_stacks()["Stacks"]}
        if name in there and "ModelPackageArn" not in stack["parameters"]:
            return
        change = client.update_stack if name in there else client.create_stack
        change(**self._request(stack, at, parameters))
        (found,) = client.describe_stacks(StackName=name)["Stacks"]
        assert found["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, self._failures(name)

    def changes(self, name: str, version: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """What deploying a stack again would change in it, by a change set."""
        (stack,) = (each for each in self.index["stacks"] if each["name"] == name)
        client = self.client("cloudformation")
        request = self._request(stack, "now", {**parameters_of(self), **version})
        client.create_change_set(**request, ChangeSetName="shown")
        which = {"StackName": stack["stack_name"], "ChangeSetName": "shown"}
        found = client.describe_change_set(**which)
        client.delete_change_set(**which)
        return [each["ResourceChange"] for each in found["Changes"]]

    def _request(
        self, stack: Mapping[str, Any], at: str, parameters: Mapping[str, str]
    ) -> Mapping[str, Any]:
        return {
            "StackName": stack["stack_name"],
            **self._body(stack, at),
            "Capabilities": stack["capabilities"],
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in parameters.items()
                if key in stack["parameters"]
            ],
            "Tags": [{"Key": key, "Value": value} for key, value in self.index["tags"].items()],
        }

    def _failures(self, name: str) -> list[str]:
        events = self.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
        return [
            f"{name} {each['LogicalResourceId']}: {each.get('ResourceStatusReason')}"
            for each in events
            if "FAILED" in each["ResourceStatus"]
        ]

    def _body(self, stack: Mapping[str, Any], at: str) -> Mapping[str, str]:
        text = self.files[stack["template"]]
        if not stack["from_s3"]:
            return {"TemplateBody": text.decode()}
        bucket, key = self.output("ArtifactBucketName"), stack["template"]
        self.client("s3", at).put_object(Bucket=bucket, Key=key, Body=text)
        return {"TemplateURL": f"https://{bucket}.s3.amazonaws.com/{key}"}

    def _upload(self, stack_name: str, at: str) -> None:
        for each in self.index["uploads"]:
            if each["after"] == stack_name:
                self.client("s3", at).put_object(
                    Bucket=self.output("ArtifactBucketName"),
                    Key=each["key"],
                    Body=self.files[each["file"]],
                )

    def output(self, name: str) -> str:
        """What a stack exports."""
        exports = self.client("cloudformation").list_exports()["Exports"]
        found = {each["Name"]: str(each["Value"]) for each in exports}
        return found[f"{self.manifest.name}-{name}"]

    def delete(self) -> None:
        """Delete all stacks, the last first, and before them what would keep them from going."""
        client = self.client("cloudformation")
        before = {"training": self._delete_versions, "foundation": self._empty_buckets}
        for stack in reversed(self.index["stacks"]):
            before.get(stack["name"], lambda: None)()
            client.delete_stack(StackName=stack["stack_name"])

    def _delete_versions(self) -> None:
        client = self.client("sagemaker")
        found = client.list_model_packages(ModelPackageGroupName=self.manifest.name)
        for each in found["ModelPackageSummaryList"]:
            client.delete_model_package(ModelPackageName=each["ModelPackageArn"])

    def _empty_buckets(self) -> None:
        client = self.client("s3")
        for bucket in ("DataBucketName", "ArtifactBucketName", "LogBucketName"):
            name = self.output(bucket)
            held = client.list_object_versions(Bucket=name)
            for each in (*held.get("Versions", ()), *held.get("DeleteMarkers", ())):
                client.delete_object(Bucket=name, Key=each["Key"], VersionId=each["VersionId"])

    def scan(self) -> Audit:
        """What mlaudit says of the account."""
        access = Access(
            account=self.emulated.account,
            endpoint_url=self.emulated.endpoint_url,
            keys=(self.emulated.access_key, self.emulated.secret_key),
        )
        opened, config = open_account(access, declared_operations()), load_config(None)
        request = Request(
            account=opened.account,
            caller=opened.caller,
            regions=(self.emulated.region,),
            started_at=self.now,
            window_days=config.window_days,
            tag_keys=config.tag_keys,
        )
        seen = collect(opened.api, request)
        return judge(seen, catalogue(), Settings(config.tag_keys, {}, config.declarations))

    def approve(self, version: int, at: str) -> None:
        """Let a person approve a version."""
        by = APPROVER.format(account=self.emulated.account)
        self.client("sagemaker", at, by).update_model_package(
            ModelPackageArn=self._package(version),
            ModelApprovalStatus="Approved",
            ApprovalDescription="Reviewed with the evaluation, bias and attribution reports.",
        )

    def _package(self, version: int) -> str:
        where = f"{self.emulated.region}:{self.emulated.account}"
        return f"arn:aws:sagemaker:{where}:model-package/{self.manifest.name}/{version}"

    def version(self, number: int) -> Mapping[str, str]:
        """What stacks take of a version, as promotion gives it to them."""
        arn = self._package(number)
        found = self.client("sagemaker").describe_model_package(ModelPackageName=arn)
        base = found["DriftCheckBaselines"]
        quality = base["ModelDataQuality"]["Statistics"]["S3Uri"]
        moved = base["Explainability"]["Constraints"]["S3Uri"]
        model = found["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
        return {
            "ModelPackageArn": arn,
            "ReviewModelPackageArn": arn,
            "SecondModelPackageArn": arn,
            "ModelArchive": model,
            "BaselineUri": quality.removesuffix("/statistics.json"),
            "ExplainabilityUri": moved.removesuffix("/analysis.json"),
            "ModelUri": model,
        }


def parameters_of(system: System) -> dict[str, str]:
    """What whoever deploys the stacks decides."""
    expires = system.now + timedelta(days=system.manifest.budget.ttl_days or 1)
    return {
        "CommitId": COMMIT,
        "JobLogs": "own",
        "GateOutcome": "open",
        "GateDecision": "0" * 64,
        "ExpiresAt": f"{expires:%Y-%m-%dT%H:%M:%S}",
        "ServingImage": SERVING_IMAGE,
        "ComponentVersion": "1.0.0",
    }


Standing = Callable[..., AbstractContextManager[System]]


@pytest.fixture(scope="session")
def standing() -> Standing:
    """Deploy a system compiled from the example, with other settings; nothing of it has run."""

    @contextmanager
    def standing(**settings: Any) -> Iterator[System]:
        manifest = read_manifest(merged(yaml.safe_load(example()), settings))
        now = datetime.now(UTC)
        with emulated_account(None, now=now) as emulated:
            yield System(emulated, now, manifest)

    return standing
