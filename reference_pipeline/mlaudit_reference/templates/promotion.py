"""From approval to serving: an approved version reaches the stacks that serve, or none of them.

An approval in the model registry sets off a state machine. It makes sure that somebody else than
the author approved the version, gives it to every serving stack and to monitoring, waits, and looks
at the alarms. Where a stack cannot take it or an alarm goes off, all of them go back to the version
before. CloudFormation does the changing, by a role that may touch nothing but what a version
changes; endpoints still roll back by themselves during their update (guide items 7.1-7.3, 9.4).
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import events, permissions, shared
from mlaudit_reference.templates.language import (
    Content,
    Properties,
    Stack,
    allow,
    arn,
    att,
    resource,
    role,
)
from mlaudit_reference.templates.machines import (
    Machine,
    machine,
    machine_arn,
    publish,
    start,
)
from mlaudit_reference.templates.promoting import FIRST, states_of

MACHINE = "Promotion"
CHANGER = "ChangingRole"
RULES_ROLE = "RulesRole"

CHANGED = (
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::InferenceComponent",
    "AWS::SageMaker::Model",
    "AWS::Scheduler::Schedule",
    "AWS::StepFunctions::StateMachine",
)
"""The types of what changes with the version that serves."""


def _content(manifest: Manifest) -> Content:
    return Content(
        {
            **events.dead_letters(manifest),
            **machine(manifest, _machine(manifest)),
            **permissions.cloudformation_role(
                manifest,
                CHANGER,
                permissions.actions(CHANGED, permissions.MAKE) | {"kms:CreateGrant"},
                about="Gives the serving stacks another version",
            ),
            RULES_ROLE: role(
                "events.amazonaws.com",
                start(manifest, MACHINE),
                about="Lets an approval start promotion",
            ),
            "OnApproval": events.rule(
                "Promotes a version that was approved",
                _approval(manifest),
                events.to_machine(MACHINE, RULES_ROLE, {"package": "$.detail.ModelPackageArn"}),
            ),
            "Runbook": resource("AWS::SSM::Document", _runbook(manifest)),
        }
    )


STACK = Stack(
    name="promotion",
    about="Brings an approved version to where it serves, and back if it does not do well there.",
    wanted=lambda _: True,
    content=_content,
)


def _approval(manifest: Manifest) -> Properties:
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {
            "ModelPackageGroupName": [names.model_group(manifest)],
            "ModelApprovalStatus": ["Approved"],
        },
    }


def _machine(manifest: Manifest) -> Machine:
    return Machine(
        logical=MACHINE,
        name=names.promotion_machine(manifest),
        about="Gives the serving stacks an approved version, or all of them the one before.",
        start=FIRST,
        states=states_of(manifest),
        may=_may(manifest),
        values={
            "Alerts": shared.alerts(manifest),
            "Changer": att(CHANGER),
            "Self": machine_arn(names.promotion_machine(manifest)),
        },
    )


def _may(manifest: Manifest) -> list[Properties]:
    group = names.model_group(manifest)
    versions = [arn("sagemaker", f"model-package/{group}/*")]
    stacks = [
        arn("cloudformation", f"stack/{names.stack_name(manifest, part)}/*")
        for part in ("monitoring", "serving-*")
    ]
    return [
        allow(("sagemaker:DescribeModelPackage", "sagemaker:UpdateModelPackage"), versions),
        _approves_nothing(),
        allow(("cloudformation:DescribeStacks", "cloudformation:UpdateStack"), stacks),
        allow(
            ("iam:PassRole",),
            [att(CHANGER)],
            {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
        ),
        allow(("cloudwatch:DescribeAlarms",), [arn("cloudwatch", "alarm:*")]),
        allow(("states:ListExecutions",), [machine_arn(names.promotion_machine(manifest))]),
        *publish(manifest),
    ]


def _approves_nothing() -> Properties:
    """It may note how far a version got, and not what anybody thinks of it."""
    return {
        "Effect": "Deny",
        "Action": "sagemaker:UpdateModelPackage",
        "Resource": "*",
        "Condition": {"Null": {"sagemaker:ModelApprovalStatus": "false"}},
    }


def _runbook(manifest: Manifest) -> Properties:
    """How a person promotes a version, or goes back to an earlier one: the same machine again."""
    version = {"ModelPackageName": "{{ ModelPackageArn }}"}
    execution = {"executionArn": "{{ Promote.Execution }}"}
    document = {
        "schemaVersion": "0.3",
        "description": (
            f"Brings a version of {manifest.name} to where it serves. To go back, give the last "
            "version that did well: it must still be approved, or be approved again by somebody "
            "else than its author. The alarms of the serving stacks decide whether it stays; "
            "progress and reasons are in the log of the state machine."
        ),
        "assumeRole": "{{ AutomationAssumeRole }}",
        "parameters": {
            "AutomationAssumeRole": {
                "type": "AWS::IAM::Role::Arn",
                "description": "The role of the person, who may start the state machine.",
            },
            "ModelPackageArn": {"type": "String", "description": "The version to serve."},
        },
        "mainSteps": [
            {
                "name": "IsApproved",
                "action": "aws:assertAwsResourceProperty",
                "inputs": {
                    "Service": "sagemaker",
                    "Api": "DescribeModelPackage",
                    **version,
                    "PropertySelector": "$.ModelApprovalStatus",
                    "DesiredValues": ["Approved"],
                },
            },
            {
                "name": "Promote",
                "action": "aws:executeAwsApi",
                "inputs": {
                    "Service": "stepfunctions",
                    "Api": "StartExecution",
                    "stateMachineArn": machine_arn(names.promotion_machine(manifest)),
                    "input": '{"package": "{{ ModelPackageArn }}"}',
                },
                "outputs": [{"Name": "Execution", "Selector": "$.executionArn", "Type": "String"}],
            },
            {
                "name": "Serves",
                "action": "aws:waitForAwsResourceProperty",
                "timeoutSeconds": 14400,
                "inputs": {
                    "Service": "stepfunctions",
                    "Api": "DescribeExecution",
                    **execution,
                    "PropertySelector": "$.status",
                    "DesiredValues": ["SUCCEEDED"],
                },
            },
        ],
    }
    return {"DocumentType": "Automation", "DocumentFormat": "JSON", "Content": document}
