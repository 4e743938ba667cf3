"""What a rehearsal foresees of single changes, and what it says it cannot foresee."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mlaudit.audit import Audit
from mlaudit.catalog import Catalogue
from mlaudit.errors import MlauditError
from mlaudit.judge import judge
from mlaudit.model import Status
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.change import Change, Pinned, State, merged
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.plan import Promise, Step
from mlaudit.remediate.rehearsal import EVERYWHERE, Predicted, foreseen, rehearsed
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.stage import Script, blind_to
from mlaudit.resources import Alarm, Container, Endpoint, LogGroup, Topic, TrainingJob
from mlaudit.snapshot import Calls, Snapshot
from mlaudit.testing import ACCOUNT, REGION, arn_of, build, gap, serving, snapshot

GROUP = "/aws/sagemaker/Endpoints/it"
SERVING = serving("it", build(Container, image="image"))
LOGS = build(LogGroup, GROUP, retention_days=None)
ALARM = {
    "Namespace": "AWS/SageMaker",
    "MetricName": "Invocations",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "LessThanThreshold",
}


def pin(kind: str, key: dict[str, str], before: State, patch: dict[str, Any] | None) -> Pinned:
    change = Change(kind, key, REGION, arn_of(Endpoint, "it"), f"change {kind}", patch)
    return Pinned(change, before, None if patch is None else merged(before, patch))


def step(*pins: Pinned, waits: str = "") -> Step:
    return Step(
        "01", "fix", Kind.SETTING, "Fix", "it", (), Disposition.SAFE, "", "", "", "", 0, Bill(),
        tuple(each.change for each in pins), pins, waits=waits,
    )  # fmt: skip


def played(seen: Snapshot, *steps: Step) -> Predicted:
    return rehearsed(seen, Script(steps, SETTINGS))


def doubts(predicted: Predicted) -> list[str]:
    """What cannot be predicted beside what never can."""
    return [each for each in predicted.cannot_predict if each not in EVERYWHERE]


slow = pytest.mark.slow
KEEP = pin("logs.group", {"logGroupName": GROUP}, {}, {"retentionInDays": 30})


@slow
def test_a_change_is_laid_over_what_was_seen() -> None:
    predicted = played(snapshot(LOGS, *SERVING), step(KEEP))
    assert predicted.snapshot == snapshot(replace(LOGS, retention_days=30), *SERVING)
    assert predicted.cannot_predict == EVERYWHERE


@slow
def test_each_region_is_rehearsed_for_itself() -> None:
    west, south = LOGS, build(LogGroup, GROUP, region="eu-south-1", retention_days=7)
    change = replace(KEEP.change, region="eu-south-1")
    keep = replace(KEEP, change=change, before={"retentionInDays": 7})
    predicted = played(snapshot(west, south, regions=(REGION, "eu-south-1")), step(keep))
    assert predicted.snapshot.of(LogGroup, REGION) == (west,)
    assert predicted.snapshot.of(LogGroup, "eu-south-1") == (replace(south, retention_days=30),)
    assert doubts(predicted) == []


@slow
def test_what_waits_is_not_played() -> None:
    seen = snapshot(LOGS, *SERVING)
    assert played(seen, step(KEEP, waits="an approval")).snapshot == seen


@slow
def test_what_is_refused_is_told_and_the_rest_is_played() -> None:
    now, gone = {"EndpointConfigName": "it"}, {"EndpointConfigName": "gone"}
    wrong = pin("sagemaker.endpoint", {"EndpointName": "it"}, now, gone)
    predicted = played(snapshot(LOGS, *SERVING), step(wrong, KEEP))
    (doubt,) = doubts(predicted)
    assert doubt.startswith("What becomes of this: change sagemaker.endpoint. The emulated accou")
    assert "Could not find endpoint config" in doubt
    assert replace(LOGS, retention_days=30) in predicted.snapshot.resources


@slow
def test_what_cannot_be_set_up_is_told() -> None:
    """A policy of a target that the scan did not see."""
    key = {
        "PolicyName": "p",
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/gone/variant/main",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    seen = snapshot(LOGS, *SERVING)
    policy = pin("application-autoscaling.policy", key, {"PolicyType": "StepScaling"}, None)
    predicted = played(seen, step(policy))
    (doubt,) = doubts(predicted)
    assert "It could not be set up: application-autoscaling:PutScalingPolicy" in doubt
    assert predicted.snapshot == seen


@slow
def test_what_they_hang_on_and_could_not_be_set_up_is_told() -> None:
    """A model without a container, as AWS has none."""
    (doubt, *_) = doubts(played(snapshot(LOGS, *serving()), step(KEEP)))
    assert doubt.startswith("What hangs on something that could not be set up: sagemaker:CreateM")


@slow
def test_a_step_that_was_not_looked_at_is_told() -> None:
    blind = replace(step(KEEP), pinned=())
    (doubt,) = doubts(played(snapshot(LOGS, *SERVING), blind))
    assert doubt == "What becomes of step 01: what is there now was not looked at."


@slow
def test_tags_of_what_is_not_made_again_are_foreseen_too() -> None:
    job = build(TrainingJob, "job", tags={"team": "old"})
    tags = pin("tags", {"ResourceARN": job.arn}, {"team": "old"}, {"team": "new", "token": "x"})
    predicted = played(snapshot(job, *SERVING), step(tags))
    (seen,) = predicted.snapshot.of(TrainingJob, REGION)
    assert seen.tags == {"team": "new", "token": "(not kept)"}
    assert doubts(predicted) == []


@slow
@pytest.mark.parametrize("known", [True, False])
def test_who_listens_to_a_topic_that_nothing_notified_is_not_known(*, known: bool) -> None:
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:oncall"
    seen = [build(Topic, arn=topic, confirmed=1)] if known else []
    alarm = pin("cloudwatch.alarm", {"AlarmName": "a"}, None, {**ALARM, "AlarmActions": [topic]})
    predicted = played(snapshot(*seen, *SERVING), step(alarm))
    told = f"Who listens to topic {topic}: the scan had no reason to look."
    assert doubts(predicted) == ([] if known else [told])
    assert [each.actions for each in predicted.snapshot.of(Alarm, REGION)] == [(topic,)]


@slow
def test_where_the_scan_was_blind_nothing_new_is_seen() -> None:
    denied = gap("cloudwatch:DescribeAlarms")
    alarm = pin("cloudwatch.alarm", {"AlarmName": "a"}, None, ALARM)
    seen = snapshot(*SERVING, gaps=[denied])
    predicted = played(seen, step(alarm))
    assert predicted.snapshot == seen
    told = f"What cloudwatch:DescribeAlarms would show in {REGION}: the scan could not read it."
    assert doubts(predicted) == [told]


@pytest.mark.parametrize(
    ("subject", "calls", "is_blind"),
    [(None, (5, 1), True), ("arn", (5, 1), False), ("arn", (5, 5), True), ("arn", (0, 0), False)],
)
def test_an_operation_is_out_of_sight_when_no_call_of_it_succeeded(
    subject: str | None, calls: tuple[int, int], *, is_blind: bool
) -> None:
    seen = snapshot(gaps=[gap("sns:ListSubscriptionsByTopic", subject)])
    made = (Calls("sns:ListSubscriptionsByTopic", REGION, *calls),)
    seen = replace(seen, scope=replace(seen.scope, calls=made))
    assert (blind_to(seen) != {}) is is_blind


def test_an_account_of_another_partition_is_refused() -> None:
    seen = snapshot()
    elsewhere = replace(seen.scope, caller=f"arn:aws-cn:iam::{ACCOUNT}:role/auditor")
    with pytest.raises(MlauditError, match="aws-cn cannot be rehearsed"):
        played(replace(seen, scope=elsewhere))


@pytest.fixture(scope="module")
def audit(catalogue: Catalogue) -> Audit:
    tags = {"tags": {"mlaudit:workload": "x"}}
    return judge(snapshot(*serving("e", endpoint=tags)), catalogue)


def test_promises_are_filled_with_what_is_foreseen(audit: Audit) -> None:
    (workload,) = audit.workloads
    own = next(each for each in workload.items if each.status is Status.FAIL)
    shared = audit.platform.items[0].item
    promises = [
        Promise(own.id, "x", "fail", None, used=False),
        Promise(shared.id, "x", "fail", None, used=True),
        Promise(own.id, "gone", "fail", None, used=False),
    ]
    found = foreseen(promises, audit)
    assert [each.applied for each in found] == ["fail", shared.status.value, None]
    assert [each.used for each in found] == [False, True, False]


def test_of_workloads_of_one_name_the_least_complete_counts(audit: Audit) -> None:
    (workload,) = audit.workloads
    own = next(each for each in workload.items if each.status is Status.FAIL)
    passed = tuple(replace(each, status=Status.PASS) for each in workload.items)
    both = replace(audit, workloads=(workload, replace(workload, region="x", items=passed)))
    (found,) = foreseen([Promise(own.id, "x", "fail", None, used=False)], both)
    assert found.applied == "fail"
