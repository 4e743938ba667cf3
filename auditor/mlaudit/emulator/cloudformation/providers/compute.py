"""Functions, state machines, batch computing and what scales."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.rows import NAME, Facet, Reading, Row, Tagging
from mlaudit.emulator.errors import Refusal

_EPOCH = (1980, 1, 1, 0, 0, 0)


def _packed(code: Record, runtime: str) -> Record:
    """Return the code of a function with text as the archive that the service takes."""
    text = code.get("ZipFile")
    if text is None:
        return code
    buffer = io.BytesIO()
    name = "index.js" if runtime.startswith("nodejs") else "index.py"
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, _EPOCH), text)
    return {**code, "ZipFile": buffer.getvalue()}


def _function(_: Account, properties: Record) -> Record:
    code = _packed(properties["Code"], properties.get("Runtime", ""))
    return {**properties, "Code": code}


def _changed_function(_: Account, properties: Record) -> Record:
    return {name: value for name, value in properties.items() if name != "Code"}


def _new_code(item: Any, known: Record) -> Record:
    return _packed(item, known.get("Runtime", ""))


def _permission(_: Account, properties: Record) -> Record:
    return {**properties, "StatementId": properties[NAME]}


def _alias(_: Account, properties: Record) -> Record:
    routing = properties.get("RoutingConfig")
    if not routing:
        return properties
    weights = {
        each["FunctionVersion"]: each["FunctionWeight"]
        for each in routing.get("AdditionalVersionWeights", [])
    }
    return {**properties, "RoutingConfig": {"AdditionalVersionWeights": weights}}


def _machine(account: Account, properties: Record) -> Record:
    """Return a state machine with its definition as text, whatever it was given as."""
    shaped = dict(properties)
    location = shaped.pop("DefinitionS3Location", None)
    definition = shaped.pop("Definition", None)
    text = shaped.pop("DefinitionString", None)
    if location is not None:
        place = {key: location[key] for key in ("Bucket", "Key")}
        text = account.ask("s3", "GetObject", place)["Body"].read().decode()
    if definition is not None:
        text = json.dumps(definition)
    for name, value in shaped.pop("DefinitionSubstitutions", {}).items():
        text = text.replace("${" + name + "}", str(value))
    if text is None:
        raise Refusal("InvalidRequest", "A state machine needs a definition.")
    shaped["definition"] = text
    return shaped


def _policy(_: Account, properties: Record) -> Record:
    shaped = dict(properties)
    target = shaped.pop("ScalingTargetId", None)
    if target is not None:
        parts = target.split("|")
        shaped |= dict(
            zip(("ResourceId", "ScalableDimension", "ServiceNamespace"), parts, strict=True)
        )
    return shaped


def _disabled_queue(account: Account, known: Record) -> None:
    """Disable a job queue, as has to be done before it can be deleted."""
    account.ask("batch", "UpdateJobQueue", {"jobQueue": known["jobQueueArn"], "state": "DISABLED"})


def _disabled_environment(account: Account, known: Record) -> None:
    """Disable a compute environment, as has to be done before it can be deleted."""
    params = {"computeEnvironment": known["computeEnvironmentArn"], "state": "DISABLED"}
    account.ask("batch", "UpdateComputeEnvironment", params)


_CONCURRENCY = Facet(
    ("ProvisionedConcurrencyConfig",),
    "PutProvisionedConcurrencyConfig",
    "DeleteProvisionedConcurrencyConfig",
    lambda item, known: {"Qualifier": known.get("Version") or known["Name"], **item},
    keep=True,
)

ROWS: Mapping[str, Row] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": Row(
        service="application-autoscaling",
        overwrites=True,
        create="RegisterScalableTarget",
        update="RegisterScalableTarget",
        delete="DeregisterScalableTarget",
        reading=Reading(
            "DescribeScalableTargets",
            {
                "ServiceNamespace": "ServiceNamespace",
                "ResourceIds": "[ResourceId]",
                "ScalableDimension": "ScalableDimension",
            },
            "ScalableTargets[0]",
        ),
        facets=(
            Facet(
                ("ScheduledActions",),
                "PutScheduledAction",
                "DeleteScheduledAction",
                lambda item, _: item,
                each=True,
            ),
        ),
        attributes={"Id": "join('|', [ResourceId, ScalableDimension, ServiceNamespace])"},
        whole=True,
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Row(
        service="application-autoscaling",
        create="PutScalingPolicy",
        update="PutScalingPolicy",
        reshape=_policy,
        ref=("PolicyARN",),
        attributes={"Arn": "PolicyARN"},
        reading=Reading(
            "DescribeScalingPolicies",
            {
                "ServiceNamespace": "ServiceNamespace",
                "ResourceId": "ResourceId",
                "PolicyNames": "[PolicyName]",
            },
            "ScalingPolicies[0]",
        ),
        whole=True,
    ),
    "AWS::Batch::ComputeEnvironment": Row(
        service="batch",
        reading=Reading(
            "DescribeComputeEnvironments",
            {"computeEnvironments": "[computeEnvironmentArn]"},
            "computeEnvironments[0]",
        ),
        attributes={"computeEnvironment": "computeEnvironmentArn"},
        ignored=("ReplaceComputeEnvironment",),
        clear=_disabled_environment,
        tagging=Tagging("TagResource", "UntagResource", {"resourceArn": "computeEnvironmentArn"}),
    ),
    "AWS::Batch::JobDefinition": Row(
        service="batch",
        create="RegisterJobDefinition",
        update="",
        delete="DeregisterJobDefinition",
        shared=True,
        replaced=True,
        ref=("jobDefinitionArn",),
        attributes={"jobDefinition": "jobDefinitionArn"},
        reading=Reading(
            "DescribeJobDefinitions", {"jobDefinitions": "[jobDefinitionArn]"}, "jobDefinitions[0]"
        ),
    ),
    "AWS::Batch::JobQueue": Row(
        service="batch",
        reading=Reading("DescribeJobQueues", {"jobQueues": "[jobQueueArn]"}, "jobQueues[0]"),
        attributes={"jobQueue": "jobQueueArn"},
        clear=_disabled_queue,
        tagging=Tagging("TagResource", "UntagResource", {"resourceArn": "jobQueueArn"}),
    ),
    "AWS::Lambda::Alias": Row(service="lambda", reshape=_alias, facets=(_CONCURRENCY,)),
    "AWS::Lambda::EventInvokeConfig": Row(
        service="lambda",
        create="PutFunctionEventInvokeConfig",
        update="PutFunctionEventInvokeConfig",
        delete="DeleteFunctionEventInvokeConfig",
        reading=Reading("GetFunctionEventInvokeConfig"),
        keys=("Qualifier",),
        overwrites=True,
        whole=True,
    ),
    "AWS::Lambda::EventSourceMapping": Row(
        service="lambda",
        ref=("UUID",),
        attributes={"Id": "UUID"},
        ignored=("Tags",),  # the emulated service keeps none
    ),
    "AWS::Lambda::Function": Row(
        service="lambda",
        update="UpdateFunctionConfiguration",
        reading=Reading("GetFunction", {"FunctionName": "FunctionName"}, "Configuration"),
        reshape=_function,
        change=_changed_function,
        ref=("FunctionName",),
        attributes={"Arn": "FunctionArn"},
        facets=(
            Facet(("Code",), "UpdateFunctionCode", given=_new_code, later=True, keep=True),
            Facet(
                ("ReservedConcurrentExecutions",),
                "PutFunctionConcurrency",
                "DeleteFunctionConcurrency",
                keep=True,
            ),
        ),
        tagging=Tagging("TagResource", "UntagResource", {"Resource": "FunctionArn"}),
    ),
    "AWS::Lambda::LayerVersion": Row(
        service="lambda",
        create="PublishLayerVersion",
        name="LayerName",
        update="",
        attributes={"VersionNumber": "Version"},
    ),
    "AWS::Lambda::Permission": Row(
        service="lambda",
        create="AddPermission",
        update="",
        delete="RemovePermission",
        reshape=_permission,
        ref=("StatementId",),
        attributes={"Id": "StatementId"},
    ),
    "AWS::Lambda::Version": Row(
        service="lambda",
        create="PublishVersion",
        update="",
        delete="DeleteFunction",
        keys=("Qualifier",),
        attributes={"Qualifier": "Version"},
        facets=(_CONCURRENCY,),
    ),
    "AWS::StepFunctions::StateMachine": Row(
        service="stepfunctions",
        names={"StateMachineName": "name", "StateMachineType": "type"},
        reshape=_machine,
        attributes={"Arn": "stateMachineArn", "Name": "name"},
        facets=(),
        tagging=Tagging("TagResource", "UntagResource", {"resourceArn": "stateMachineArn"}),
    ),
}
