"""The steps of promotion: who approved, what changes, and the way back."""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.machines import (
    RETRY,
    State,
    States,
    call,
    caught,
    choose,
    fail,
    tell,
)

FIRST = "Look for others"
STAGE = "Production"
UPDATED = ("UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")

BLAMED = "Faults|Failures|Latency|Refusals"
"""The alarms of the serving stacks that a new version is to blame for, by parts of their names."""

_VALUES = """{% (
  $p := $states.result;
  $quality := $p.DriftCheckBaselines.ModelDataQuality.Statistics.S3Uri;
  $moved := $p.DriftCheckBaselines.Explainability.Constraints.S3Uri;
  {
    'ModelPackageArn': $p.ModelPackageArn,
    'BaselineUri': $substringBefore($quality, '/statistics.json'),
    'ExplainabilityUri': $substringBefore($moved, '/analysis.json'),
    'ModelUri': $p.InferenceSpecification.Containers[0].ModelDataUrl
  }
) %}"""
"""What the parameters of stacks become with a version, as far as the version tells."""

_BY_ANOTHER = (
    "$p.ModelApprovalStatus = 'Approved' and $exists($p.CreatedBy.IamIdentity.PrincipalId)"
    " and $exists($p.LastModifiedBy.IamIdentity.PrincipalId)"
    " and $p.CreatedBy.IamIdentity.PrincipalId != $p.LastModifiedBy.IamIdentity.PrincipalId"
)

_PLAN = """{% (
  $all := $states.result.Stacks[0].Parameters;
  {
    'name': $name,
    'differs': $count($all[$exists($lookup($values, ParameterKey))
      and $lookup($values, ParameterKey) != ParameterValue]) > 0,
    'new': [$all.{'ParameterKey': ParameterKey, 'ParameterValue': $lookup($values, ParameterKey),
      'UsePreviousValue': $exists($lookup($values, ParameterKey)) ? () : true}],
    'old': [$all.{'ParameterKey': ParameterKey,
      'ParameterValue': $exists($lookup($values, ParameterKey)) ? ParameterValue : (),
      'UsePreviousValue': $exists($lookup($values, ParameterKey)) ? () : true}]
  }
) %}"""
"""What a stack is told to have the new version, and what to have the old one again."""


def states_of(manifest: Manifest) -> States:
    """All states; the input is ``{"package": ARN}``."""
    return {
        FIRST: call(
            "aws-sdk:sfn:listExecutions",
            {"StateMachineArn": "${Self}", "StatusFilter": "RUNNING"},
            Assign={
                "package": "{% $states.input.package %}",
                "others": "{% $count($states.result.Executions[$toMillis(StartDate) "
                "< $toMillis($states.context.Execution.StartTime)]) %}",
            },
            Output="{% $states.input %}",
            Retry=RETRY,
            Next="Is it alone",
        ),
        "Is it alone": choose(("$others > 0", "Let others end"), otherwise="Describe"),
        "Let others end": {
            "Type": "Wait",
            "Seconds": 60,
            "Output": "{% $states.input %}",
            "Next": FIRST,
        },
        "Describe": _describe(),
        "Look at stacks": _look_at_stacks(manifest),
        "Does any differ": choose(("$count($plans) = 0", "Done"), otherwise="Who approved"),
        "Who approved": choose(("$by_another", "Change"), otherwise="Refuse"),
        **_change(manifest),
        **_ends(manifest),
    }


def _describe() -> State:
    approver = "$states.result.LastModifiedBy.IamIdentity.Arn"
    return call(
        "aws-sdk:sagemaker:describeModelPackage",
        {"ModelPackageName": "{% $package %}"},
        Assign={
            "values": _VALUES,
            "by_another": f"{{% ($p := $states.result; {_BY_ANOTHER}) %}}",
            "approver": f"{{% $exists({approver}) ? {approver} : 'nobody known' %}}",
        },
        Retry=RETRY,
        Catch=caught("Tell"),
        Next="Look at stacks",
    )


def stacks(manifest: Manifest) -> list[str]:
    """The stacks that know what serves, whether they are deployed or not."""
    modes = sorted(f"serving-{mode}" for mode in manifest.targets)
    return [names.stack_name(manifest, part) for part in (*modes, "monitoring")]


def _look_at_stacks(manifest: Manifest) -> State:
    """Plan what changes in each stack that is there."""
    not_there = [
        {
            "ErrorEquals": ["CloudFormation.CloudFormationException"],
            "Assign": {"cause": "{% $states.errorOutput.Cause %}"},
            "Next": "Was it there",
        }
    ]
    states: States = {
        "Name": {
            "Type": "Pass",
            "Assign": {"name": "{% $states.input %}"},
            "Next": "Look",
        },
        "Look": call(
            "aws-sdk:cloudformation:describeStacks",
            {"StackName": "{% $name %}"},
            Output=_PLAN,
            Catch=not_there,
            End=True,
        ),
        "Was it there": choose(
            ("$contains($cause, 'does not exist')", "Leave"), otherwise="Not seen"
        ),
        "Leave": {"Type": "Succeed", "Output": {"differs": False}},
        "Not seen": fail("StackNotSeen"),
    }
    return {
        "Type": "Map",
        "MaxConcurrency": 1,
        "Items": stacks(manifest),
        "ItemProcessor": {"StartAt": "Name", "States": states},
        "Assign": {
            "plans": "{% [$states.result[differs]] %}",
            "began": "{% $millis() %}",
        },
        "Catch": caught("Tell"),
        "Next": "Does any differ",
    }


