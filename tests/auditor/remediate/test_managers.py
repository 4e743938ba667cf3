"""Who manages a resource, as far as its tags tell."""

from collections.abc import Mapping
from typing import Any

import pytest

from mlaudit.remediate.change import RefusedError, State
from mlaudit.remediate.managers import STACK, Managers, manager_of

HERE = "eu-west-1"
TAGS: list[tuple[Mapping[str, str], str | None]] = [
    ({}, None),
    ({STACK: "billing"}, "the stack billing"),
    ({STACK: "fraud-ref-training"}, None),
    ({STACK: "billing", "ManagedBy": "terraform"}, "the stack billing"),
    ({"ManagedBy": "terraform"}, "Terraform"),
    ({"managed-by": "Terraform Cloud, v1.9"}, "Terraform"),
    ({"managed_by": "OpenTofu"}, "OpenTofu"),
    ({"company:managed-by": "pulumi"}, "Pulumi"),
    ({"app.kubernetes.io/provisioner": "crossplane"}, "Crossplane"),
    ({"Provisioner": "crossplane"}, "Crossplane"),
    ({"iac-tool": "CDK"}, "AWS CDK"),
    ({"terraform": "true"}, "Terraform"),
    ({"terraform": "false"}, None),
    ({"terraform:workspace": "prod"}, "Terraform"),
    ({"TerraformModule": "endpoint"}, "Terraform"),
    ({"pulumi:project": "ml"}, "Pulumi"),
    ({"aws-cdk:bucket-name": "a"}, "AWS CDK"),
    ({"cdktf": "yes"}, "CDK for Terraform"),
    ({"Origin": "Terraform"}, "Terraform"),
    ({"mlaudit:managed-by": "remediate", "mlaudit:workload": "fraud"}, None),
    ({"ManagedBy": "the platform team"}, None),
    ({"team": "cdk"}, None),
    ({"owner": "terraforming-mars"}, None),
    ({"terraforming": "mars"}, None),
]


@pytest.mark.parametrize(("tags", "manager"), TAGS)
def test_tags_tell_who_manages(tags: Mapping[str, str], manager: str | None) -> None:
    assert manager_of(tags, {"fraud-ref-training"}) == manager


class Tagging:
    """The tagging API over some resources; it knows no ARN of ``odd`` things."""

    def __init__(self, tags: Mapping[str, Mapping[str, str]], most: int = 100) -> None:
        self._tags = tags
        self._most = most
        self.asked: list[list[str]] = []
        self.denied = False

    def ask(self, service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        assert set(params) == {"ResourceARNList"}
        arns = params["ResourceARNList"]
        self.asked.append(arns)
        if self.denied:
            raise RefusedError(service, operation, "AccessDeniedException", "you may not")
        if any(":odd:" in arn for arn in arns):
            raise RefusedError(service, operation, "InvalidParameterException", "an ARN is wrong")
        rows = [
            {
                "ResourceARN": arn,
                "Tags": [{"Key": key, "Value": value} for key, value in self._tags[arn].items()],
            }
            for arn in arns
            if arn in self._tags
        ]
        token = "more" if len(rows) > self._most else ""
        return {"ResourceTagMappingList": rows[: self._most], "PaginationToken": token}


def managers(tagging: Tagging) -> Managers:
    return Managers(lambda _: tagging.ask, ())


def arns(count: int) -> list[str]:
    return [f"arn:aws:logs:eu-west-1:1:log-group:{number}" for number in range(count)]


def test_an_answer_that_does_not_hold_all_is_asked_for_in_parts() -> None:
    some = arns(5)
    tagging = Tagging({arn: {"ManagedBy": "terraform"} for arn in some}, most=2)
    found = managers(tagging)
    found.look(HERE, some)
    assert [found.of(HERE, [arn], None) for arn in some] == ["Terraform"] * 5


def test_a_hundred_are_asked_for_at_once_and_each_once() -> None:
    tagging = Tagging({})
    found = managers(tagging)
    found.look(HERE, arns(101) * 2)
    found.look(HERE, arns(101))
    assert [len(each) for each in tagging.asked] == [100, 1]


def test_an_arn_of_a_kind_that_takes_no_tags_hides_none_of_the_others() -> None:
    odd, good = "arn:aws:odd:eu-west-1:1:thing", arns(1)[0]
    found = managers(Tagging({good: {STACK: "billing"}}))
    found.look(HERE, [odd, good])
    assert found.of(HERE, [odd], None) is None
    assert found.of(HERE, [odd, good], None) == "the stack billing"


def test_tags_that_cannot_be_read_are_not_none() -> None:
    tagging = Tagging({})
    tagging.denied = True
    with pytest.raises(RefusedError, match="GetResources"):
        managers(tagging).look(HERE, arns(1))


STATES: list[State] = [
    {"Tags": [{"Key": "ManagedBy", "Value": "terraform"}]},
    {"tags": {"ManagedBy": "terraform"}},
]


@pytest.mark.parametrize("state", STATES)
def test_tags_of_a_state_tell_too(state: State) -> None:
    assert managers(Tagging({})).of(HERE, [], state) == "Terraform"
