"""What must hold of every compiled stack, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import yaml

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode, example, read_manifest
from mlaudit_reference.templates import permissions
from mlaudit_reference.templates.stacks import stacks_of, template

Template = Mapping[str, Any]
Properties = dict[str, Any]

EVERYTHING = {"profile": "production", "targets": [mode.value for mode in Mode]}
ACCOUNTS = {"dev": "1" * 12, "staging": "2" * 12, "prod": "3" * 12}
CODEPIPELINE = {"host": "codepipeline", "repository": "a/b", "accounts": ACCOUNTS}
MANIFESTS: dict[str, dict[str, Any]] = {
    "zero": {"profile": "zero"},
    "demo": {"profile": "demo"},
    "production": {"profile": "production"},
    "everything": {**EVERYTHING, "delivery": CODEPIPELINE},
    "keys-of-aws": {**EVERYTHING, "encryption": "aws", "engine": "step-functions"},
    "batch": {
        "engine": "step-functions",
        "platform": "batch",
        "network": {"reach": "own"},
        "tuning": {"enabled": False},
        "budget": {"ttl_days": 3},
    },
    "expiring": {"profile": "production", "budget": {"ttl_days": 3}},
}


def compiled(settings: Mapping[str, Any]) -> tuple[Manifest, dict[str, Template]]:
    manifest = read_manifest({**yaml.safe_load(example()), **_whole(settings)})
    return manifest, {stack.name: template(stack, manifest) for stack in stacks_of(manifest)}


def _whole(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Settings on top of the parts that the example says."""
    said = yaml.safe_load(example())
    return {
        key: {**said[key], **value} if isinstance(value, dict) and key in said else value
        for key, value in settings.items()
    }


@pytest.fixture(scope="module", params=MANIFESTS)
def system(request: pytest.FixtureRequest) -> tuple[Manifest, dict[str, Template]]:
    return compiled(MANIFESTS[request.param])


System = tuple[Manifest, dict[str, Template]]


def each(system: System, kind: str) -> Iterator[tuple[str, Properties]]:
    """The resources of a type, with their places."""
    for stack, made in system[1].items():
        for logical, found in made["Resources"].items():
            if found["Type"] == kind:
                yield f"{stack}/{logical}", found["Properties"]


def some(system: System, kind: str) -> list[tuple[str, Properties]]:
    """The same, of which there must be one."""
    found = list(each(system, kind))
    assert found, kind
    return found