def _change(manifest: Manifest) -> States:
    done = "[$states.result[done].name]"
    alarmed = (
        f"[$states.result.MetricAlarms[$contains(AlarmName, /{BLAMED}/)"
        " and $toMillis(StateUpdatedTimestamp) > $began].AlarmName]"
    )
    return {
        "Change": {
            **_each_stack("new"),
            "Assign": {
                "changed": f"{{% {done} %}}",
                "failed": "{% [$states.result[$not(done)].name] %}",
                "cause": "{% 'these stacks did not take it: ' "
                "& $join([$states.result[$not(done)].name], ', ') %}",
            },
            "Catch": caught("Go back"),
            "Next": "Did all take it",
        },
        "Did all take it": choose(("$count($failed) = 0", "Bake"), otherwise="Go back"),
        "Bake": {
            "Type": "Wait",
            "Seconds": manifest.approvals.bake_minutes * 60,
            "Next": "Look at alarms",
        },
        "Look at alarms": call(
            "aws-sdk:cloudwatch:describeAlarms",
            {
                "AlarmNamePrefix": names.stack_name(manifest, "serving-"),
                "AlarmTypes": ["MetricAlarm"],
                "StateValue": "ALARM",
                "MaxRecords": 100,
            },
            Assign={
                "alarms": f"{{% {alarmed} %}}",
                "cause": f"{{% 'alarms went off: ' & $join({alarmed}, ', ') %}}",
            },
            Retry=RETRY,
            Catch=caught("Go back"),
            Next="Is it well",
        ),
        "Is it well": choose(("$count($alarms) = 0", "Note promoted"), otherwise="Go back"),
        "Go back": {**_each_stack("old"), "Catch": caught("Note taken back"),
                    "Next": "Note taken back"},
    }  # fmt: skip


def _each_stack(parameters: str) -> State:
    """Give stacks their new parameters, or the old ones, one after the other."""
    see = call(
        "aws-sdk:cloudformation:describeStacks",
        {"StackName": "{% $plan.name %}"},
        Assign={"status": "{% $states.result.Stacks[0].StackStatus %}"},
        Retry=RETRY,
        Next="Is it done",
    )
    unchanged = "$contains($problem, 'No updates are to be performed')"
    states: States = {
        "Plan": {
            "Type": "Pass",
            "Assign": {"plan": "{% $states.input %}"},
            "Next": "Update",
        },
        "Update": call(
            "aws-sdk:cloudformation:updateStack",
            {
                "StackName": "{% $plan.name %}",
                "UsePreviousTemplate": True,
                "Parameters": f"{{% $plan.{parameters} %}}",
                "Capabilities": ["CAPABILITY_IAM"],
                "RoleARN": "${Changer}",
            },
            Catch=[
                {
                    "ErrorEquals": ["States.ALL"],
                    "Assign": {"problem": "{% $states.errorOutput.Cause %}"},
                    "Next": "Is it as it was",
                }
            ],
            Next="Wait",
        ),
        "Is it as it was": choose((unchanged, "Taken"), otherwise="Not taken"),
        "Wait": {"Type": "Wait", "Seconds": 30, "Next": "See"},
        "See": see,
        "Is it done": choose(
            (f"$status in {list(UPDATED)}", "Taken"),
            ("$status = 'UPDATE_IN_PROGRESS' or $contains($status, /ROLLBACK_(IN|.*CLEANUP)/)",
             "Wait"),
            otherwise="Not taken",
        ),
        "Taken": {"Type": "Succeed", "Output": {"name": "{% $plan.name %}", "done": True}},
        "Not taken": {"Type": "Succeed", "Output": {"name": "{% $plan.name %}", "done": False}},
    }  # fmt: skip
    return {
        "Type": "Map",
        "MaxConcurrency": 1,
        "Items": "{% $plans %}",
        "ItemProcessor": {"StartAt": "Plan", "States": states},
    }


def _ends(manifest: Manifest) -> States:
    """What is noted with the version, and told."""
    return {
        "Note promoted": _note("Promoted", "{% 'Approved by ' & $approver %}", "Done"),
        "Done": {"Type": "Succeed"},
        "Note taken back": _note("RolledBack", "{% $cause %}", "Tell"),
        "Refuse": {
            "Type": "Pass",
            "Assign": {
                "cause": "{% 'approved by ' & $approver & ', who is its author or not known' %}"
            },
            "Next": "Tell",
        },
        "Tell": tell(
            f"{manifest.name}: a version was not promoted",
            "{% $package & ': ' & $cause %}",
            "Not promoted",
        ),
        "Not promoted": fail("NotPromoted"),
    }


def _note(status: str, why: str, then: str) -> State:
    """Note in the registry how far a version got; that this fails must not undo anything."""
    cycle = {"Stage": STAGE, "StageStatus": status, "StageDescription": why}
    return call(
        "aws-sdk:sagemaker:updateModelPackage",
        {"ModelPackageArn": "{% $package %}", "ModelLifeCycle": cycle},
        Retry=RETRY,
        Catch=[{"ErrorEquals": ["States.ALL"], "Next": then}],
        Next=then,
    )
