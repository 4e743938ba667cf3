"""What stacks export, who imports it, and what that forbids."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

NETWORK = """
Resources: {Topic: {Type: AWS::SNS::Topic}}
Outputs: {Topic: {Value: !Ref Topic, Export: {Name: !Sub "${AWS::StackName}-topic"}}}
"""
USER = """
Resources:
  Alarms: {Type: AWS::SNS::Topic, Properties: {DisplayName: !ImportValue network-topic}}
"""


def test_exports_are_listed_and_imported(stacks: Any) -> None:
    stacks.create(NETWORK, name="network")
    (export,) = stacks.client.list_exports()["Exports"]
    assert (export["Name"], export["Value"]) == ("network-topic", stacks.ids("network")["Topic"])
    assert stacks.create(USER, name="user") == "CREATE_COMPLETE"
    assert stacks.client.list_imports(ExportName="network-topic")["Imports"] == ["user"]
    with pytest.raises(ClientError, match="is not imported by any stack"):
        stacks.client.list_imports(ExportName="other")


def test_an_export_in_use_stays(stacks: Any) -> None:
    stacks.create(NETWORK, name="network")
    stacks.create(USER, name="user")
    with pytest.raises(ClientError, match="Cannot delete export network-topic as it is in use"):
        stacks.client.delete_stack(StackName="network")
    gone = NETWORK.partition("Outputs")[0] + 'Metadata: {changed: "yes"}'
    assert stacks.update(gone, name="network") == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.outputs("network")
    stacks.delete("user")
    assert stacks.delete("network") == "DELETE_COMPLETE"


def test_an_export_has_one_stack(stacks: Any) -> None:
    stacks.create(NETWORK, name="network")
    same = NETWORK.replace("${AWS::StackName}", "network")
    assert stacks.create(same, name="other") == "ROLLBACK_COMPLETE"
    reason = stacks.client.describe_stack_events(StackName="other")["StackEvents"]
    assert any("already exported by stack network" in str(each) for each in reason)


def test_what_nobody_exports_cannot_be_imported(stacks: Any) -> None:
    assert stacks.create(USER, name="user") == "ROLLBACK_COMPLETE"
    told = stacks.client.describe_stack_events(StackName="user")["StackEvents"]
    assert any("No export named network-topic found" in str(each) for each in told)
