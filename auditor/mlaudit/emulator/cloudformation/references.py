"""What the parts of a template refer to, and the order that follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation import functions, schemas
from mlaudit.emulator.cloudformation.templates import Template, invalid

PSEUDO = (
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that a part of a template refers to; an attribute of it, or itself."""

    name: str
    attribute: str = ""


def found(node: Any) -> Iterator[Reference]:
    """Yield everything that a part of a template refers to."""
    if isinstance(node, list):
        for item in node:
            yield from found(item)
    if not isinstance(node, dict):
        return
    name = functions.function_name(node)
    yield from _own(name, node[name]) if name else ()
    for value in node.values():
        yield from found(value)


def needs(resource: Record) -> list[str]:
    """Return the names that a resource, pruned of what is not taken, must come after."""
    stated = resource.get("DependsOn") or []
    after = stated if isinstance(stated, list) else [stated]
    return [*after, *(reference.name for reference in found(resource.get("Properties")))]


def ordered(resources: Mapping[str, Record]) -> list[str]:
    """Return the logical ids of resources in an order in which they can be created.

    Raises:
        Refusal: They need each other in a circle.
    """
    graph = {
        name: {need for need in needs(resource) if need in resources}
        for name, resource in resources.items()
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = ", ".join(dict.fromkeys(reversed(error.args[1])))
        raise invalid(f"Circular dependency between resources: [{circle}]") from error


def check(template: Template) -> None:
    """Refuse a template that refers to what is not in it, or that has a type nobody knows.

    Raises:
        Refusal: That is so.
    """
    unknown = sorted(
        {each["Type"] for each in template.resources.values() if not schemas.known(each["Type"])}
    )
    if unknown:
        raise invalid(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")
    _check_names(template, "Resources", template.resources)
    _check_names(template, "Outputs", template.outputs)
    for reference in found([template.resources, template.outputs]):
        if reference.attribute:
            _check_attribute(template, reference)
    ordered(template.resources)


def _check_names(template: Template, section: str, entries: Mapping[str, Record]) -> None:
    known = {*PSEUDO, *template.parameters, *template.resources}
    stated = [need for each in entries.values() for need in needs({**each, "Properties": each})]
    missing = [name for name in dict.fromkeys(stated) if name not in known]
    if missing:
        raise invalid(
            f"Template format error: Unresolved resource dependencies [{', '.join(missing)}] in "
            f"the {section} block of the template"
        )


def _check_attribute(template: Template, reference: Reference) -> None:
    resource = template.resources.get(reference.name)
    if resource is None:
        raise invalid(
            f"Template error: instance of Fn::GetAtt references undefined resource {reference.name}"
        )
    schema = schemas.schema(resource["Type"])
    if not schema.has_attribute(reference.attribute):
        raise invalid(
            f"Template error: resource {reference.name} does not support attribute type "
            f"{reference.attribute} in Fn::GetAtt"
        )


def _own(function: str, value: Any) -> Iterator[Reference]:
    if function == "Ref" and isinstance(value, str):
        yield Reference(value)
    if function == "Fn::GetAtt":
        parts = value.split(".", 1) if isinstance(value, str) else value
        if isinstance(parts, list) and len(parts) == 2:  # noqa: PLR2004 - a resource and an attribute
            yield Reference(parts[0], parts[1] if isinstance(parts[1], str) else "")
    if function == "Fn::Sub":
        text, given = value if isinstance(value, list) and len(value) == 2 else (value, {})  # noqa: PLR2004 - a text and names
        for name in functions.variables(text) if isinstance(text, str) else ():
            if not isinstance(given, dict) or name not in given:
                resource, _, attribute = name.partition(".")
                yield Reference(resource, attribute)
