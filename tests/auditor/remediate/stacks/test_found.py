"""What is there is seen before it is changed, and left alone where it must be."""

from typing import Any

import pytest

from mlaudit.remediate.change import RefusedError
from mlaudit.remediate.stacks import NotReadyError
from mlaudit.remediate.stacks.found import Found, find_stack, ready
from mlaudit.remediate.stacks.template import digest, read_template

LOGS = "Resources: {L: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: %s}}}"
FAILING = (
    "Resources: {L: {Type: AWS::Logs::LogGroup}, B: {Type: AWS::SSM::Parameter, DependsOn: L, "
    "Properties: {Name: aws-bad, Type: String, Value: x}}}"
)


def test_nothing_is_there(bench: Any) -> None:
    stack, _ = bench.change(LOGS % 7)
    assert stack.before is None


def test_what_is_there_is_told_by_its_sum(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    stack, _ = bench.change(LOGS % 14)
    assert stack.before == digest(read_template(LOGS % 7), {})


def test_a_stack_of_somebody_else_is_adopted_or_left_alone(bench: Any) -> None:
    bench.client("cloudformation").create_stack(StackName="demo", TemplateBody=LOGS % 7)
    with pytest.raises(NotReadyError, match=r"has no tag mlaudit:workload\. Use --adopt"):
        bench.change(LOGS % 14)
    assert bench.change(LOGS % 14, adopt=True)[0].before


def test_a_stack_of_another_workload_is_not_adopted(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    with pytest.raises(NotReadyError, match="is of the workload churn, not of fraud"):
        bench.change(LOGS % 7, tags={"mlaudit:workload": "fraud"}, adopt=True)


def test_drift_is_told_of_what_will_change(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    (group,) = bench.log_groups()
    bench.client("logs").put_retention_policy(logGroupName=group, retentionInDays=30)
    bench.told.clear()
    bench.change(LOGS % 7)
    assert bench.told == []
    bench.change(LOGS % 14)
    assert bench.told == [
        (
            "demo: L (AWS::Logs::LogGroup) was changed by somebody else: RetentionInDays. "
            "CloudFormation changes that back only where its template changes there."
        )
    ]


def test_what_was_deleted_by_somebody_else_is_told(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    bench.client("logs").delete_log_group(logGroupName=bench.log_groups()[0])
    bench.change(LOGS % 14)
    assert bench.told[-1] == "demo: L (AWS::Logs::LogGroup) was deleted by somebody else."


def test_drift_that_cannot_be_seen_is_said(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    denied = bench.refusing("DetectStackDrift")
    assert denied.change(LOGS % 14)[0].before
    assert "could not be seen: cloudformation:DetectStackDrift was refused" in denied.told[-1]


def test_a_stack_that_cannot_be_seen_is_not_missing(bench: Any) -> None:
    with pytest.raises(RefusedError, match="AccessDenied"):
        bench.refusing("DescribeStacks").change(LOGS % 7)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("UPDATE_IN_PROGRESS", "Somebody is changing the stack demo: it is in UPDATE_IN_PROGRESS"),
        ("UPDATE_ROLLBACK_FAILED", r"in UPDATE_ROLLBACK_FAILED \(stuck\). CloudFormation does not"),
        ("DELETE_FAILED", "repaired or deleted it"),
        ("CREATE_FAILED", "repaired or deleted it"),
    ],
)
def test_a_stack_in_no_state_for_it_is_left_alone(bench: Any, status: str, message: str) -> None:
    stack, _ = bench.change(LOGS % 7)
    found = Found("arn", "demo", status, "stuck", read_template(LOGS % 7), {}, stack.tags, (), ())
    with pytest.raises(NotReadyError, match=message):
        ready(stack, found, adopt=True)


def test_what_was_never_completed_counts_as_nothing(bench: Any) -> None:
    bench.client("cloudformation").create_stack(
        StackName="demo",
        TemplateBody=FAILING,
        Tags=[{"Key": "mlaudit:workload", "Value": "churn"}],
    )
    assert bench.status() == "ROLLBACK_COMPLETE"
    assert bench.change(LOGS % 7)[0].before is None


def test_a_name_that_is_under_review_counts_as_nothing(bench: Any) -> None:
    bench.client("cloudformation").create_change_set(
        StackName="demo", ChangeSetName="x", TemplateBody=LOGS % 7, ChangeSetType="CREATE"
    )
    assert bench.change(LOGS % 7)[0].before is None


def test_a_deleted_stack_is_found_by_its_arn(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    found = find_stack("demo", bench.site)
    assert found is not None
    bench.client("cloudformation").delete_stack(StackName="demo")
    assert find_stack("demo", bench.site) is None
    deleted = find_stack(found.id, bench.site)
    assert deleted is not None
    assert deleted.status == "DELETE_COMPLETE"
