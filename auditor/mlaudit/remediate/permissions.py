"""The least that a plan must be allowed to do, and to take back: policies of IAM for one plan.

They are apart from the read-only policy of scanning. A setting is allowed on its own resource. What
CloudFormation does for a stack is allowed to a role of its own, or, without one, only through
CloudFormation. Sources: the service authorization reference; the user guides of IAM (quotas, policy
variables, ``aws:CalledVia``) and of Application Auto Scaling (service-linked roles).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from mlaudit.collect.operation import Operation
from mlaudit.remediate.change import Document, Pinned
from mlaudit.remediate.hands import Declared, Settings, setting_of
from mlaudit.remediate.locks import LOCKING, PARAMETER
from mlaudit.remediate.managers import LOOKING
from mlaudit.remediate.plan import Plan, StackChange
from mlaudit.remediate.policy_documents import Statement, allow, documents_of, literal
from mlaudit.remediate.settings.arns import arn_of, partition_of
from mlaudit.remediate.stacks.operations import DEPLOYING, GET_OBJECT, PUT_OBJECT, UNDOING
from mlaudit.remediate.stacks.template import read_template
from mlaudit.remediate.stacks.uploads import template_key

_READ_ANYWHERE = {
    each.iam_action
    for each in UNDOING.reads
    if each.service != "cloudformation" and each != GET_OBJECT
} | {
    "cloudformation:DescribeStackDriftDetectionStatus",
    "cloudformation:ListExports",
    "cloudformation:ListImports",
}
"""What is read of stacks and knows no resource, or looks at what they hold."""

_PASS = "iam:PassRole"
_LINKED = "iam:CreateServiceLinkedRole"
_VIA = "cloudformation.amazonaws.com"
_SCALER = "sagemaker.application-autoscaling.amazonaws.com"
_SCALING_ROLE = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"

ActionsOf = Callable[[Iterable[str]], Iterable[str]]
"""What CloudFormation calls to make, read, change and delete resources of some types."""


@dataclass(frozen=True)
class Grant:
    """How a plan is to be applied.

    Attributes:
        settings: Every kind of setting.
        actions_of: What CloudFormation calls for types of resources.
        cloudformation_role: The ARN of the role that CloudFormation takes on; ``None`` lets it act
            with the rights of whoever applies the plan.
        delete_data: Whether undoing may delete what holds data.
    """

    settings: Settings
    actions_of: ActionsOf
    cloudformation_role: str | None = None
    delete_data: bool = False


@dataclass(frozen=True, slots=True)
class Policies:
    """What to allow.

    Attributes:
        documents: Policy documents, each short enough for a managed policy.
        coarse: Where they allow more than the plan needs, in words.
    """

    documents: tuple[Document, ...]
    coarse: tuple[str, ...]


def policies_of(plan: Plan, grant: Grant) -> Policies:
    """What applying a plan, and undoing it, must be allowed.

    Raises:
        MlauditError: A change is of a kind that this version does not know, or a template cannot be
            read.
    """
    pinned = [each for step in plan.ready for each in step.pinned]
    stacks = [step.stack for step in plan.ready if step.stack]
    statements = [
        *_reads(pinned, grant, stacks=bool(stacks)),
        *_lock(plan, pinned, stacks),
        *_writes(pinned, plan.account, grant),
        *(one for each in stacks for one in _of_stack(each, plan, grant)),
    ]
    if stacks and grant.delete_data:
        deletes = (each for each in UNDOING.writes if each not in DEPLOYING.writes)
        statements.append(allow((each.iam_action for each in deletes), ["*"]))
    if stacks:
        statements += _for_cloudformation(stacks, plan, grant)
    return Policies(documents_of(statements), tuple(_coarse(pinned, stacks, grant)))


def _actions(declared: Declared) -> set[str]:
    return {each.iam_action for each in declared.all}


def _reads(pinned: list[Pinned], grant: Grant, *, stacks: bool) -> Iterator[Statement]:
    """Reads are allowed everywhere: most of them list, or look for what is not there yet."""
    actions = _actions(LOOKING)
    for each in pinned:
        actions |= _own(setting_of(each.change.kind, grant.settings).reads, each, grant)
    if stacks:
        actions |= _READ_ANYWHERE
    yield allow(actions, ["*"])


def _lock(plan: Plan, pinned: list[Pinned], stacks: list[StackChange]) -> Iterator[Statement]:
    regions = {each.change.region for each in pinned} | {each.region for each in stacks}
    arns = [
        arn_of("ssm", region, plan.account, f"parameter{PARAMETER}") for region in sorted(regions)
    ]
    if arns:
        yield allow(_actions(LOCKING), arns)


def _writes(pinned: Iterable[Pinned], account: str, grant: Grant) -> Iterator[Statement]:
    for each in pinned:
        writes = setting_of(each.change.kind, grant.settings).writes
        yield allow(_own(writes, each, grant), [_arn(each, account, grant)])
        if each.change.kind in _BESIDE:
            yield from _BESIDE[each.change.kind](each, account)


def _own(operations: Iterable[Operation], pinned: Pinned, grant: Grant) -> set[str]:
    """The actions of a change; of what many services have, as tags, those of the service it is."""
    service = _arn(pinned, "", grant).split(":")[2]
    actions = {each.iam_action for each in operations}
    of_one = len({each.partition(":")[0] for each in actions}) == 1
    return {each for each in actions if of_one or each.partition(":")[0] == service}


def _arn(pinned: Pinned, account: str, grant: Grant) -> str:
    """The ARN of what is changed, in which a star in a name stands for a star."""
    change = pinned.change
    key = {name: literal(value) for name, value in change.key.items()}
    return setting_of(change.kind, grant.settings).arn(key, account, change.region)


def _beside_endpoint(pinned: Pinned, account: str) -> Iterator[Statement]:
    """Whoever gives an endpoint a configuration has to be allowed to use the configuration."""
    states = (pinned.before or {}, pinned.after or {})
    names = {each["EndpointConfigName"] for each in states if "EndpointConfigName" in each}
    actions = ("sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint")
    region = pinned.change.region
    yield allow(
        actions,
        (
            arn_of("sagemaker", region, account, f"endpoint-config/{literal(name).lower()}")
            for name in names
        ),
    )


def _beside_config(pinned: Pinned, _: str) -> Iterator[Statement]:
    """A configuration of components names the role of its instances."""
    states = (pinned.before or {}, pinned.after or {})
    roles = {each["ExecutionRoleArn"] for each in states if "ExecutionRoleArn" in each}
    if roles:
        yield allow((_PASS,), roles, _passed_to("sagemaker.amazonaws.com"))


def _beside_association(pinned: Pinned, _: str) -> Iterator[Statement]:
    """Both ends of an association are written to."""
    actions = ("sagemaker:AddAssociation", "sagemaker:DeleteAssociation")
    yield allow(actions, [pinned.change.key["DestinationArn"]])


def _beside_scaling(pinned: Pinned, account: str) -> Iterator[Statement]:
    """Application Auto Scaling looks at the endpoint, and makes alarms, as whoever asks it to."""
    region = pinned.change.region
    scaled = "/".join(pinned.change.key["ResourceId"].split("/")[:2])
    partition = partition_of(region)
    yield allow(
        ("sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpointWeightsAndCapacities"),
        [arn_of("sagemaker", region, account, literal(scaled).lower())],
    )
    yield allow(
        ("cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"),
        [arn_of("cloudwatch", region, account, "alarm:TargetTracking-*")],
    )
    yield allow(("cloudwatch:DescribeAlarms",), ["*"])
    yield allow(
        (_LINKED,),
        [f"arn:{partition}:iam::{account}:role/aws-service-role/{_SCALER}/{_SCALING_ROLE}"],
        {"StringEquals": {"iam:AWSServiceName": _SCALER}},
    )


_BESIDE: Mapping[str, Callable[[Pinned, str], Iterator[Statement]]] = {
    "application-autoscaling.policy": _beside_scaling,
    "application-autoscaling.target": _beside_scaling,
    "sagemaker.association": _beside_association,
    "sagemaker.endpoint": _beside_endpoint,
    "sagemaker.endpoint-config": _beside_config,
}
"""What AWS asks for beside the declared operations."""


def _of_stack(stack: StackChange, plan: Plan, grant: Grant) -> Iterator[Statement]:
    region = stack.region
    own = {each for each in _actions(UNDOING) if each.startswith("cloudformation:")}
    own -= _READ_ANYWHERE
    arn = arn_of("cloudformation", region, plan.account, f"stack/{literal(stack.name)}/*")
    yield allow(own, [arn])
    keys = [each.key for each in stack.uploads]
    if stack.from_export:
        keys.append(template_key(plan.files[stack.template].decode()))
    if keys:
        start = f"arn:{partition_of(region)}:s3:::*/"
        actions = (GET_OBJECT.iam_action, PUT_OBJECT.iam_action)
        yield allow(actions, (start + literal(key) for key in keys))
    if grant.cloudformation_role:
        yield allow((_PASS,), [grant.cloudformation_role], _passed_to(_VIA))


def _for_cloudformation(stacks: list[StackChange], plan: Plan, grant: Grant) -> Iterator[Statement]:
    """What CloudFormation calls with the rights of whoever applies the plan."""
    if grant.cloudformation_role:
        return
    kinds = {kind for each in stacks for kind in _types(each, plan)}
    actions = set(grant.actions_of(sorted(kinds)))
    through = {"ForAnyValue:StringEquals": {"aws:CalledVia": [_VIA]}}
    of_iam = {each for each in actions if each.startswith("iam:")}
    if actions - of_iam:
        yield allow(actions - of_iam, ["*"], through)
    if _LINKED in of_iam:
        linked = f"arn:{partition_of(stacks[0].region)}:iam::{plan.account}:role/aws-service-role/*"
        yield allow((_LINKED,), [linked], through)
    if of_iam - {_LINKED}:
        yield allow(of_iam - {_LINKED}, _own_of_iam(stacks, plan.account), through)


def _own_of_iam(stacks: Iterable[StackChange], account: str) -> Iterator[str]:
    """What IAM has of a stack: CloudFormation begins the names with that of the stack."""
    for each in stacks:
        start = f"arn:{partition_of(each.region)}:iam::{account}:"
        for kind in ("role", "policy", "instance-profile"):
            yield f"{start}{kind}/{literal(each.name)}-*"
        yield f"{start}oidc-provider/*"


def _types(stack: StackChange, plan: Plan) -> set[str]:
    found = read_template(plan.files[stack.template].decode()).resources
    return {str(each.get("Type")) for each in found.values()}


def _passed_to(service: str) -> Document:
    return {"StringEquals": {"iam:PassedToService": service}}


def _coarse(pinned: Iterable[Pinned], stacks: list[StackChange], grant: Grant) -> Iterator[str]:
    yield "Reads are allowed on everything of their services: most of them list."
    if any(each.change.kind.startswith("application-autoscaling") for each in pinned):
        yield (
            "Scaling is allowed on every scalable target of the region: their ids are made by AWS."
        )
    if not stacks:
        return
    if any(each.uploads or each.from_export for each in stacks):
        yield "Files are allowed in every bucket, by their keys: the bucket is not there yet."
    if grant.delete_data:
        yield "Deleting data is allowed on everything of its services: names are not known yet."
    if not grant.cloudformation_role:
        yield (
            "What stacks hold is limited to calls that CloudFormation makes, and not by name. Name "
            "a role for CloudFormation with --cloudformation-role to allow none of it to yourself."
        )
