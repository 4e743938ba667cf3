"""The gate inside an account, against an emulated one over HTTP: what happens to the version."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError

from mlaudit.collect.registry import GATE_NOTE
from mlaudit.emulator import EmulatedAccount, Scenario, companions, emulated_account, load_scenario
from mlaudit.enforcement import handler
from mlaudit.enforcement.handler import close, handle

SMALL = """
account: "123456789012"
region: eu-west-1
denied: [%s]
calls:
  - call: sagemaker.CreateModelPackageGroup
    with: {ModelPackageGroupName: fraud, Tags: [{Key: "mlaudit:workload", Value: fraud}]}
  - call: sagemaker.CreateModelPackage
    with: {ModelPackageGroupName: fraud, ModelApprovalStatus: Approved}
"""
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/fraud/1"


def event(arn: str = ARN, status: str = "Approved") -> dict[str, Any]:
    """What EventBridge sends when the approval of a version changes."""
    group, _, version = arn.partition(":model-package/")[2].rpartition("/")
    region, account = arn.split(":")[3:5]
    return {
        "version": "0",
        "id": "00000000-0000-4000-8000-000000000000",
        "detail-type": "SageMaker Model Package State Change",
        "source": "aws.sagemaker",
        "account": account,
        "time": "2026-03-14T09:00:00Z",
        "region": region,
        "resources": [arn],
        "detail": {
            "ModelPackageGroupName": group,
            "ModelPackageVersion": int(version),
            "ModelPackageArn": arn,
            "CreationTime": "2026-03-14T08:00:00Z",
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
            "CertifyForMarketplace": False,
            "ModelApprovalStatus": status,
            "UpdatedModelPackageFields": ["ModelApprovalStatus"],
            "LastModifiedTime": "2026-03-14T09:00:00Z",
        },
    }


def queued(body: dict[str, Any]) -> dict[str, Any]:
    """What SQS hands to a function."""
    return {"Records": [{"messageId": "m", "body": json.dumps(body), "eventSource": "aws:sqs"}]}


class Here:
    """An account that the environment leads to, as a function's own does."""

    def __init__(self, account: EmulatedAccount, **keys: str) -> None:
        self.sagemaker: Any = boto3.client("sagemaker", account.region, **keys)  # type: ignore[call-overload]

    def approve(self, arn: str = ARN, **changes: str) -> None:
        changes = {"ModelApprovalStatus": "Approved", **changes}
        self.sagemaker.update_model_package(ModelPackageArn=arn, **changes)

    def state(self, arn: str = ARN) -> tuple[str, str]:
        found = self.sagemaker.describe_model_package(ModelPackageName=arn)
        return found["ModelApprovalStatus"], found.get("ApprovalDescription", "")


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[EmulatedAccount], Here]:
    """Point the environment at an account, and start in an empty folder."""

    def point(account: EmulatedAccount) -> Here:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("AWS_ENDPOINT_URL", account.endpoint_url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", account.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", account.secret_key)
        monkeypatch.setenv("AWS_REGION", account.region)
        return Here(account)

    return point


def scenario(folder: Path, denied: str = "") -> Scenario:
    path = folder / "small.yaml"
    path.write_text(SMALL % denied)
    return load_scenario(str(path))


@pytest.fixture
def here(enter: Callable[[EmulatedAccount], Here], tmp_path: Path) -> Iterator[Here]:
    """A small account with one approved version, of a team that does nothing else."""
    with emulated_account(scenario(tmp_path)) as account:
        yield enter(account)


