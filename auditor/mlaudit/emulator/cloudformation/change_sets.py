"""Change sets: what would change, and changing it."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import deployment, plans, records, requests, stacks
from mlaudit.emulator.cloudformation.parameters import Value
from mlaudit.emulator.cloudformation.records import Stack
from mlaudit.emulator.cloudformation.templates import invalid
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

UNCHANGED = (
    "The submitted information didn't contain changes. Submit different information to create a "
    "change set."
)
_SUMMARY = (
    "StackId",
    "StackName",
    "ChangeSetId",
    "ChangeSetName",
    "ExecutionStatus",
    "Status",
    "StatusReason",
    "CreationTime",
    "Description",
)


def create(call: Call) -> Record:
    """Find out what would change in a stack, or what a new one would consist of."""
    name = call.params["StackName"]
    kind = call.params.get("ChangeSetType", "UPDATE")
    if kind == "IMPORT" or call.params.get("ResourcesToImport"):
        raise invalid("The emulated account does not import resources into stacks.")
    stack = _subject(call, name, kind)
    asked = requests.asked(call, stack if stack.status != records.REVIEW else None)
    requests.check_acknowledged(asked, directly=False)
    if call.params["ChangeSetName"] in stack.change_sets:
        text = f"ChangeSet {call.params['ChangeSetName']} already exists"
        raise Refusal("AlreadyExistsException", text)
    if stack.id not in call.space.table(records.KIND):
        records.add(call, stack)
        stack.turn(call, records.REVIEW, deployment.USER)
    plan = plans.plan(call, stack, asked)
    row = _row(call, stack, plan)
    row |= {"asked": asked, "kind": kind}
    stack.change_sets[row["ChangeSetName"]] = row
    return {"Id": row["ChangeSetId"], "StackId": stack.id}


def describe(call: Call) -> Record:
    """Describe a change set and its changes."""
    stack, row = _find(call)
    changes = [{"Type": "Resource", "ResourceChange": each} for each in row["Changes"]]
    values: Mapping[str, Value] = row["asked"].values
    page = pages.cut(call, changes, member="Changes", size="MaxResults")
    return {
        **_told(stack, row),
        **page,
        "Parameters": [each.shown() for each in values.values()],
        "Capabilities": row["asked"].capabilities,
        "Tags": [{"Key": key, "Value": value} for key, value in row["asked"].tags.items()],
        "NotificationARNs": row["asked"].settings.get("NotificationARNs", []),
        "IncludeNestedStacks": False,
    }


def list_(call: Call) -> Record:
    """List the change sets of a stack that wait, or failed."""
    stack = records.find(call, call.params["StackName"])
    rows = [_told(stack, row) for row in stack.change_sets.values()]
    return pages.cut(call, rows, member="Summaries", size="MaxResults")


def execute(call: Call) -> Record:
    """Change what a change set says; the stack's other change sets are void then."""
    stack, row = _find(call)
    if row["ExecutionStatus"] != "AVAILABLE":
        raise Refusal(
            "InvalidChangeSetStatus",
            f"ChangeSet [{row['ChangeSetId']}] cannot be executed in its current status of "
            f"[{row['Status']}]",
        )
    stack.change_sets.clear()
    stack.change_set = row["ChangeSetId"]
    row["asked"].settings["RetainExceptOnCreate"] = bool(call.params.get("RetainExceptOnCreate"))
    if row["kind"] == "CREATE":
        stack.asked = row["asked"]
        deployment.create(call, stack, row["OnFailure"])
    else:
        stacks.check_ready(stack)
        row["asked"].settings["policy"] = stack.policy
        deployment.update(call, stack, row["asked"], stay=bool(call.params.get("DisableRollback")))
    return {}


def delete(call: Call) -> Record:
    """Delete a change set without changing anything."""
    name = call.params["ChangeSetName"]
    for stack in records.stacks(call):
        for key, row in list(stack.change_sets.items()):
            if name == row["ChangeSetId"] or (
                name == key and call.params.get("StackName") in (stack.name, stack.id)
            ):
                del stack.change_sets[key]
    return {}


def _subject(call: Call, name: str, kind: str) -> Stack:
    """Return the stack that a change set is about, a new one where it is to be created."""
    existing = records.named(call, name) or next(
        (each for each in records.stacks(call) if each.id == name and each.active), None
    )
    if kind == "UPDATE":
        if existing is None:
            raise invalid(f"Stack [{name}] does not exist")
        stacks.check_ready(existing)
        return existing
    if existing is None:
        return stacks.new(call, name, requests.asked(call))
    if existing.status != records.REVIEW:
        raise invalid(
            f"Stack [{name}] already exists and cannot be created again with the changeSet "
            f"[{call.params['ChangeSetName']}]."
        )
    return existing


def _row(call: Call, stack: Stack, plan: plans.Plan) -> Record:
    name = call.params["ChangeSetName"]
    creating = stack.status == records.REVIEW
    useful = plan.needed or creating
    return {
        "ChangeSetId": call.arn(
            f"changeSet/{name}/{records.uuid(call, 'change set')}", "cloudformation"
        ),
        "ChangeSetName": name,
        "Description": call.params.get("Description"),
        "CreationTime": call.now,
        "Status": "CREATE_COMPLETE" if useful else "FAILED",
        "StatusReason": None if useful else UNCHANGED,
        "ExecutionStatus": "AVAILABLE" if useful else "UNAVAILABLE",
        "OnFailure": call.params.get("OnStackFailure", "ROLLBACK"),
        "Changes": list(plan.changes),
    }


def _told(stack: Stack, row: Record) -> Record:
    row = {**row, "StackId": stack.id, "StackName": stack.name}
    return {key: row[key] for key in _SUMMARY}


def _find(call: Call) -> tuple[Stack, Record]:
    name, stack_name = call.params["ChangeSetName"], call.params.get("StackName")
    if not stack_name and not name.startswith("arn:"):
        raise invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
    if stack_name:
        stack = records.find(call, stack_name)
        return stack, records.change_set(stack, name)
    for stack in records.stacks(call):
        for row in stack.change_sets.values():
            if name == row["ChangeSetId"]:
                return stack, row
    raise Refusal("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", status=404)
