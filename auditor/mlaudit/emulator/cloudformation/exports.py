"""The outputs of stacks, those they export, and who imports them."""

from __future__ import annotations

from collections.abc import Iterator

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import functions, records
from mlaudit.emulator.cloudformation.functions import Scope
from mlaudit.emulator.cloudformation.records import Stack
from mlaudit.emulator.cloudformation.templates import invalid
from mlaudit.emulator.services import pages


def outputs(scope: Scope) -> list[Record]:
    """Return the outputs of a stack as the service tells them.

    Raises:
        Refusal: One cannot be evaluated.
    """
    found = []
    for name, entry in scope.template.outputs.items():
        if "Condition" in entry and not functions.holds(scope, entry["Condition"]):
            continue
        value = functions.resolve(scope, entry["Value"])
        if value is None or value is functions.NO_VALUE or isinstance(value, (list, dict)):
            raise invalid(
                f"Template format error: The Value field of every Outputs member must evaluate "
                f"to a String: {name}"
            )
        output: Record = {"OutputKey": name, "OutputValue": _text(value)}
        if "Description" in entry:
            output["Description"] = entry["Description"]
        if "Export" in entry:
            output["ExportName"] = str(functions.resolve(scope, entry["Export"]["Name"]))
        found.append(output)
    return found


def check(call: Call, stack: Stack, wanted: list[Record]) -> None:
    """Refuse outputs that take a name another stack exports, or change what others import.

    Raises:
        Refusal: That is so.
    """
    taken = {row["Name"]: owner for owner, row in _exports(call) if owner is not stack}
    new = {each["ExportName"]: each["OutputValue"] for each in wanted if "ExportName" in each}
    for name in new:
        if name in taken:
            raise invalid(
                f"Export with name {name} is already exported by stack {taken[name].name}. "
                "Rule: export names must be unique across stacks within a region"
            )
    for name, value in _own(stack).items():
        if new.get(name) != value:
            check_unused(call, name, "update" if name in new else "delete")


def check_unused(call: Call, name: str, what: str) -> None:
    """Refuse to change an export that another stack imports.

    Raises:
        Refusal: That is so.
    """
    users = [each.name for each in records.stacks(call) if each.active and name in each.imports]
    if users:
        raise invalid(f"Cannot {what} export {name} as it is in use by {', '.join(users)}.")


def check_removable(call: Call, stack: Stack) -> None:
    """Refuse to delete a stack whose exports others import.

    Raises:
        Refusal: That is so.
    """
    for name in _own(stack):
        check_unused(call, name, "delete")


def value(call: Call, name: str) -> str:
    """Return the value of an export.

    Raises:
        Refusal: There is none of this name.
    """
    for _, row in _exports(call):
        if row["Name"] == name:
            return str(row["Value"])
    raise invalid(f"No export named {name} found.")


def list_exports(call: Call) -> Record:
    """List what the stacks of the account and region export."""
    return pages.cut(call, [row for _, row in _exports(call)], member="Exports", size="MaxResults")


def list_imports(call: Call) -> Record:
    """List the stacks that import an export."""
    name = call.params["ExportName"]
    users = [each.name for each in records.stacks(call) if each.active and name in each.imports]
    if not users:
        raise invalid(f"Export '{name}' is not imported by any stack.")
    page = pages.cut(call, [{"name": user} for user in users], member="rows", size="MaxResults")
    page["Imports"] = [row["name"] for row in page.pop("rows")]
    return page


def _own(stack: Stack) -> dict[str, str]:
    return {
        each["ExportName"]: each["OutputValue"] for each in stack.outputs if "ExportName" in each
    }


def _exports(call: Call) -> Iterator[tuple[Stack, Record]]:
    for stack in records.stacks(call):
        for name, text in _own(stack).items() if stack.active else ():
            yield stack, {"ExportingStackId": stack.id, "Name": name, "Value": text}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
