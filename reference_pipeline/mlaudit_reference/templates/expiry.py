"""The end of a system that is there for a while: its stacks delete themselves (budget.ttl_days).

A schedule fires once and starts a state machine that deletes the stacks, the last deployed one
first. It empties what cannot be deleted full: the model group, and the buckets unless
``data.retain`` keeps them. CloudFormation does the deleting by a role that may do nothing else.
This stack imports nothing, or the foundation could not go; it stays, costs nothing at rest, and is
the last to be deleted by hand.
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import events, permissions
from mlaudit_reference.templates.language import (
    Content,
    Properties,
    Stack,
    allow,
    arn,
    att,
    ref,
    role,
    sub,
)
from mlaudit_reference.templates.machines import (
    Machine,
    State,
    States,
    call,
    choose,
    fail,
    machine,
)

MACHINE = "Expiry"
DELETER = "DeletingRole"
SCHEDULE_ROLE = "ScheduleRole"
EXPIRES_AT = "ExpiresAt"
AT_ONCE = 200
"""Objects that are deleted by one call: more of their names may not fit what a state hands on."""

KINDS = (
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::Scheduler::Schedule",
    "AWS::StepFunctions::StateMachine",
)
"""The types of what this stack holds."""

GONE = "CloudFormation.CloudFormationException"


def _content(manifest: Manifest) -> Content:
    target = {"Arn": ref(MACHINE), "RoleArn": att(SCHEDULE_ROLE)}
    may_start = [allow(("states:StartExecution",), [att(MACHINE)])]
    resources = {
        **machine(manifest, _machine(manifest), keyed=False),
        **permissions.cloudformation_role(
            manifest,
            DELETER,
            permissions.actions(_kinds(manifest), permissions.DELETE),
            about="Deletes the stacks of the system",
        ),
        SCHEDULE_ROLE: role("scheduler.amazonaws.com", may_start, about="Lets the time run out"),
        "Expires": events.schedule(
            manifest,
            "Deletes the stacks once",
            sub(f"at(${{{EXPIRES_AT}}})"),
            target,
            once=True,
        ),
    }
    return Content(resources, parameters={EXPIRES_AT: _EXPIRES_AT})


STACK = Stack(
    name="expiry",
    about="Deletes all other stacks when the time of the system has run out.",
    wanted=lambda manifest: manifest.budget.ttl_days is not None,
    content=_content,
    needs=(),
)

_EXPIRES_AT: Properties = {
    "Type": "String",
    "Description": "When the stacks are deleted, in UTC, as 2027-01-31T12:00:00: "
    "budget.ttl_days after the deployment.",
    "AllowedPattern": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}",
}


def _others(manifest: Manifest) -> tuple[Stack, ...]:
    """All other stacks, the last deployed one first."""
    # What lists all stacks names this module, and so cannot be imported before it is whole.
    from mlaudit_reference.templates.stacks import stacks_of  # noqa: PLC0415

    return tuple(each for each in reversed(stacks_of(manifest)) if each.name != STACK.name)


def _kinds(manifest: Manifest) -> frozenset[str]:
    """The types of everything in the other stacks."""
    return frozenset(
        made["Type"]
        for stack in _others(manifest)
        for made in stack.content(manifest).resources.values()
    )


def _machine(manifest: Manifest) -> Machine:
    stacks = [names.stack_name(manifest, stack.name) for stack in _others(manifest)]
    states: States = {
        "Stacks": {
            "Type": "Map",
            "MaxConcurrency": 1,
            "Items": stacks,
            "ItemProcessor": {"StartAt": "Look", "States": _of_one(manifest)},
            "End": True,
        }
    }
    return Machine(
        logical=MACHINE,
        name=f"{manifest.name}-expiry",
        about="Deletes the stacks of the system, the last deployed one first.",
        start="Stacks",
        states=states,
        may=_may(manifest),
        values={"Deleter": att(DELETER)},
    )


def _of_one(manifest: Manifest) -> States:
    """The states that delete one stack, whose name is their input."""
    by_name = {"StackName": "{% $states.input %}"}
    states: States = {
        "Look": call(
            "aws-sdk:cloudformation:describeStacks",
            by_name,
            Assign={
                "stack": "{% $states.result.Stacks[0].StackId %}",
                "name": "{% $states.input %}",
            },
            Catch=[{"ErrorEquals": [GONE], "Assign": _CAUSE, "Next": "Was it there"}],
            Next="Buckets" if not manifest.data.retain else "Versions",
        ),
        "Was it there": choose(("$contains($cause, 'does not exist')", "Gone"), otherwise="Failed"),
        **_empty_group(manifest),
        "Delete": call(
            "aws-sdk:cloudformation:deleteStack",
            {"StackName": "{% $stack %}", "RoleARN": "${Deleter}"},
            Next="Wait",
        ),
        "Wait": {"Type": "Wait", "Seconds": 30, "Next": "See"},
        "See": call(
            "aws-sdk:cloudformation:describeStacks",
            {"StackName": "{% $stack %}"},
            Assign={
                "status": "{% $states.result.Stacks[0].StackStatus %}",
                "cause": "{% $name & ' could not be deleted' %}",
            },
            Next="Is it gone",
        ),
        "Is it gone": choose(
            ("$status = 'DELETE_COMPLETE'", "Gone"),
            ("$status = 'DELETE_IN_PROGRESS'", "Wait"),
            otherwise="Failed",
        ),
        "Gone": {"Type": "Succeed"},
        "Failed": fail("NotDeleted"),
    }
    return states | ({} if manifest.data.retain else _empty_buckets())


_CAUSE = {"cause": "{% $states.errorOutput.Cause %}"}


def _empty_buckets() -> States:
    """Delete every version of every object in the buckets of a stack, a page at a time."""
    listed = "($states.result.Versions.{'Key': Key, 'VersionId': VersionId})"
    marked = "($states.result.DeleteMarkers.{'Key': Key, 'VersionId': VersionId})"
    one: States = {
        "List": call(
            "aws-sdk:s3:listObjectVersions",
            {"Bucket": "{% $bucket %}", "MaxKeys": AT_ONCE},
            Assign={"objects": f"{{% $append([{listed}], [{marked}]) %}}"},
            Next="Is it empty",
        ),
        "Is it empty": choose(("$count($objects) = 0", "Empty"), otherwise="Delete objects"),
        "Delete objects": call(
            "aws-sdk:s3:deleteObjects",
            {"Bucket": "{% $bucket %}", "Delete": {"Objects": "{% $objects %}", "Quiet": True}},
            Next="List",
        ),
        "Empty": {"Type": "Succeed"},
    }
    first: State = {
        "Type": "Pass",
        "Assign": {"bucket": "{% $states.input.PhysicalResourceId %}"},
        "Next": "List",
    }
    found = "[$states.result.StackResources[ResourceType = 'AWS::S3::Bucket']]"
    return {
        "Buckets": call(
            "aws-sdk:cloudformation:describeStackResources",
            {"StackName": "{% $stack %}"},
            Output=f"{{% {found} %}}",
            Next="Empty buckets",
        ),
        "Empty buckets": {
            "Type": "Map",
            "MaxConcurrency": 1,
            "Items": "{% $states.input %}",
            "ItemProcessor": {"StartAt": "Bucket", "States": {"Bucket": first, **one}},
            "Next": "Versions",
        },
    }


def _empty_group(manifest: Manifest) -> States:
    """Delete the versions in the model group: it cannot go while there is one."""
    versions = "[$states.result.ModelPackageSummaryList.ModelPackageArn]"
    training = names.stack_name(manifest, "training")
    one = call(
        "aws-sdk:sagemaker:deleteModelPackage",
        {"ModelPackageName": "{% $states.input %}"},
        End=True,
    )
    return {
        "Versions": choose((f"$name = '{training}'", "List versions"), otherwise="Delete"),
        "List versions": call(
            "aws-sdk:sagemaker:listModelPackages",
            {"ModelPackageGroupName": names.model_group(manifest), "MaxResults": 100},
            Output=f"{{% {versions} %}}",
            Next="Are there versions",
        ),
        "Are there versions": choose(
            ("$count($states.input) = 0", "Delete"), otherwise="Delete versions"
        ),
        "Delete versions": {
            "Type": "Map",
            "MaxConcurrency": 1,
            "Items": "{% $states.input %}",
            "ItemProcessor": {"StartAt": "Delete version", "States": {"Delete version": one}},
            "Next": "List versions",
        },
    }


def _may(manifest: Manifest) -> list[Properties]:
    """What the machine does itself; the deleting is CloudFormation's."""
    stacks = [
        arn("cloudformation", f"stack/{names.stack_name(manifest, stack.name)}/*")
        for stack in _others(manifest)
    ]
    watch = ("cloudformation:DescribeStackResources", "cloudformation:DescribeStacks")
    group = names.model_group(manifest)
    found = [
        allow((*watch, "cloudformation:DeleteStack"), stacks),
        allow(
            ("iam:PassRole",),
            [att(DELETER)],
            {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
        ),
        allow(
            ("sagemaker:DeleteModelPackage", "sagemaker:ListModelPackages"),
            [
                arn("sagemaker", f"model-package/{group}/*"),
                arn("sagemaker", f"model-package-group/{group}"),
            ],
        ),
    ]
    if not manifest.data.retain:
        buckets = f"arn:${{AWS::Partition}}:s3:::{names.stack_name(manifest, 'foundation')}-*"
        found += [
            allow(("s3:ListBucketVersions",), [sub(buckets)]),
            allow(("s3:DeleteObject", "s3:DeleteObjectVersion"), [sub(f"{buckets}/*")]),
        ]
    return found
