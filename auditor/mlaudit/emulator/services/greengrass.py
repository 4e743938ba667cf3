"""AWS IoT Greengrass: components, and core devices, which register by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_KIND = "greengrass:ComponentVersion"


def list_devices(call: Call) -> Record:
    """List the core devices, of which there are none."""
    return pages.cut(call, [], member="coreDevices")


def create(call: Call) -> Record:
    """Create a version of a component from its recipe in JSON."""
    recipe = _recipe(call)
    name, version = recipe["ComponentName"], recipe["ComponentVersion"]
    arn = call.arn(f"components:{name}:versions:{version}", "greengrass")
    if arn in call.space.table(_KIND):
        raise Refusal("ConflictException", f"Component [{name} : {version}] already exists.", 409)
    record: Record = {
        "arn": arn,
        "componentName": name,
        "componentVersion": version,
        "creationTimestamp": call.now,
        "publisher": recipe.get("ComponentPublisher", ""),
        "description": recipe.get("ComponentDescription", ""),
        "status": {"componentState": "DEPLOYABLE", "message": "NONE", "errors": {}},
        "tags": call.params.get("tags") or None,
    }
    call.space.table(_KIND)[arn] = record
    return record


def describe(call: Call) -> Record:
    """Describe a version of a component."""
    return pages.tagged_record(call, call.params["arn"], "ResourceNotFoundException")


def delete(call: Call) -> Record:
    """Delete a version of a component."""
    describe(call)
    del call.space.table(_KIND)[call.params["arn"]]
    return {}


def tag(call: Call) -> Record:
    """Add tags to a version of a component."""
    record = _tagged(call)
    record["tags"] = {**(record["tags"] or {}), **call.params["tags"]}
    return {}


def untag(call: Call) -> Record:
    """Remove tags from a version of a component."""
    record = _tagged(call)
    gone = call.params["tagKeys"]
    kept = {key: value for key, value in (record["tags"] or {}).items() if key not in gone}
    record["tags"] = kept or None
    return {}


def _tagged(call: Call) -> Record:
    return pages.tagged_record(call, call.params["resourceArn"], "ResourceNotFoundException")


def _recipe(call: Call) -> Record:
    text = call.params.get("inlineRecipe")
    if text is None:
        raise Refusal("ValidationException", "The emulated account needs an inlineRecipe.")
    try:
        recipe: Record = json.loads(text)
        return recipe | {key: recipe[key] for key in ("ComponentName", "ComponentVersion")}
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("ValidationException", f"The recipe is not valid: {error}") from error


HANDLERS: Mapping[str, Handler] = {
    "CreateComponentVersion": create,
    "DeleteComponent": delete,
    "DescribeComponent": describe,
    "ListCoreDevices": list_devices,
    "TagResource": tag,
    "UntagResource": untag,
}
