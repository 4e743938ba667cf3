"""The program that deploys, against an emulated account: over HTTP, with plain boto3."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mlaudit.emulator import EmulatedAccount, emulated_account
from mlaudit.emulator.access import SEEDER_KEY
from mlaudit_reference.compiled import compiled
from mlaudit_reference.delivery import deploy
from mlaudit_reference.delivery.deploy import DeployError, Order, deployed, prepared
from mlaudit_reference.manifest import Manifest

pytestmark = pytest.mark.slow

Make = Callable[..., Manifest]
NOW = datetime.now(UTC)
COMMIT = "3f9a1c0d5e7b"
PATH_STYLE = Config(
    inject_host_prefix=False,
    s3={"addressing_style": "path"},
    retries={"total_max_attempts": 1},
)


class Account:
    """An emulated account, and a folder with what is deployed into it."""

    def __init__(self, emulated: EmulatedAccount, out: Path) -> None:
        self.emulated, self.out, self.times = emulated, out, 0

    def client(self, service: str) -> Any:
        session: Any = boto3.Session(
            SEEDER_KEY, self.emulated.secret_key, region_name=self.emulated.region
        )
        return session.client(service, endpoint_url=self.emulated.endpoint_url, config=PATH_STYLE)

    def compile(self, manifest: Manifest, *only: str) -> None:
        """Write what a manifest is compiled into; only some of the stacks, if they are named."""
        for name, content in compiled(manifest).items():
            path = self.out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        index = json.loads((self.out / "stacks.json").read_text())
        index["stacks"] = [each for each in index["stacks"] if not only or each["name"] in only]
        (self.out / "stacks.json").write_text(json.dumps(index))

    def deploy(self, **asked: Any) -> dict[str, str]:
        """Deploy, and give what was done by the names of stacks without that of the system."""
        self.times += 1
        moment = NOW + timedelta(seconds=self.times)
        order = Order(self.out, COMMIT, moment, pause=0, **asked)
        session = boto3.Session(
            SEEDER_KEY, self.emulated.secret_key, region_name=self.emulated.region
        )
        more = {"endpoint_url": self.emulated.endpoint_url, "config": PATH_STYLE}
        lines = [line.partition(": ") for line in deployed(prepared(order, session, **more))]
        return {name.removeprefix("consumer-credit-"): done for name, _, done in lines}

    def parameters(self, stack: str) -> dict[str, str]:
        (found,) = self.client("cloudformation").describe_stacks(
            StackName=f"consumer-credit-{stack}"
        )["Stacks"]
        return {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}

    def register(self, **said: Any) -> str:
        """Register and approve a version as training does."""
        file = {"ContentType": "application/json", "S3Uri": "s3://b/baseline/statistics.json"}
        moved = {"ContentType": "application/json", "S3Uri": "s3://b/moved/analysis.json"}
        client = self.client("sagemaker")
        arn: str = client.create_model_package(
            ModelPackageGroupName="consumer-credit",
            ModelApprovalStatus="PendingManualApproval",
            InferenceSpecification={
                "Containers": [{"Image": "1.dkr/i", "ModelDataUrl": "s3://b/model.tar.gz"}],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
            DriftCheckBaselines={
                "ModelDataQuality": {"Statistics": file},
                "Explainability": {"Constraints": moved},
            },
        )["ModelPackageArn"]
        client.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved", **said)
        return arn


@pytest.fixture
def account(make: Make, tmp_path: Path) -> Iterator[Account]:
    """An account into which the example is going to be deployed."""
    with emulated_account(None, now=NOW) as emulated:
        found = Account(emulated, tmp_path)
        found.compile(make(budget={"ttl_days": 3}))
        yield found


SERVING = {"serving-serverless", "serving-async", "serving-batch", "monitoring"}


def test_what_serves_waits_for_a_version_and_keeps_it(account: Account, make: Make) -> None:
    first = account.deploy()
    assert {name for name, done in first.items() if "no approved version" in done} == SERVING
    assert not {"delivery", "delivery-pipeline"} & first.keys()
    assert account.deploy()["training"] == "unchanged"

    version = account.register()
    second = account.deploy(days=3)
    assert all(second[name].startswith("created") for name in SERVING)
    known = account.parameters("monitoring")
    assert known["BaselineUri"] == "s3://b/baseline"
    assert known["ExplainabilityUri"] == "s3://b/moved"
    assert known["ModelUri"] == "s3://b/model.tar.gz"

    account.register()
    account.compile(make(budget={"ttl_days": 3}, monitoring={"psi_max": 0.4}))
    assert account.deploy()["monitoring"].startswith("updated")
    assert account.parameters("serving-async")["ModelPackageArn"] == version


def test_a_version_that_was_taken_back_is_not_what_a_new_stack_starts_with(
    account: Account, make: Make
) -> None:
    account.compile(make(), "foundation", "training", "serving-async")
    account.deploy()
    good = account.register()
    account.register(ModelLifeCycle={"Stage": "Production", "StageStatus": "RolledBack"})
    account.deploy()
    assert account.parameters("serving-async")["ModelPackageArn"] == good


def test_code_lies_where_the_stacks_look_for_it(account: Account, make: Make) -> None:
    account.compile(make(), "foundation")
    done = account.deploy()
    uploads = [name for name in done if name.startswith("s3")]
    assert uploads
    exports = account.client("cloudformation").list_exports()["Exports"]
    (bucket,) = [each["Value"] for each in exports if each["Name"].endswith("ArtifactBucketName")]
    index = json.loads((account.out / "stacks.json").read_text())
    held = account.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    assert {each["key"] for each in index["uploads"]} <= {each["Key"] for each in held}


DECISIONS = [
    (None, "left alone, it needs the decision of the streaming gate"),
    ({"target": "streaming", "outcome": "closed"}, "left alone, the streaming gate is not open"),
    ({"target": "batch", "outcome": "open"}, "left alone, the streaming gate is not open"),
    ({"target": "streaming", "outcome": "open"}, "created"),
]


def test_a_stream_is_deployed_through_an_open_gate_alone(account: Account, make: Make) -> None:
    manifest = make(targets=["streaming", "serverless"])
    account.compile(manifest, "foundation", "serving-streaming")
    path = account.out / "decision.json"
    for decision, outcome in DECISIONS:
        if decision is not None:
            path.write_text(json.dumps(decision))
        done = account.deploy(decision=path if decision else None)
        assert done["serving-streaming"].startswith(outcome), decision
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert account.parameters("serving-streaming")["GateDecision"] == digest


def test_a_parameter_that_nobody_says_is_asked_for(account: Account) -> None:
    index = json.loads((account.out / "stacks.json").read_text())
    index["stacks"][0]["parameters"]["Unknown"] = {"Description": "what nobody knows."}
    (account.out / "stacks.json").write_text(json.dumps(index))
    with pytest.raises(DeployError, match="needs Unknown: what nobody knows"):
        account.deploy()


def test_a_folder_without_an_index_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert deploy.main(["--out", str(tmp_path), "--commit", COMMIT]) == 1
    assert capsys.readouterr().err.startswith(f"error: {tmp_path / 'stacks.json'}")


def test_nothing_is_deployed_to_another_account(
    account: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    emulated = account.emulated
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulated.endpoint_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", emulated.region)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", SEEDER_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulated.secret_key)
    asked = ["--out", str(account.out), "--commit", COMMIT, "--account", "9" * 12]
    assert deploy.main(asked) == 1
    assert "not of 999999999999" in capsys.readouterr().err