def statements(system: System) -> Iterator[tuple[str, Properties]]:
    """What roles and managed policies say, with their places."""
    for place, role in each(system, "AWS::IAM::Role"):
        for policy in role.get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield place, statement
    for place, policy in each(system, "AWS::IAM::ManagedPolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield place, statement.get("Fn::If", [None, statement])[1]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_buckets_are_versioned_encrypted_and_closed(system: System) -> None:
    for place, bucket in some(system, "AWS::S3::Bucket"):
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, place
        assert bucket["BucketEncryption"], place
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, place


def test_buckets_take_no_request_without_tls(system: System) -> None:
    guarded = {
        place.partition("/")[0] + "/" + policy["Bucket"]["Ref"]
        for place, policy in each(system, "AWS::S3::BucketPolicy")
        if any(_denies_plain(statement) for statement in policy["PolicyDocument"]["Statement"])
    }
    assert guarded == {place for place, _ in some(system, "AWS::S3::Bucket")}


def _denies_plain(statement: Properties) -> bool:
    told = {key: statement.get(key) for key in ("Effect", "Principal", "Condition")}
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    return told == {"Effect": "Deny", "Principal": "*", "Condition": plain}


def test_logs_are_not_kept_for_ever(system: System) -> None:
    for place, group in some(system, "AWS::Logs::LogGroup"):
        assert group["RetentionInDays"] == system[0].monitoring.log_days, place


def test_no_wildcard_action_is_allowed_on_a_wildcard_resource(system: System) -> None:
    for place, statement in statements(system):
        if statement["Effect"] == "Allow" and "*" in listed(statement["Resource"]):
            assert not any("*" in action for action in listed(statement["Action"])), place


def test_nobody_may_do_everything_with_a_service(system: System) -> None:
    for place, statement in statements(system):
        if statement["Effect"] == "Allow":
            actions = listed(statement["Action"])
            assert not any(action == "*" or action.endswith(":*") for action in actions), place


def test_roles_are_passed_to_a_named_service_and_are_the_system_s_own(system: System) -> None:
    own = f"role/{system[0].name}-"
    passing = [
        (place, statement)
        for place, statement in statements(system)
        if statement["Effect"] == "Allow" and permissions.PASS in listed(statement["Action"])
    ]
    assert passing
    for place, statement in passing:
        assert listed(statement["Action"]) == [permissions.PASS], place
        assert "iam:PassedToService" in json.dumps(statement.get("Condition")), place
        for role in listed(statement["Resource"]):
            by_cloudformation = place.partition("/")[2].rstrip("0123456789").endswith("Policy")
            assert "Fn::GetAtt" in role or (by_cloudformation and own in json.dumps(role)), place


def test_only_cloudformation_passes_roles_by_their_names(system: System) -> None:
    """Managed policies are those of the roles that CloudFormation takes on."""
    for place, policy in each(system, "AWS::IAM::ManagedPolicy"):
        stack, _, _ = place.partition("/")
        roles = system[1][stack]["Resources"]
        for role in policy["Roles"]:
            trust = roles[role["Ref"]]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            assert [one["Principal"] for one in trust] == [
                {"Service": "cloudformation.amazonaws.com"}
            ], place


APPROVES = {"sagemaker:UpdateModelPackage", "sagemaker:BatchUpdateModelPackage"}


def test_no_role_of_the_system_can_approve_a_version(system: System) -> None:
    for place, role in some(system, "AWS::IAM::Role"):
        said = [
            one
            for policy in role.get("Policies", ())
            for one in policy["PolicyDocument"]["Statement"]
        ]
        allowed = any(
            one["Effect"] == "Allow" and APPROVES & {*listed(one["Action"])} for one in said
        )
        denied = any(_denies_approval(one) for one in said if one["Effect"] == "Deny")
        assert denied or not allowed, place


def _denies_approval(statement: Properties) -> bool:
    withheld = {"Null": {"sagemaker:ModelApprovalStatus": "false"}}
    covered = statement["Effect"] == "Deny" and statement.get("Condition") in (None, withheld)
    return covered and "sagemaker:UpdateModelPackage" in listed(statement["Action"])


def test_what_registers_versions_is_denied_to_approve_them(system: System) -> None:
    registering = [
        place
        for place, one in statements(system)
        if one["Effect"] == "Allow" and "sagemaker:CreateModelPackage" in listed(one["Action"])
    ]
    denied = [place for place, one in statements(system) if _denies_approval(one)]
    assert set(registering) <= set(denied)


@pytest.mark.parametrize("kind", ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"])
def test_every_alarm_does_something(system: System, kind: str) -> None:
    for place, alarm in some(system, kind):
        assert alarm["AlarmActions"], place


def test_people_hear_of_every_alarm_but_of_those_that_scale(system: System) -> None:
    topic = {"Fn::ImportValue": f"{system[0].name}-AlertsTopicArn"}
    for place, alarm in some(system, "AWS::CloudWatch::Alarm"):
        scales = any("Ref" in action for action in alarm["AlarmActions"])
        assert topic in alarm["AlarmActions"] or scales, place


ENCRYPTED_BY_AWS = {"AWS::SNS::Topic", "AWS::DynamoDB::Table"}
"""Types for which nothing is said where keys of AWS do: alarms cannot publish to a topic under the
key of SNS, and tables are encrypted with a key of DynamoDB."""


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::SQS::Queue", ("KmsMasterKeyId", "SqsManagedSseEnabled")),
        ("AWS::SNS::Topic", ("KmsMasterKeyId",)),
        ("AWS::DynamoDB::Table", ("SSESpecification",)),
        ("AWS::Kinesis::Stream", ("StreamEncryption",)),
    ],
)
def test_everything_that_holds_data_is_encrypted(
    system: System, kind: str, properties: tuple[str, ...]
) -> None:
    for place, found in each(system, kind):
        by_default = kind in ENCRYPTED_BY_AWS and system[0].encryption == "aws"
        assert by_default or any(found.get(name) for name in properties), place


def test_tables_can_be_brought_back(system: System) -> None:
    for place, table in each(system, "AWS::DynamoDB::Table"):
        recovery = table["PointInTimeRecoverySpecification"]
        assert recovery["PointInTimeRecoveryEnabled"] is True, place


def test_functions_end_are_traced_logged_and_lose_nothing(system: System) -> None:
    groups = {str(group["LogGroupName"]) for _, group in each(system, "AWS::Logs::LogGroup")}
    mapped = {
        json.dumps(mapping["FunctionName"])
        for _, mapping in each(system, "AWS::Lambda::EventSourceMapping")
        if mapping["DestinationConfig"]["OnFailure"]
    }
    for place, function in each(system, "AWS::Lambda::Function"):
        assert function["Timeout"], place
        assert function["TracingConfig"]["Mode"] == "Active", place
        assert f"/aws/lambda/{function['FunctionName']}" in groups, place
        logical = place.partition("/")[2]
        assert "DeadLetterConfig" in function or any(logical in name for name in mapped), place


