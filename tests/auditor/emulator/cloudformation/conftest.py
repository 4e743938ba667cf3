"""Stacks in an emulated account, as clients deploy them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

ALL = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


@dataclass(frozen=True)
class Stacks:
    """A client of CloudFormation and what one asks it most."""

    client: Any

    def create(self, template: dict[str, Any] | str, name: str = "demo", **asked: Any) -> str:
        """Create a stack and return the status it comes to."""
        self.client.create_stack(
            StackName=name, TemplateBody=_text(template), **{"Capabilities": ALL, **asked}
        )
        return self.status(name)

    def update(self, template: dict[str, Any] | str, name: str = "demo", **asked: Any) -> str:
        """Change a stack and return the status it comes to."""
        self.client.update_stack(
            StackName=name, TemplateBody=_text(template), **{"Capabilities": ALL, **asked}
        )
        return self.status(name)

    def delete(self, name: str = "demo") -> str:
        """Delete a stack and return the status it comes to."""
        identifier = self.client.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        self.client.delete_stack(StackName=name)
        return self.status(identifier)

    def status(self, name: str = "demo") -> str:
        """Return the status of a stack."""
        status: str = self.client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        return status

    def outputs(self, name: str = "demo") -> dict[str, str]:
        """Return the outputs of a stack."""
        told = self.client.describe_stacks(StackName=name)["Stacks"][0].get("Outputs", [])
        return {each["OutputKey"]: each["OutputValue"] for each in told}

    def ids(self, name: str = "demo") -> dict[str, str]:
        """Return the physical ids of a stack's resources."""
        told = self.client.describe_stack_resources(StackName=name)["StackResources"]
        return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in told}

    def history(self, name: str = "demo") -> list[tuple[str, str]]:
        """Return what happened to what in a stack, in order."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=name)
        told = [each for page in pages for each in page["StackEvents"]]
        return [(each["LogicalResourceId"], each["ResourceStatus"]) for each in reversed(told)]

    def reasons(self, name: str = "demo") -> dict[str, str]:
        """Return why what failed in a stack did."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=name)
        return {
            each["LogicalResourceId"]: each.get("ResourceStatusReason", "")
            for page in pages
            for each in page["StackEvents"]
            if each["ResourceStatus"].endswith("_FAILED")
        }


@pytest.fixture
def stacks(client: Callable[..., Any]) -> Stacks:
    return Stacks(client("cloudformation"))


def _text(template: dict[str, Any] | str) -> str:
    return template if isinstance(template, str) else json.dumps(template)
