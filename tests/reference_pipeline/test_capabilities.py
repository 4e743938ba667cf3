"""The table of capabilities says of the pipeline what is true of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlaudit.catalog import catalogue
from mlaudit_reference.capabilities import Capability, capabilities, turned
from mlaudit_reference.compiled import compiled
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.stacks import STACKS, stacks_of

Make = Callable[..., Manifest]
ROOT = Path(__file__).parents[2]
ALL = {each.id: each for each in capabilities()}


@pytest.fixture(params=list(ALL))
def capability(request: pytest.FixtureRequest) -> Capability:
    return ALL[request.param]


def asking_for(capability: Capability) -> dict[str, Any]:
    """A part of a manifest that can be read, and asks for a capability."""
    setting = dict(capability.setting)
    if "streaming" in setting.get("targets", ()):  # an endpoint scores the records
        setting["targets"] = [*setting["targets"], "serverless"]
    return setting


def test_every_one_has_an_id_of_its_own() -> None:
    assert len(ALL) == len(capabilities())


def test_it_is_deployed_with_a_stack_that_its_setting_asks_for(
    capability: Capability, make: Make
) -> None:
    assert capability.stack in {stack.name for stack in STACKS}
    manifest = make(**asking_for(capability))
    assert capability.is_in(manifest)
    assert capability.stack in {stack.name for stack in stacks_of(manifest)}


def made_of(manifest: Manifest) -> dict[str, Any]:
    """What a manifest is compiled into, but for the manifest that stands in the templates."""
    found: dict[str, Any] = dict(compiled(manifest))
    for name, content in found.items():
        if name.startswith("templates/"):
            found[name] = {**yaml.safe_load(content), "Metadata": None}
    return found


def test_turning_it_off_changes_what_is_compiled(capability: Capability, make: Make) -> None:
    if capability.without is None:
        return
    assert not capability.is_in(make(**capability.without))
    settings = (asking_for(capability), capability.without)
    with_, without = (made_of(make(**each)) for each in settings)
    assert with_ != without


def test_its_code_and_its_tests_are_there(capability: Capability) -> None:
    package = ROOT / "reference_pipeline/mlaudit_reference"
    missing = [name for name in capability.code if not (package / name).is_file()]
    missing += [name for name in capability.tests if not (ROOT / name).exists()]
    assert missing == []


def test_it_speaks_of_items_of_the_checklist_and_of_each_once(capability: Capability) -> None:
    known = {item.id for item in catalogue().items}
    told = [*capability.items, *capability.cannot, *capability.prevents]
    assert set(told) <= known
    assert len(set(told)) == len(told)
    assert bool(capability.items) == bool(capability.after)


def test_what_it_needs_besides_is_another_capability(capability: Capability) -> None:
    assert set(capability.together) <= set(capability.items)
    others = {each for some in capability.together.values() for each in some}
    assert others <= set(ALL) - {capability.id}


def test_what_turns_only_beside_others_turns_with_one_of_them(capability: Capability) -> None:
    served = [ALL["async"]] if capability.served else []
    stacks = [each for each in ALL.values() if each.stack in capability.beside]
    for item, partners in capability.together.items():
        assert item not in turned([capability, *served, *stacks])
        for each in partners:
            assert item in turned([capability, *served, *stacks, ALL[each]])
            if capability.beside:
                assert item not in turned([capability, *served, ALL[each]])


def test_what_is_judged_of_what_serves_takes_an_endpoint(capability: Capability) -> None:
    assert set(capability.served) <= set(capability.items)
    partners = [ALL[each] for some in capability.together.values() for each in some]
    alone = turned([capability, *(each for each in partners if not each.is_endpoint)])
    assert alone.isdisjoint(capability.served)


def test_only_what_cannot_be_said_for_everybody_is_left_to_its_user() -> None:
    assert [each.id for each in ALL.values() if each.yours] == ["images-by-digest"]


def test_a_price_says_what_it_is_made_of(capability: Capability) -> None:
    assert all(each.how for each in (capability.idle, capability.run))