@pytest.fixture
def blind(enter: Callable[[EmulatedAccount], Here], tmp_path: Path) -> Iterator[Here]:
    """The same, where the function may read next to nothing."""
    with emulated_account(scenario(tmp_path, '"sagemaker:Search", "sagemaker:List*"')) as account:
        yield enter(account)


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no account be read: the answer must not need it."""
    monkeypatch.setattr(handler, "_audit", lambda *_: pytest.fail("an account was read"))


@pytest.mark.slow
def test_behind_a_closed_gate_an_approval_is_withdrawn_with_the_reason(here: Here) -> None:
    answer = handle(event(), None)
    status, why = here.state()
    assert status == "PendingManualApproval"
    assert why.startswith(f"{GATE_NOTE} for registry: closed.")
    assert "Each keeps it shut: " in why
    assert len(why) == 1024
    assert answer["did"].startswith("PendingManualApproval: ")
    again = handle(event(), None)
    assert again["did"] == "left alone: it is not approved any more"
    assert here.state() == (status, why)


@pytest.mark.slow
def test_a_closed_gate_may_reject(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(handler.WHEN_CLOSED, "Rejected")
    monkeypatch.setenv(handler.TARGET, "batch")
    handle(event(), None)
    status, why = here.state()
    assert (status, why.startswith(f"{GATE_NOTE} for batch: closed.")) == ("Rejected", True)


@pytest.mark.slow
def test_what_cannot_be_decided_waits_for_a_person(
    blind: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(handler.WHEN_CLOSED, "Rejected")
    handle(event(), None)
    status, why = blind.state()
    assert status == "PendingManualApproval"
    assert why.startswith(f"{GATE_NOTE} for registry: cannot decide. There is no fraud/1")


@pytest.mark.slow
def test_behind_an_open_gate_an_approval_stays(
    enter: Callable[[EmulatedAccount], Here], tmp_path: Path
) -> None:
    exemplary = load_scenario("exemplary")
    with emulated_account(exemplary) as account:
        here = enter(account)
        (tmp_path / "mlaudit.yaml").write_text(attested(exemplary, datetime.now(UTC)))
        found = here.sagemaker.list_model_packages(ModelPackageGroupName="credit-scoring")
        arns = {each["ModelPackageArn"] for each in found["ModelPackageSummaryList"]}
        arn = max(each for each in arns if here.state(each)[0] == "Approved")
        before = here.state(arn)
        assert handle(event(arn), None)["did"] == "left alone: the gate is open"
        assert here.state(arn) == before


def attested(scenario: Scenario, now: datetime) -> str:
    """The configuration of a team that attests what only its repository tells."""
    with companions(scenario, now) as brought:
        assert brought.config
        document = yaml.safe_load(brought.config.read_text())
    attestation = {
        "item": "5.10",
        "workload": "credit-scoring",
        "who": "jo@example.com",
        "when": (now - timedelta(days=1)).date(),
        "expires": (now + timedelta(days=30)).date(),
        "link": "https://wiki.example.com/extreme-cases",
        "statement": "Inference is tested with extreme cases before each release.",
    }
    document.setdefault("attestations", []).append(attestation)
    return yaml.safe_dump(document)


@pytest.mark.usefixtures("unjudged")
@pytest.mark.parametrize("status", ["PendingManualApproval", "Rejected"])
def test_other_changes_are_left_alone(here: Here, status: str) -> None:
    assert handle(event(status=status), None)["did"] == "left alone: the event approves no version"
    assert here.state() == ("Approved", "")


@pytest.mark.usefixtures("unjudged")
@pytest.mark.parametrize("field", ["CustomerMetadataProperties", "ModelLifeCycle"])
def test_a_note_on_an_approved_version_is_left_alone(here: Here, field: str) -> None:
    sent = event()
    sent["detail"]["UpdatedModelPackageFields"] = [field]
    assert handle(sent, None)["did"] == "left alone: the event approves no version"
    assert here.state() == ("Approved", "")


@pytest.mark.parametrize(
    "fields", [None, [], ["sourceUri"], ["ModelLifeCycle", "ModelApprovalStatus"], ["SomethingNew"]]
)
def test_what_else_changes_an_approved_version_is_judged(
    here: Here, monkeypatch: pytest.MonkeyPatch, fields: list[str] | None
) -> None:
    monkeypatch.setenv(handler.TARGET, "edge")
    sent = event()
    sent["detail"]["UpdatedModelPackageFields"] = fields
    with pytest.raises(ValueError, match="edge"):
        handle(sent, None)
    assert here.state()[0] == "PendingManualApproval"


@pytest.mark.usefixtures("unjudged")
def test_what_is_rejected_already_stays_so(here: Here) -> None:
    here.approve(ModelApprovalStatus="Rejected", ApprovalDescription="too slow")
    assert handle(event(), None)["did"] == "left alone: it is not approved any more"
    assert here.state() == ("Rejected", "too slow")


@pytest.mark.usefixtures("unjudged")
def test_a_version_that_is_gone_is_left_alone(here: Here) -> None:
    here.sagemaker.delete_model_package(ModelPackageName=ARN)
    assert handle(event(), None)["did"] == "left alone: it is not approved any more"


@pytest.mark.parametrize(
    ("names", "value"), [(handler.WHEN_CLOSED, "Approved"), (handler.TARGET, "edge")]
)
def test_a_function_set_up_wrongly_withdraws_and_fails(
    here: Here, monkeypatch: pytest.MonkeyPatch, names: str, value: str
) -> None:
    monkeypatch.setenv(names, value)
    with pytest.raises(ValueError, match=value):
        handle(event(), None)
    assert here.state() == ("PendingManualApproval", f"{GATE_NOTE}: it failed. Its log tells why.")


def test_a_configuration_that_cannot_be_read_withdraws(here: Here, tmp_path: Path) -> None:
    (tmp_path / "mlaudit.yaml").write_text("gates: {floor: maybe}\n")
    handle(event(), None)
    status, why = here.state()
    assert status == "PendingManualApproval"
    assert why.startswith(f"{GATE_NOTE} for registry: cannot decide. mlaudit.yaml, line 1")


def test_a_rejection_meanwhile_is_not_overruled(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rejected(*_: object) -> None:
        here.approve(ModelApprovalStatus="Rejected", ApprovalDescription="too slow")
        raise KeyError

    monkeypatch.setattr(handler, "_audit", rejected)
    with pytest.raises(KeyError):
        handle(event(), None)
    assert here.state() == ("Rejected", "too slow")


def test_a_version_that_cannot_be_read_is_taken_for_approved(
    enter: Callable[[EmulatedAccount], Here], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(handler, "_audit", crash)
    with emulated_account(scenario(tmp_path, '"sagemaker:DescribeModelPackage"')) as account:
        enter(account)
        with pytest.raises(KeyError):
            handle(event(), None)
        other = Here(account, aws_access_key_id="AKIAANOTHERONE000000", aws_secret_access_key="x")
        assert other.state()[0] == "PendingManualApproval"


@pytest.mark.parametrize("wrap", [dict, lambda sent: {"version": "1.0", "requestPayload": sent}])
def test_what_never_finished_is_withdrawn(here: Here, wrap: Callable[..., Any]) -> None:
    close(queued(wrap(event())), None)
    reason = f"{GATE_NOTE}: it did not finish. Its log tells why."
    assert here.state() == ("PendingManualApproval", reason)
    here.approve(ModelApprovalStatus="Rejected", ApprovalDescription="too slow")
    close(queued(wrap(event())), None)
    assert here.state() == ("Rejected", "too slow")


def test_a_withdrawal_that_fails_is_not_lost(
    enter: Callable[[EmulatedAccount], Here], tmp_path: Path
) -> None:
    with emulated_account(scenario(tmp_path, '"sagemaker:UpdateModelPackage"')) as account:
        enter(account)
        with pytest.raises(ClientError):
            close(queued(event()), None)
