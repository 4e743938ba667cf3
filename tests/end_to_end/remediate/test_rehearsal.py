"""The audit that a rehearsal predicts is the audit of the account once the plan was applied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mlaudit.audit import Audit, WorkloadAudit
from mlaudit.catalog import catalogue
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, open_account
from mlaudit.config import load_config
from mlaudit.emulator import EmulatedAccount, companions, emulated_account, load_scenario
from mlaudit.judge import Settings, judge
from mlaudit.remediate.apply import applied
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.catalogue import fixes, people
from mlaudit.remediate.change import Change
from mlaudit.remediate.comparison import compared
from mlaudit.remediate.fix import Choices, Disposition, Kind
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.hands import Declared, open_hands
from mlaudit.remediate.journal import begin
from mlaudit.remediate.pinning import Eyes, operations_to_pin, pinned_steps
from mlaudit.remediate.plan import Step
from mlaudit.remediate.planning import Means, Planner, Wish
from mlaudit.remediate.rehearsal import rehearsed
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.stage import Script
from mlaudit.remediate.workplace import Workplace
from mlaudit.snapshot import Snapshot

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
GENERATED = re.compile(r"(?<=scalable-target/)\w+|(?<=scalingPolicy:)\w+|(?<=^event:)[\w-]+")
"""What AWS makes up of the ARNs of scaling targets and policies, and of the ids of events."""

EVERY_FIX = frozenset(Disposition)


@dataclass(frozen=True)
class Site:
    """A scenario's account, and how its team configures mlaudit."""

    account: EmulatedAccount
    settings: Settings
    window_days: int

    @property
    def access(self) -> Access:
        return Access(
            account=self.account.account,
            endpoint_url=self.account.endpoint_url,
            keys=(self.account.access_key, self.account.secret_key),
        )

    def scanned(self) -> Snapshot:
        opened = open_account(self.access, declared_operations())
        request = Request(
            account=opened.account,
            caller=opened.caller,
            regions=(self.account.region,),
            started_at=NOW,
            window_days=self.window_days,
            tag_keys=self.settings.tag_keys,
        )
        return collect(opened.api, request)

    def judged(self, snapshot: Snapshot) -> Audit:
        return judge(snapshot, catalogue(), self.settings)

    def planned(
        self,
        snapshot: Snapshot,
        *workloads: str,
        notify: tuple[str, ...] = ("ml@example.com",),
    ) -> tuple[Step, ...]:
        """Every fix for some workloads, or for every one, with what is there now."""
        wish = Wish(Goal(workloads), Choices(notify=notify), EVERY_FIX)
        means = Means(fixes(), people(), lambda _change, _sight: Bill())
        audit = self.judged(snapshot)
        return self.pinned(Planner(audit, snapshot, self.settings, wish, means).plan().steps)

    def pinned(self, steps: Iterable[Step]) -> tuple[Step, ...]:
        """Steps with what is there now."""
        steps = tuple(steps)
        changes = [change for step in steps for change in step.changes]
        hands = open_hands(self.access, operations_to_pin(changes, SETTINGS))
        return pinned_steps(steps, Eyes(SETTINGS, hands.ask, self.account.account))

    def apply(self, steps: Iterable[Step], folder: Path) -> None:
        declared = Declared()
        for each in SETTINGS.values():
            declared += Declared(each.reads, each.writes)
        hands = open_hands(self.access, declared)
        place = Workplace(SETTINGS, hands.ask, hands.caller, begin(folder), lambda _line: None)
        assert not applied(steps, place, lambda _step: None).stopped


def named(snapshot: Snapshot) -> list[tuple[str, Any]]:
    """Everything in a snapshot, with what AWS makes up taken out of ARNs."""
    return sorted(
        (type(each).__name__, repr(replace(each, arn=GENERATED.sub("ID", each.arn))))
        for each in snapshot.resources
    )


def verdicts(workload: WorkloadAudit) -> Mapping[str, Any]:
    """All that is concluded of a workload but its items, which are compared one by one."""
    return {
        "name": workload.name,
        "region": workload.region,
        "scores": workload.scores,
        "gates": workload.gates,
        "levels": workload.levels,
        "statuses": {each.id: each.status for each in workload.items},
    }


