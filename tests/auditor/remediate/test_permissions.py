"""A plan's policy allows what the plan does, on what it does it to, in the words of IAM."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
import yaml

from mlaudit.collect.operation import Operation
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.change import Change, Document, Key, Pinned, State
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.hands import Declared, operations_of
from mlaudit.remediate.locks import LOCKING
from mlaudit.remediate.managers import LOOKING
from mlaudit.remediate.permissions import Grant, policies_of
from mlaudit.remediate.plan import Plan, StackChange, Step, Upload
from mlaudit.remediate.policy_documents import LIMIT
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.stacks import DEPLOYING, UNDOING
from mlaudit.testing import ACCOUNT
from mlaudit_reference.templates import permissions as reference

HERE = f"eu-west-1:{ACCOUNT}"
TOPIC = f"arn:aws:sns:{HERE}:topic"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/cloudformation"
TEMPLATE = {
    "Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Role": {"Type": "AWS::IAM::Role"},
        "Function": {"Type": "AWS::Lambda::Function"},
        "Scaling": {"Type": "AWS::ApplicationAutoScaling::ScalableTarget"},
    }
}
SCALED = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/E/variant/v",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
EXAMPLES: Mapping[str, tuple[Key, State]] = {
    "application-autoscaling.policy": (
        {**SCALED, "PolicyName": "p"},
        {"PolicyType": "StepScaling"},
    ),
    "application-autoscaling.target": (SCALED, {"MinCapacity": 1, "MaxCapacity": 2}),
    "cloudwatch.alarm": ({"AlarmName": "a"}, {"MetricName": "m"}),
    "cloudwatch.dashboard": ({"DashboardName": "d"}, {"DashboardBody": "{}"}),
    "ecr.repository": ({"repositoryName": "r"}, {"imageTagMutability": "IMMUTABLE"}),
    "lambda.event-source": ({"UUID": "u"}, {"Enabled": False}),
    "logs.group": ({"logGroupName": "/g"}, {"retentionInDays": 180}),
    "s3.encryption": ({"Bucket": "b"}, {"Rules": []}),
    "s3.public-access": ({"Bucket": "b"}, {"BlockPublicAcls": True}),
    "s3.versioning": ({"Bucket": "b"}, {"Status": "Enabled"}),
    "sagemaker.association": (
        {
            "SourceArn": f"arn:aws:sagemaker:{HERE}:artifact/1",
            "DestinationArn": f"arn:aws:sagemaker:{HERE}:artifact/2",
        },
        {},
    ),
    "sagemaker.endpoint": ({"EndpointName": "E"}, {"EndpointConfigName": "C"}),
    "sagemaker.endpoint-config": ({"EndpointConfigName": "C"}, {"ProductionVariants": []}),
    "sns.subscription": ({"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "a@b"}, {}),
    "sns.topic": ({"TopicArn": TOPIC}, {}),
    "tags": ({"ResourceARN": f"arn:aws:sagemaker:{HERE}:endpoint/e"}, {"a": "b"}),
}
NEVER_MADE = {"ecr.repository", "lambda.event-source"}


def pinned(kind: str, key: Key, after: State, region: str = "eu-west-1") -> Pinned:
    change = Change(kind, key, region, "arn", "about", after)
    return Pinned(change, {"Enabled": True} if kind in NEVER_MADE else None, after)


def step(*changes: Pinned, stack: StackChange | None = None, waits: str = "") -> Step:
    return Step(
        id="01",
        fix="f",
        kind=Kind.SETTING,
        title="Do it",
        workload="w",
        items=(),
        disposition=Disposition.SAFE,
        risk="",
        back="",
        not_proven="",
        exercise="",
        effort=1,
        bill=Bill(),
        pinned=changes,
        stack=stack,
        waits=waits,
    )


def plan(*steps: Step) -> Plan:
    when = datetime(2026, 3, 14, tzinfo=UTC)
    contents = {"t.yaml": yaml.safe_dump(TEMPLATE).encode(), "code.zip": b"PK"}
    return Plan(1, "1", ACCOUNT, ("eu-west-1",), when, Goal(), ("w",), steps, (), (), contents)


def stack(name: str = "demo-foundation", **others: Any) -> StackChange:
    own: dict[str, Any] = {
        "name": name,
        "about": "buckets",
        "region": "eu-west-1",
        "template": "t.yaml",
        "from_export": None,
        "parameters": {},
        "capabilities": ("CAPABILITY_IAM",),
        "tags": {},
    }
    return StackChange(**{**own, **others})


def actions_of(kinds: Any) -> frozenset[str]:
    return reference.actions(kinds, reference.MAKE)


def allowed(some: Plan, **others: Any) -> list[Document]:
    documents = policies_of(some, Grant(SETTINGS, actions_of, **others)).documents
    return [statement for each in documents for statement in each["Statement"]]


def granting(statements: list[Document], action: str) -> list[Document]:
    return [each for each in statements if action in each["Action"]]


@cache
def known() -> Mapping[str, Any]:
    """Actions and resources of every service, from the service authorization reference."""
    path = files("cfnlint") / "data" / "AdditionalSpecs" / "Policies.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def formats(action: str) -> Iterator[str]:
    """What ARNs of the resources of an action look like."""
    service, _, name = action.partition(":")
    of_service = known()[service]
    for resource in of_service["Actions"][name.lower()].get("Resources", ()):
        for pattern in of_service["Resources"].get(resource, {}).get("ARNFormats", ()):
            yield re.sub(r"\$\{\w+\}", "[^:]*", pattern)


def fits(action: str, arn: str) -> bool:
    patterns = [*formats(action)]
    return not patterns or any(re.fullmatch(each, arn) for each in patterns)


@pytest.fixture
def everything() -> Plan:
    changes = (pinned(kind, *example) for kind, example in EXAMPLES.items())
    uploads = (Upload("export", "code/x.zip", "code.zip"),)
    return plan(step(*changes), step(stack=stack(uploads=uploads, from_export="export")))


def test_there_is_an_example_of_every_setting() -> None:
    assert EXAMPLES.keys() == SETTINGS.keys()


@pytest.mark.parametrize("others", [{}, {"cloudformation_role": ROLE}, {"delete_data": True}])
def test_every_action_is_one_that_iam_knows(everything: Plan, others: dict[str, Any]) -> None:
    actions = {action for each in allowed(everything, **others) for action in each["Action"]}
    services = {each: known()[each.partition(":")[0]]["Actions"] for each in actions}
    assert {each for each in actions if each.partition(":")[2].lower() not in services[each]} == (
        set()
    )
    assert not any("*" in each for each in actions)


def test_every_action_is_allowed_on_resources_of_its_kind(everything: Plan) -> None:
    """Each ARN fits one of the actions beside it, and each action fits one of the ARNs."""
    wrong = []
    for each in allowed(everything, cloudformation_role=ROLE):
        arns = [arn for arn in each["Resource"] if arn != "*"]
        if arns and each["Resource"] != ["*"]:
            wrong += [a for a in each["Action"] if not any(fits(a, arn) for arn in arns)]
            wrong += [arn for arn in arns if not any(fits(a, arn) for a in each["Action"])]
    assert wrong == []


@pytest.mark.parametrize("others", [{}, {"cloudformation_role": ROLE}])
def test_all_that_applying_and_undoing_may_call_is_allowed(
    everything: Plan, others: dict[str, Any]
) -> None:
    """But for the tags of services that the plan tags nothing of, and for deleting data."""
    changes = [
        each for step in everything.steps for each in step.pinned if each.change.kind != "tags"
    ]
    declared = operations_of(changes, SETTINGS) + LOCKING + LOOKING + DEPLOYING
    declared += Declared(reads=UNDOING.reads)
    actions = {action for each in allowed(everything, **others) for action in each["Action"]}
    assert {each.iam_action for each in declared.all} <= actions


def iam_actions(kind: str) -> Mapping[str, str]:
    setting = SETTINGS[kind]
    declared: tuple[Operation, ...] = setting.writes
    return {each.id: each.iam_action for each in declared}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_what_is_written_and_taken_back_is_allowed_on_its_resource(kind: str) -> None:
    key, after = EXAMPLES[kind]
    change = pinned(kind, key, after)
    statements = allowed(plan(step(change)))
    calls = [*SETTINGS[kind].calls(key, change.before, after)]
    calls += SETTINGS[kind].calls(key, after, change.before)
    arn = SETTINGS[kind].arn(key, ACCOUNT, "eu-west-1")
    assert calls
    for call in calls:
        action = iam_actions(kind)[call.id]
        assert any(arn in each["Resource"] for each in granting(statements, action)), action


@pytest.mark.parametrize("kind", EXAMPLES)
def test_nothing_is_written_everywhere(kind: str) -> None:
    writes = {each.iam_action for each in SETTINGS[kind].writes}
    statements = allowed(plan(step(pinned(kind, *EXAMPLES[kind]))))
    everywhere = {
        action for each in statements if "*" in each["Resource"] for action in each["Action"]
    }
    assert not everywhere & writes


def test_of_tags_only_those_of_the_service_are_allowed() -> None:
    statements = allowed(plan(step(pinned("tags", *EXAMPLES["tags"]))))
    actions = {action for each in statements for action in each["Action"]}
    assert "sagemaker:AddTags" in actions
    assert {each.partition(":")[0] for each in actions} == {"sagemaker", "ssm", "tag"}


def test_the_lock_is_allowed_where_something_is_changed() -> None:
    log = EXAMPLES["logs.group"]
    changes = (pinned("logs.group", *log), pinned("logs.group", *log, region="us-gov-west-1"))
    (lock,) = granting(allowed(plan(step(*changes))), "ssm:PutParameter")
    assert lock["Resource"] == [
        f"arn:aws-us-gov:ssm:us-gov-west-1:{ACCOUNT}:parameter/mlaudit/remediation",
        f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/mlaudit/remediation",
    ]


def test_what_waits_is_allowed_nothing() -> None:
    waiting = step(pinned("logs.group", *EXAMPLES["logs.group"]), waits="something")
    (reads,) = allowed(plan(waiting))
    assert reads["Action"] == ["tag:GetResources"]


def test_a_star_in_a_name_is_no_wildcard() -> None:
    change = pinned("cloudwatch.alarm", {"AlarmName": "a*?$"}, {"MetricName": "m"})
    (write,) = granting(allowed(plan(step(change))), "cloudwatch:PutMetricAlarm")
    assert write["Resource"] == [f"arn:aws:cloudwatch:{HERE}:alarm:a${{*}}${{?}}${{$}}"]


def test_an_endpoint_may_be_given_the_configurations_before_and_after() -> None:
    change = Change("sagemaker.endpoint", {"EndpointName": "e"}, "eu-west-1", "arn", "a", {})
    update = Pinned(change, {"EndpointConfigName": "Old"}, {"EndpointConfigName": "New"})
    resources = {
        arn
        for each in granting(allowed(plan(step(update))), "sagemaker:UpdateEndpoint")
        for arn in each["Resource"]
    }
    start = f"arn:aws:sagemaker:{HERE}:"
    assert resources == {
        f"{start}endpoint/e",
        f"{start}endpoint-config/old",
        f"{start}endpoint-config/new",
    }


def test_the_role_of_a_configuration_is_passed_to_sagemaker_alone() -> None:
    state = {"ExecutionRoleArn": ROLE}
    key = {"EndpointConfigName": "c"}
    (passing,) = granting(
        allowed(plan(step(pinned("sagemaker.endpoint-config", key, state)))), "iam:PassRole"
    )
    assert passing["Resource"] == [ROLE]
    assert passing["Condition"]["StringEquals"] == {
        "iam:PassedToService": "sagemaker.amazonaws.com"
    }


def test_with_a_role_for_cloudformation_nothing_else_of_stacks_is_allowed() -> None:
    statements = allowed(plan(step(stack=stack())), cloudformation_role=ROLE)
    writes = [each for each in statements if each["Resource"] != ["*"]]
    services = {action.partition(":")[0] for each in writes for action in each["Action"]}
    assert services == {"cloudformation", "iam", "ssm"}
    (passing,) = granting(statements, "iam:PassRole")
    assert passing["Resource"] == [ROLE]


def test_without_one_what_stacks_hold_is_allowed_through_cloudformation_alone() -> None:
    statements = allowed(plan(step(stack=stack())))
    (create,) = granting(statements, "iam:CreateRole")
    assert create["Condition"] == {
        "ForAnyValue:StringEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]}
    }
    own = f"arn:aws:iam::{ACCOUNT}:role/demo-foundation-*"
    assert own in create["Resource"]
    assert "*" not in create["Resource"]
    (bucket,) = granting(statements, "s3:CreateBucket")
    assert bucket["Condition"] == create["Condition"]


def test_roles_of_services_are_made_under_their_own_path_alone() -> None:
    (linked,) = granting(allowed(plan(step(stack=stack()))), "iam:CreateServiceLinkedRole")
    assert linked["Action"] == ["iam:CreateServiceLinkedRole"]
    assert linked["Resource"] == [f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/*"]


def test_a_stack_is_changed_by_its_name_alone() -> None:
    (change,) = granting(allowed(plan(step(stack=stack("n*")))), "cloudformation:CreateChangeSet")
    assert change["Resource"] == [f"arn:aws:cloudformation:{HERE}:stack/n${{*}}/*"]


def test_files_are_uploaded_by_their_keys() -> None:
    uploads = (Upload("export", "code/x.zip", "code.zip"),)
    there = stack(uploads=uploads, from_export="export")
    (put,) = [
        each
        for each in granting(allowed(plan(step(stack=there))), "s3:PutObject")
        if "Condition" not in each
    ]
    assert put["Resource"][0] == "arn:aws:s3:::*/code/x.zip"
    assert re.fullmatch(r"arn:aws:s3:::\*/templates/[0-9a-f]{64}\.template", put["Resource"][1])


def test_data_may_be_deleted_only_if_that_is_asked_for() -> None:
    some = plan(step(stack=stack()))
    assert not granting(allowed(some, cloudformation_role=ROLE), "s3:DeleteObjectVersion")
    deleting = granting(
        allowed(some, cloudformation_role=ROLE, delete_data=True), "s3:DeleteObjectVersion"
    )
    assert deleting
    assert not any("cloudformation:DeleteStack" in each["Action"] for each in deleting)


def test_each_document_fits_a_managed_policy_and_none_says_less() -> None:
    names = [f"mlaudit-alarm-{number:04}-{'x' * 60}" for number in range(300)]
    changes = [pinned("cloudwatch.alarm", {"AlarmName": name}, {"Period": 60}) for name in names]
    policies = policies_of(plan(step(*changes)), Grant(SETTINGS, actions_of))
    sizes = [len(json.dumps(each, separators=(",", ":"))) for each in policies.documents]
    assert len(sizes) > 1
    assert max(sizes) <= LIMIT
    arns = {
        arn
        for each in policies.documents
        for statement in each["Statement"]
        if "cloudwatch:PutMetricAlarm" in statement["Action"]
        for arn in statement["Resource"]
    }
    assert len(arns) == len(names)


def test_what_is_coarse_is_said(everything: Plan) -> None:
    said = " ".join(policies_of(everything, Grant(SETTINGS, actions_of)).coarse)
    for words in (
        "Reads are allowed",
        "Scaling is allowed",
        "by their keys",
        "--cloudformation-role",
    ):
        assert words in said
    with_role = policies_of(everything, Grant(SETTINGS, actions_of, ROLE)).coarse
    assert not any("--cloudformation-role" in each for each in with_role)
