"""What a rehearsal predicts of stacks comes true once they are deployed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlaudit.audit import Audit
from mlaudit.catalog import catalogue
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, open_account
from mlaudit.emulator import EmulatedAccount, emulated_account, load_scenario
from mlaudit.emulator.seeding import PastCall, caller
from mlaudit.judge import judge
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.comparison import compared
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.hands import open_hands
from mlaudit.remediate.journal import begin
from mlaudit.remediate.plan import StackChange, Step, Upload
from mlaudit.remediate.rehearsal import Predicted, rehearsed
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.stacks import DEPLOYING, Site, deployed, looked_at
from mlaudit.remediate.stage import Script
from mlaudit.remediate.waiting import Patience
from mlaudit.snapshot import Snapshot
from mlaudit.workloads import TAG_KEYS
from mlaudit_reference.compiled import compiled
from mlaudit_reference.manifest import example, merged, read_manifest

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SYSTEM = {
    "name": "churn-ref",
    "workload": "churn-serverless",
    "profile": "production",
    "targets": ["realtime"],
}
PACKAGE = "arn:aws:sagemaker:us-east-1:123456789012:model-package/churn-ref/1"
SAID = {"CommitId": "3f9a1c0d5e7b2864", "JobLogs": "shared", "ModelPackageArn": PACKAGE}
MADE_UP = re.compile(r"[A-Z0-9]{12,13}\b|\b[0-9a-f]{8,32}\b")
"""What CloudFormation puts after names, and what services make up as ids."""


@dataclass(frozen=True)
class Deployment:
    """The reference pipeline in the account of the demo."""

    account: EmulatedAccount

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        return compiled(read_manifest(merged(yaml.safe_load(example()), SYSTEM)))

    def steps(self, *names: str) -> tuple[Step, ...]:
        index = json.loads(self.files["stacks.json"])
        wanted = [each for each in index["stacks"] if each["name"] in names]
        return tuple(_step(f"{place:02}", each, index) for place, each in enumerate(wanted, 1))

    @property
    def access(self) -> Access:
        keys = (self.account.access_key, self.account.secret_key)
        return Access(endpoint_url=self.account.endpoint_url, keys=keys)

    def deploy(self, steps: Iterable[Step], folder: Path) -> None:
        hands = open_hands(self.access, DEPLOYING)
        site = Site("us-east-1", hands.ask("us-east-1"), patience=Patience(sleep=never))
        for step in steps:
            assert step.stack
            seen = replace(step, stack=looked_at(step.stack, self.files, site))
            deployed(seen, self.files, site, begin(folder))

    def scanned(self) -> Snapshot:
        opened = open_account(self.access, declared_operations())
        request = Request(opened.account, opened.caller, ("us-east-1",), NOW, 90, TAG_KEYS)
        return collect(opened.api, request)

    def rehearsed(self, steps: tuple[Step, ...], standing: tuple[Step, ...] = ()) -> Predicted:
        return rehearsed(self.scanned(), Script(steps, SETTINGS, self.files, standing))


def never(_: float) -> None:
    pytest.fail("waited for an emulated account")


def _step(id_: str, stack: Mapping[str, Any], index: Mapping[str, Any]) -> Step:
    uploads = index["uploads"]
    change = StackChange(
        name=stack["stack_name"],
        about=stack["about"],
        region="us-east-1",
        template=stack["template"],
        from_export=uploads[0]["bucket_from_export"] if stack["from_s3"] else None,
        parameters={name: SAID[name] for name in stack["parameters"] if name in SAID},
        capabilities=tuple(stack["capabilities"]),
        tags=index["tags"],
        uploads=tuple(
            Upload(each["bucket_from_export"], each["key"], each["file"])
            for each in uploads
            if each["after"] == stack["stack_name"]
        ),
    )
    return Step(
        id_, "reference", Kind.CAPABILITY, f"deploy {change.name}", "churn-serverless", (),
        Disposition.SAFE, "", "", "", "", 1, Bill(), stack=change,
    )  # fmt: skip


def told(audit: Audit) -> list[Any]:
    """All verdicts, with what is made up taken out of their words."""
    return [
        (
            each.name, each.region, each.scores, each.gates, each.levels, len(each.members),
            [(item.id, item.status, MADE_UP.sub("ID", item.summary)) for item in each.items],
        )
        for each in audit.workloads
    ]  # fmt: skip


def judged(snapshot: Snapshot) -> Audit:
    return judge(snapshot, catalogue())


def test_what_is_predicted_of_new_stacks_comes_true(tmp_path: Path) -> None:
    with emulated_account(load_scenario("demo"), now=NOW) as account:
        system = Deployment(account)
        steps = system.steps("foundation", "training")
        before = judged(system.scanned())
        predicted = system.rehearsed(steps)
        system.deploy(steps, tmp_path)
        real = judged(system.scanned())
    foreseen = judged(predicted.snapshot)
    assert [each for each in predicted.cannot_predict if "What becomes of" in each] == []
    assert told(foreseen) == told(real)
    assert len(foreseen.orphans) == len(real.orphans)
    assert any(not each.is_worse for each in compared(before, foreseen))


def test_what_is_predicted_of_stacks_upon_others_comes_true(tmp_path: Path) -> None:
    with emulated_account(load_scenario("demo"), now=NOW) as account:
        system = Deployment(account)
        standing = system.steps("foundation", "training")
        steps = system.steps("serving-realtime", "retraining")
        system.deploy(standing, tmp_path)
        container = {"Image": "1.dkr.ecr.us-east-1.amazonaws.com/i", "ModelDataUrl": "s3://b/m"}
        version = {
            "ModelPackageGroupName": "churn-ref",
            "ModelApprovalStatus": "Approved",
            "InferenceSpecification": {
                "Containers": [container],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
        }
        make = caller(account.endpoint_url, "us-east-1")
        made = make(PastCall("sagemaker", "CreateModelPackage", version, NOW - timedelta(days=1)))
        assert made["ModelPackageArn"] == PACKAGE
        predicted = system.rehearsed(steps, standing)
        system.deploy(steps, tmp_path)
        real = judged(system.scanned())
    foreseen = judged(predicted.snapshot)
    assert [each for each in predicted.cannot_predict if "What becomes of" in each] == []
    assert told(foreseen) == told(real)


def test_a_stack_whose_ground_is_missing_is_told() -> None:
    with emulated_account(load_scenario("demo"), now=NOW) as account:
        system = Deployment(account)
        steps = system.steps("retraining")
        predicted = system.rehearsed(steps)
        assert predicted.snapshot.resources == system.scanned().resources
    (doubt,) = [each for each in predicted.cannot_predict if "What becomes of" in each]
    assert "the stack churn-ref-retraining" in doubt
