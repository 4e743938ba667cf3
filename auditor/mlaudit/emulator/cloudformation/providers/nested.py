"""Stacks within stacks."""

from __future__ import annotations

from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation import coercion, records
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.resources import Made
from mlaudit.emulator.errors import Refusal

TYPE = "AWS::CloudFormation::Stack"
_SERVICE = "cloudformation"
_EVERYTHING = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_AROUND = "aws:cloudformation:stack-id"
_UNCHANGED = "No updates are to be performed."


class Nested:
    """The provider of stacks, which are made by CloudFormation itself.

    What their templates do was acknowledged with the stack around them.
    """

    name_property: str | None = None
    only_name: str | None = None
    replaced = False
    readable = False

    def create(self, account: Account, made: Made, properties: Record) -> None:
        """Create the stack.

        Raises:
            Refusal: It did not come about; what there is of it has a physical id.
        """
        made.properties = properties
        asked = {"StackName": made.name, **_asked(properties)}
        made.physical_id = account.ask(_SERVICE, "CreateStack", asked)["StackId"]
        _place(account, made, properties)
        self._learn(account, made, "CREATE_COMPLETE")

    def update(self, account: Account, made: Made, properties: Record) -> None:
        """Change the stack.

        Raises:
            Refusal: It went back to what it was.
        """
        asked = {"StackName": made.physical_id, **_asked(properties)}
        try:
            account.ask(_SERVICE, "UpdateStack", asked)
        except Refusal as refusal:
            if refusal.message != _UNCHANGED:
                raise
        else:
            self._learn(account, made, "UPDATE_COMPLETE")
        made.properties = properties

    def delete(self, account: Account, made: Made) -> None:
        """Delete the stack.

        Raises:
            Refusal: Something of it stayed.
        """
        account.ask(_SERVICE, "DeleteStack", {"StackName": made.physical_id})
        self._learn(account, made, "DELETE_COMPLETE")

    def read(self, account: Account, made: Made) -> Record | None:
        """Return nothing: whether a stack has drifted is asked of itself."""
        del account, made
        return None

    def attribute(self, made: Made, name: str) -> Any:
        """Return an output of the stack, named ``Outputs.`` and its key."""
        return made.known.get(name.removeprefix("Outputs."))

    def member(self, name: str) -> str:
        """Return the property itself: operations call it the same."""
        return name

    def _learn(self, account: Account, made: Made, wanted: str) -> None:
        asked = {"StackName": made.physical_id}
        (stack,) = account.ask(_SERVICE, "DescribeStacks", asked)["Stacks"]
        if stack["StackStatus"] != wanted:
            reason = stack.get("StackStatusReason", stack["StackStatus"])
            raise Refusal("NotStabilized", f"Embedded stack {made.physical_id}: {reason}")
        outputs = stack.get("Outputs", [])
        made.known = {each["OutputKey"]: each["OutputValue"] for each in outputs}


def _place(account: Account, made: Made, properties: Record) -> None:
    """Let a stack know the one around it, which its tags name, and the one around all."""
    around = coercion.tags_of(properties.get("Tags")).get(_AROUND)
    if around:
        stack = records.find(account.call, made.physical_id)
        stack.parent = around
        stack.root = records.find(account.call, around).root or around


def _asked(properties: Record) -> Record:
    parameters = properties.get("Parameters", {})
    asked: Record = {
        "TemplateURL": properties["TemplateURL"],
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": _text(value)}
            for key, value in parameters.items()
        ],
        "Tags": [
            {"Key": each["Key"], "Value": each["Value"]}
            for each in properties.get("Tags", [])
            if not each["Key"].startswith("aws:")
        ],
        "Capabilities": _EVERYTHING,
    }
    if "NotificationARNs" in properties:
        asked["NotificationARNs"] = properties["NotificationARNs"]
    return asked


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
