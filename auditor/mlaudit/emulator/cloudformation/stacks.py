"""Create, change and delete stacks."""

from __future__ import annotations

import json
import re

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import (
    deployment,
    exports,
    parameters,
    plans,
    policies,
    records,
    requests,
)
from mlaudit.emulator.cloudformation.records import Stack
from mlaudit.emulator.cloudformation.templates import invalid
from mlaudit.emulator.errors import Refusal

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
_SETTLED = re.compile(r"^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$")
_STOPPED = frozenset(["CREATE_FAILED", "UPDATE_FAILED"])


def create(call: Call) -> Record:
    """Create a stack; when the answer comes, everything in it is made, or gone again."""
    name = call.params["StackName"]
    existing = records.named(call, name)
    if existing is not None and existing.status != records.REVIEW:
        raise Refusal("AlreadyExistsException", f"Stack [{name}] already exists")
    asked = requests.asked(call)
    requests.check_acknowledged(asked, directly=True)
    stack = existing or new(call, name, asked)
    stack.asked = asked
    stack.protected = bool(call.params.get("EnableTerminationProtection"))
    if "StackPolicyBody" in call.params:
        stack.policy = policies.read(call.params["StackPolicyBody"])
    records.add(call, stack)
    deployment.create(call, stack, on_failure(call))
    return {"StackId": stack.id}


def update(call: Call) -> Record:
    """Change a stack."""
    stack = records.find(call, call.params["StackName"])
    check_ready(stack)
    asked = requests.asked(call, stack)
    requests.check_acknowledged(asked, directly=True)
    if not plans.plan(call, stack, asked).needed:
        raise invalid("No updates are to be performed.")
    if "StackPolicyBody" in call.params:
        stack.policy = policies.read(call.params["StackPolicyBody"])
    meanwhile = call.params.get("StackPolicyDuringUpdateBody")
    asked.settings["policy"] = policies.read(meanwhile) if meanwhile else stack.policy
    deployment.update(call, stack, asked, stay=bool(call.params.get("DisableRollback")))
    return {"StackId": stack.id}


def delete(call: Call) -> Record:
    """Delete a stack; one that is not there is deleted already."""
    name = call.params["StackName"]
    stack = next(
        (each for each in records.stacks(call) if each.active and name in (each.id, each.name)),
        None,
    )
    if stack is None:
        return {}
    if stack.protected:
        raise invalid(
            f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
        )
    retained = call.params.get("RetainResources", [])
    if retained and stack.status != "DELETE_FAILED":
        raise invalid(
            "Invalid operation on stack. RetainResources can be given for stacks in "
            "DELETE_FAILED only."
        )
    exports.check_removable(call, stack)
    deployment.delete(call, stack, retained=retained)
    return {}


def validate(call: Call) -> Record:
    """Tell whether a template can be read, and what it needs."""
    template = requests.template_of(call)
    declared = [
        {key: value for key, value in each.items() if key in _IN_VALIDATION}
        for each in parameters.declared(template)
    ]
    return {"Parameters": declared, **requests.described(template)}


def summarise(call: Call) -> Record:
    """Tell what a template, or that of a stack, consists of."""
    if "StackName" in call.params:
        template = records.find(call, call.params["StackName"]).asked.template
    else:
        template = requests.template_of(call)
    return {
        "Parameters": parameters.declared(template),
        "ResourceTypes": requests.types_of(template),
        "ResourceIdentifierSummaries": requests.identifiers(template),
        "Version": template.content.get("AWSTemplateFormatVersion"),
        "Metadata": _written(template.content.get("Metadata")),
        **requests.described(template),
    }


def get_template(call: Call) -> Record:
    """Return the text of a stack's template."""
    stack = records.find(call, call.params["StackName"])
    change_set = call.params.get("ChangeSetName")
    asked = records.change_set(stack, change_set)["asked"] if change_set else stack.asked
    return {"TemplateBody": asked.template.body, "StagesAvailable": ["Original", "Processed"]}


def protect(call: Call) -> Record:
    """Protect a stack against being deleted, or no longer."""
    stack = records.find(call, call.params["StackName"])
    stack.protected = call.params["EnableTerminationProtection"]
    return {"StackId": stack.id}


def set_policy(call: Call) -> Record:
    """Set which resources updates may touch."""
    stack = records.find(call, call.params["StackName"])
    if "StackPolicyBody" not in call.params:
        raise invalid("The emulated account takes a stack policy as StackPolicyBody only.")
    stack.policy = policies.read(call.params["StackPolicyBody"])
    return {}


def get_policy(call: Call) -> Record:
    """Return which resources updates may touch."""
    stack = records.find(call, call.params["StackName"])
    return {"StackPolicyBody": stack.policy} if stack.policy else {}


def new(call: Call, name: str, asked: records.Request) -> Stack:
    """Return a stack that is not kept yet.

    Raises:
        Refusal: It cannot have this name.
    """
    if _NAME.fullmatch(name) is None:
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    identifier = call.arn(f"stack/{name}/{records.uuid(call, 'stack')}", "cloudformation")
    return Stack(id=identifier, name=name, created=call.now, asked=asked)


def check_ready(stack: Stack) -> None:
    """Refuse to change a stack that is in no state for it.

    Raises:
        Refusal: That is so.
    """
    if not _SETTLED.match(stack.status) and stack.status not in _STOPPED:
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def on_failure(call: Call) -> str:
    """Return what a request wants to happen where creating fails.

    Raises:
        Refusal: It says two things.
    """
    if "OnFailure" in call.params and "DisableRollback" in call.params:
        raise invalid("You can specify either DisableRollback or OnFailure, but not both.")
    if call.params.get("DisableRollback"):
        return "DO_NOTHING"
    return str(call.params.get("OnFailure", "ROLLBACK"))


def _written(metadata: object) -> str | None:
    return json.dumps(metadata) if metadata else None


_IN_VALIDATION = frozenset(["ParameterKey", "DefaultValue", "NoEcho", "Description"])
