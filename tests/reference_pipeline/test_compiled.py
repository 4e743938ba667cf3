"""What a manifest is compiled into is complete, in order, and the same each time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from cfnlint.api import ManualArgs, lint
from pydantic import ValidationError

from mlaudit_reference.compiled import compiled
from mlaudit_reference.manifest import Manifest, Mode, Profile, read_manifest
from mlaudit_reference.templates.finish import TAGS_AS_MAPPING, UNTAGGED
from mlaudit_reference.templates.stacks import STACKS, stacks_of

Make = Callable[..., Manifest]
REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2"]


def manifests(make: Make) -> dict[str, Manifest]:
    everything = {
        "targets": [mode.value for mode in Mode],
        "budget": {"ttl_days": 14},
        "realtime": {"shadow_percent": 10},
    }
    return {
        **{profile.value: make(profile=profile.value) for profile in Profile},
        "everything": make(profile="production", **everything),
        "own keys of AWS": make(profile="production", encryption="aws"),
    }


@pytest.fixture(scope="module", params=[*Profile, "everything", "own keys of AWS"])
def files(request: pytest.FixtureRequest, make: Make) -> dict[str, bytes]:
    return compiled(manifests(make)[str(request.param)])


def templates(files: dict[str, bytes]) -> dict[str, Any]:
    return {
        name: yaml.safe_load(content)
        for name, content in files.items()
        if name.startswith("templates/")
    }


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "Fn::ImportValue" in node:
            yield node["Fn::ImportValue"]
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def test_equal_manifests_give_equal_bytes(make: Make) -> None:
    assert compiled(make()) == compiled(make())


def test_stacks_are_listed_in_the_order_in_which_they_can_be_deployed(
    files: dict[str, bytes],
) -> None:
    exported: set[str] = set()
    index = json.loads(files["stacks.json"])
    for stack in index["stacks"]:
        template = yaml.safe_load(files[stack["template"]])
        missing = set(references(template)) - exported
        assert missing == set(), stack["name"]
        exported |= {each["Export"]["Name"] for each in template.get("Outputs", {}).values()}


def test_a_stack_names_the_stacks_that_it_imports_from(files: dict[str, bytes]) -> None:
    owner: dict[str, str] = {}
    index = json.loads(files["stacks.json"])
    for stack in index["stacks"]:
        template = yaml.safe_load(files[stack["template"]])
        needed = {owner[name] for name in references(template)}
        assert needed <= set(stack["needs"]), stack["name"]
        for each in template.get("Outputs", {}).values():
            owner[each["Export"]["Name"]] = stack["stack_name"]


def test_every_template_is_listed(files: dict[str, bytes]) -> None:
    listed = {each["template"] for each in json.loads(files["stacks.json"])["stacks"]}
    assert listed == set(templates(files))


def test_every_resource_that_can_be_tagged_is(files: dict[str, bytes]) -> None:
    for name, template in templates(files).items():
        for logical, each in template["Resources"].items():
            if each["Type"] in UNTAGGED:
                continue
            tags = each["Properties"]["Tags"]
            if each["Type"] not in TAGS_AS_MAPPING:
                tags = {tag["Key"]: tag["Value"] for tag in tags}
            assert tags["mlaudit:workload"] == "consumer-credit", (name, logical)


BESIDE = "Fraud: the old one"


def recorded(found: dict[str, Any]) -> dict[str, Manifest]:
    """The manifests that stand in templates, which are taken out."""
    return {
        name: read_manifest(json.loads(each.pop("Metadata")["mlaudit:manifest"]))
        for name, each in found.items()
    }


def told(node: Any) -> Any:
    """A document with the workload it is for said as the one that it would be by itself."""
    if isinstance(node, dict):
        return {key: told(value) for key, value in node.items()}
    if isinstance(node, list):
        return [told(each) for each in node]
    return node.replace(BESIDE, "consumer-credit") if isinstance(node, str) else node


@pytest.mark.parametrize("which", ["everything", "zero"])
def test_beside_a_workload_that_exists_only_what_tells_the_workload_is_another(
    make: Make, which: str
) -> None:
    alone = manifests(make)[which]
    beside = alone.model_copy(update={"workload": BESIDE})
    ones, others = templates(compiled(alone)), templates(compiled(beside))
    assert recorded(ones) == dict.fromkeys(ones, alone)
    assert recorded(others) == dict.fromkeys(ones, beside)
    assert {name: told(each) for name, each in others.items()} == ones
    for name, template in others.items():
        for logical, each in template["Resources"].items():
            if each["Type"] not in UNTAGGED:
                tags = each["Properties"]["Tags"]
                if each["Type"] not in TAGS_AS_MAPPING:
                    tags = {tag["Key"]: tag["Value"] for tag in tags}
                assert tags["mlaudit:workload"] == BESIDE, (name, logical)
    index = json.loads(compiled(beside)["stacks.json"])
    assert index["tags"]["mlaudit:workload"] == BESIDE
    assert (index["name"], index["stacks"][0]["stack_name"]) == (
        "consumer-credit",
        "consumer-credit-foundation",
    )


def test_the_names_that_roles_are_limited_to_are_those_of_what_is_deployed_beside(
    make: Make,
) -> None:
    """A role that was limited to names of the workload would not reach what is named otherwise."""
    files = compiled(make(profile="production", workload="old-fraud"))
    for name, template in templates(files).items():
        for logical, each in template["Resources"].items():
            if each["Type"] in {"AWS::IAM::Role", "AWS::IAM::ManagedPolicy"}:
                without = {key: value for key, value in each["Properties"].items() if key != "Tags"}
                assert "old-fraud" not in json.dumps(without), (name, logical)


@pytest.mark.parametrize("wrong", ["", " fraud", "fraud ", "a$(b)", "a'b", "x" * 129])
def test_a_workload_that_no_tag_can_name_is_refused(make: Make, wrong: str) -> None:
    with pytest.raises(ValidationError, match="workload"):
        make(workload=wrong)


def test_every_role_takes_the_boundary(files: dict[str, bytes]) -> None:
    for template in templates(files).values():
        roles = [each for each in template["Resources"].values() if "IAM::Role" in each["Type"]]
        assert all("PermissionsBoundary" in each["Properties"] for each in roles)
        assert ("PermissionsBoundary" in template.get("Parameters", {})) == bool(roles)


@pytest.mark.slow
def test_templates_are_clean_to_the_linter_with_warnings(files: dict[str, bytes]) -> None:
    found = [
        f"{name}: {match.rule.id} {match.message} {match.path}"
        for name, content in files.items()
        if name.startswith("templates/")
        for match in lint(content.decode(), config=ManualArgs(regions=REGIONS))
    ]
    assert found == []


def test_a_manifest_that_asks_for_more_gets_more_stacks(make: Make) -> None:
    some, all_ = (
        {stack.name for stack in stacks_of(manifest)}
        for manifest in (make(), manifests(make)["everything"])
    )
    assert some < all_
    assert all_ <= {stack.name for stack in STACKS}