def check(site: Site, steps: tuple[Step, ...], folder: Path) -> tuple[Audit, Audit]:
    """Rehearse, apply, and compare: field by field, item by item.

    Returns:
        What mlaudit said before and what it says after.
    """
    snapshot = site.scanned()
    predicted = rehearsed(snapshot, Script(steps, SETTINGS))
    site.apply(steps, folder)
    after = site.scanned()
    foreseen, real = site.judged(predicted.snapshot), site.judged(after)
    assert [each for each in predicted.cannot_predict if "What becomes of" in each] == []
    assert named(predicted.snapshot) == named(after)
    assert compared(foreseen, real) == ()
    assert list(map(verdicts, foreseen.workloads)) == list(map(verdicts, real.workloads))
    assert foreseen.orphans == real.orphans
    return site.judged(snapshot), real


@pytest.mark.parametrize("name", ["demo", "exemplary", "bare", "empty"])
def test_what_is_predicted_of_every_fix_comes_true(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    with companions(scenario, NOW) as beside, emulated_account(scenario, now=NOW) as account:
        config = load_config(beside.config)
        settings = Settings(config.tag_keys, {}, config.declarations)
        site = Site(account, settings, config.window_days)
        before, after = check(site, site.planned(site.scanned()), tmp_path)
    assert bool(compared(before, after)) is (name in {"demo", "bare"})


@pytest.mark.parametrize("workload", ["churn-serverless", "document-triage"])
def test_what_is_predicted_of_the_fixes_of_one_workload_comes_true(
    workload: str, tmp_path: Path
) -> None:
    """With less of the account on the stage."""
    config = load_config(None)
    with emulated_account(load_scenario("demo"), now=NOW) as account:
        site = Site(account, Settings(config.tag_keys), config.window_days)
        before, after = check(site, site.planned(site.scanned(), workload), tmp_path)
    assert {workload} <= {each.workload for each in compared(before, after)}


DEMO = "us-east-1:123456789012"
SAGEMAKER, TOPICS = f"arn:aws:sagemaker:{DEMO}", f"arn:aws:sns:{DEMO}"
ONCALL = f"{TOPICS}:payments-risk-oncall"
VARIANT = "endpoint/fraud-detection/variant/AllTraffic"
SCALED = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": VARIANT,
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
ALARM = {
    "Namespace": "AWS/SageMaker",
    "MetricName": "Invocations",
    "Dimensions": [
        {"Name": "EndpointName", "Value": "churn-serverless"},
        {"Name": "VariantName", "Value": "AllTraffic"},
    ],
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "LessThanThreshold",
    "AlarmActions": [ONCALL],
}
OWN_KEY = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/acme-ml"}
CHANGES: dict[str, list[tuple[str, dict[str, str], Any]]] = {
    "what watches": [
        ("cloudwatch.alarm", {"AlarmName": "fraud-detection-5xx"}, None),
        ("cloudwatch.alarm", {"AlarmName": "fraud-detection-latency"}, {"ActionsEnabled": False}),
        ("cloudwatch.alarm", {"AlarmName": "new"}, ALARM),
    ],
    "who listens": [
        ("sns.subscription",
         {"TopicArn": ONCALL, "Protocol": "email", "Endpoint": "b@example.com"}, {}),
        ("sns.subscription",
         {"TopicArn": ONCALL, "Protocol": "sqs", "Endpoint": f"arn:aws:sqs:{DEMO}:q"}, {}),
    ],
    "logs": [
        ("logs.group", {"logGroupName": "/aws/lambda/clickstream-ranker"}, {"retentionInDays": 7}),
        ("logs.group", {"logGroupName": "/aws/sagemaker/TrainingJobs"}, None),
        ("logs.group", {"logGroupName": "/aws/vendedlogs/states/demand-forecast"},
         {"retentionInDays": None}),
        ("logs.group", {"logGroupName": "/aws/batch/job"}, None),
        ("logs.group", {"logGroupName": "/aws/lambda/nobody"}, {"retentionInDays": 7}),
    ],
    "tags": [
        ("tags", {"ResourceARN": f"{SAGEMAKER}:endpoint/churn-serverless"},
         {"mlaudit:workload": "moved", "sagemaker:project-name": None}),
        ("tags", {"ResourceARN": f"{SAGEMAKER}:training-job/document-triage-1"},
         {"mlaudit:workload": "moved", "password": "hunter2"}),
        ("tags", {"ResourceARN": f"{SAGEMAKER}:training-job/document-triage-2"},
         {"mlaudit:workload": None}),
    ],
    "scaling": [
        ("application-autoscaling.target", SCALED, {"MaxCapacity": 9}),
        ("application-autoscaling.policy",
         {**SCALED, "PolicyName": "fraud-detection-invocations"},
         {"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 7.0}}),
    ],
    "cut-over": [
        ("application-autoscaling.policy",
         {**SCALED, "PolicyName": "fraud-detection-invocations"}, None),
        ("application-autoscaling.target", SCALED, None),
        ("sagemaker.endpoint", {"EndpointName": "fraud-detection"}, None),
        ("sagemaker.endpoint", {"EndpointName": "clickstream-ranking"}, None),
        ("sagemaker.endpoint", {"EndpointName": "document-triage-old"}, None),
    ],
    "data and images": [
        ("s3.versioning", {"Bucket": "acme-datalake-123456789012"}, {"Status": "Enabled"}),
        ("s3.versioning", {"Bucket": "acme-ml-123456789012"}, {"Status": "Suspended"}),
        ("s3.encryption", {"Bucket": "acme-ml-123456789012"},
         {"Rules": [{"ApplyServerSideEncryptionByDefault": OWN_KEY,
                     "BucketKeyEnabled": True}]}),
        ("ecr.repository", {"repositoryName": "demand-forecast/trainer"},
         {"imageTagMutability": "IMMUTABLE"}),
    ],
    "capture": [
        ("sagemaker.endpoint-config", {"EndpointConfigName": "quiet"},
         {"DataCaptureConfig": {"EnableCapture": False}}),
        ("sagemaker.endpoint", {"EndpointName": "fraud-detection"},
         {"EndpointConfigName": "quiet"}),
    ],
}  # fmt: skip
LIKE = {"quiet": {"EndpointConfigName": "fraud-detection-v7"}}


def by_hand(site: Site, changes: Iterable[tuple[str, dict[str, str], Any]]) -> tuple[Step, ...]:
    """A step of changes that no fix plans, with what is there now."""
    scope = f"{SAGEMAKER}:endpoint/fraud-detection"
    made = tuple(
        Change(kind, key, site.account.region, scope, f"change {kind}", patch,
               LIKE.get(key.get("EndpointConfigName", "")))
        for kind, key, patch in changes
    )  # fmt: skip
    step = Step(
        "01", "by-hand", Kind.SETTING, "Change", "*", (), Disposition.SAFE, "", "", "", "", 0,
        Bill(), made,
    )  # fmt: skip
    return site.pinned([step])


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_what_is_predicted_of_other_changes_comes_true(
    changes: list[tuple[str, dict[str, str], Any]], tmp_path: Path
) -> None:
    config = load_config(None)
    with emulated_account(load_scenario("demo"), now=NOW) as account:
        site = Site(account, Settings(config.tag_keys), config.window_days)
        (step,) = steps = by_hand(site, changes)
        assert len(step.pinned) == len(changes)
        check(site, steps, tmp_path)


DENIED = (
    "cloudwatch:GetMetricData",
    "logs:DescribeLogStreams",
    "s3:GetBucketLocation",
    "sns:ListSubscriptionsByTopic",
)


def test_what_is_out_of_sight_is_predicted_to_stay_there(tmp_path: Path) -> None:
    config, scenario = load_config(None), load_scenario("demo")
    blind = replace(scenario, denied=(*scenario.denied, *DENIED))
    with emulated_account(blind, now=NOW) as account:
        site = Site(account, Settings(config.tag_keys), config.window_days)
        snapshot = site.scanned()
        steps = site.planned(snapshot, notify=())
        assert any(pin.change.kind == "cloudwatch.alarm" for each in steps for pin in each.pinned)
        predicted = rehearsed(snapshot, Script(steps, SETTINGS))
        site.apply(steps, tmp_path)
        after = site.scanned()
    assert named(predicted.snapshot) == named(after)
    assert told_apart(site.judged(predicted.snapshot)) == told_apart(site.judged(after))
    for each in ("cloudwatch:GetMetricData", "sns:ListSubscriptionsByTopic"):
        assert any(each in doubt for doubt in predicted.cannot_predict)


def told_apart(audit: Audit) -> list[Any]:
    return [
        (each.name, item.id, item.status, item.summary)
        for each in audit.workloads
        for item in each.items
    ]