def test_state_machines_log_everything(system: System) -> None:
    for place, machine in some(system, "AWS::StepFunctions::StateMachine"):
        assert machine["LoggingConfiguration"]["Level"] == "ALL", place
        assert machine["TracingConfiguration"]["Enabled"] is True, place


def machines(states: Mapping[str, Any], start: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The states of a machine with where it starts, and those of the maps inside it."""
    yield start, states
    for state in states.values():
        for inner in (state.get("ItemProcessor"), *state.get("Branches", ())):
            if inner:
                yield from machines(inner["States"], inner["StartAt"])


def follows(state: Mapping[str, Any]) -> set[str]:
    rules = (state, *state.get("Choices", ()), *state.get("Catch", ()))
    return {name for each in rules for name in (each.get("Next"), each.get("Default")) if name}


def test_every_state_of_every_machine_is_reached_and_leads_to_an_end(system: System) -> None:
    for place, machine in some(system, "AWS::StepFunctions::StateMachine"):
        definition = json.loads(machine["DefinitionString"]["Fn::Sub"][0])
        for start, states in machines(definition["States"], definition["StartAt"]):
            reached, todo = set(), {start}
            while todo:
                reached |= todo
                todo = set().union(*(follows(states[name]) for name in todo)) - reached
            assert reached == states.keys(), place
            for name, state in states.items():
                ends = state.get("End") or state["Type"] in {"Succeed", "Fail"}
                assert ends or follows(state), (place, name)


def test_what_is_triggered_and_fails_to_start_is_kept(system: System) -> None:
    for place, rule in each(system, "AWS::Events::Rule"):
        for target in rule["Targets"]:
            assert target["DeadLetterConfig"]["Arn"], place


TELLS_NO_ACCOUNT = {"apigateway.amazonaws.com", "ec2.amazonaws.com"}
"""What takes on a role without saying for whom: API Gateway to log, machines that they are."""


def test_roles_are_taken_on_by_one_service_for_this_account_alone(system: System) -> None:
    for place, role in some(system, "AWS::IAM::Role"):
        for one in role["AssumeRolePolicyDocument"]["Statement"]:
            if one["Principal"].get("Service") in TELLS_NO_ACCOUNT:
                continue
            if "Service" in one["Principal"]:
                assert isinstance(one["Principal"]["Service"], str), place
                assert one["Condition"]["StringEquals"]["aws:SourceAccount"], place
            else:
                assert place.startswith("delivery/"), place


def test_every_type_can_be_made_and_deleted_by_the_roles_for_it(system: System) -> None:
    for stack, made in system[1].items():
        for found in made["Resources"].values():
            assert permissions.actions([found["Type"]], permissions.MAKE), (stack, found["Type"])


def test_nothing_is_deployed_that_is_closed_to_new_customers(system: System) -> None:
    closed = ("MonitoringSchedule", "JobDefinition", "CodeCommit", "AuditManager", "DeviceFleet")
    kinds = {found["Type"] for made in system[1].values() for found in made["Resources"].values()}
    batch = {"AWS::Batch::JobDefinition"}
    assert not {kind for kind in kinds - batch if any(word in kind for word in closed)}


def test_names_of_the_system_s_stacks_fit_what_iam_takes(system: System) -> None:
    """Roles are named after their stacks, and cut off at 64 characters."""
    longest = max(len(names.stack_name(system[0], stack)) for stack in system[1])
    assert longest < 64 - len("-") - 12


Check = Callable[[System], None]


@pytest.mark.parametrize(
    ("check", "breaks"),
    [
        (
            test_no_wildcard_action_is_allowed_on_a_wildcard_resource,
            {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": ["*"]},
        ),
        (
            test_nobody_may_do_everything_with_a_service,
            {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn"]},
        ),
        (
            test_no_role_of_the_system_can_approve_a_version,
            {"Effect": "Allow", "Action": "sagemaker:UpdateModelPackage", "Resource": ["arn"]},
        ),
        (
            test_roles_are_passed_to_a_named_service_and_are_the_system_s_own,
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": ["*"]},
        ),
    ],
)
def test_a_role_that_may_too_much_is_found(check: Check, breaks: Properties) -> None:
    manifest, made = compiled({"profile": "zero"})
    policy = {"PolicyName": "x", "PolicyDocument": {"Statement": [breaks]}}
    bad = {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy]}}
    broken = {**made, "x": {"Resources": {"Bad": bad}}}
    with pytest.raises(AssertionError):
        check((manifest, broken))
