"""The registry's schemas of resource types, as the linter of templates brings them along."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.errors import Refusal

# The region whose list of types is read: the first to get each of them.
_REGION = "us-east-1"
# Types of which every property is an attribute too, though their schemas do not tell.
_OPEN = frozenset(
    [
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::Subnet",
        "AWS::EC2::VPC",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::SSM::Parameter",
        "AWS::SageMaker::DataQualityJobDefinition",
        "AWS::SageMaker::ModelBiasJobDefinition",
        "AWS::SageMaker::ModelExplainabilityJobDefinition",
        "AWS::SageMaker::ModelQualityJobDefinition",
        "AWS::SageMaker::MonitoringSchedule",
    ]
)
_NAMES: Mapping[str, str] = {
    "AWS::SageMaker::Endpoint": "EndpointName",
    "AWS::SageMaker::EndpointConfig": "EndpointConfigName",
    "AWS::SageMaker::Model": "ModelName",
}
_NESTED_STACK = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class Schema:
    """What the registry says about one type of resource."""

    type_name: str
    content: Record

    @property
    def properties(self) -> dict[str, Record]:
        """The schemas of the properties by name."""
        found: dict[str, Record] = self.content["properties"]
        return found

    @property
    def identifier(self) -> tuple[str, ...]:
        """The properties that identify a resource."""
        return _paths(self.content["primaryIdentifier"])

    @property
    def read_only(self) -> tuple[str, ...]:
        """The paths of what the service alone sets, with dots."""
        return tuple(path.replace("/", ".") for path in _paths(self.content["readOnlyProperties"]))

    @property
    def fixed(self) -> tuple[str, ...]:
        """The paths of what can be set on creation only, with slashes."""
        return _paths(self.content["createOnlyProperties"])

    @property
    def sometimes_fixed(self) -> tuple[str, ...]:
        """The paths of what can be changed under conditions only."""
        return _paths(self.content["conditionalCreateOnlyProperties"])

    @property
    def tags(self) -> str | None:
        """The property that takes tags, None where there is none."""
        tagging = self.content.get("tagging") or {}
        if not tagging.get("taggable", True):
            return None
        name = str(tagging.get("tagProperty", "/properties/Tags")).rsplit("/", 1)[-1]
        return name if name in self.properties else None

    @property
    def keeps_tags(self) -> bool:
        """Whether the tags that a resource gets from its stack stay what they were at first."""
        updatable = (self.content.get("tagging") or {}).get("tagUpdatable", True)
        return not updatable or self.tags in self.fixed

    @property
    def marked(self) -> bool:
        """Whether CloudFormation marks resources of the type with tags of its own."""
        return bool((self.content.get("tagging") or {}).get("cloudFormationSystemTags", True))

    def kind(self, part: Record) -> str:
        """Return the type of a part of the schema, the first where it may have several."""
        stated = _followed(part, self.content).get("type", "")
        return stated if isinstance(stated, str) else str(stated[0])

    def has_attribute(self, name: str) -> bool:
        """Tell whether Fn::GetAtt can name this."""
        if self.type_name == _NESTED_STACK:
            return name.startswith("Outputs.")
        if self.type_name in _OPEN and name in self.properties:
            return True
        return name in self.read_only or name == _NAMES.get(self.type_name)

    def objections(self, properties: Record) -> Iterator[str]:
        """Yield what the registry would object to in properties, in its words."""
        yield from _objections(self.content, properties, self.content, "#")


def known(type_name: str) -> bool:
    """Tell whether the registry has a type."""
    return type_name in _index()


@cache
def schema(type_name: str) -> Schema:
    """Return the schema of a type that the registry has."""
    path = _folder() / "resources" / f"{_index()[type_name]}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    empty = dict.fromkeys(
        ("createOnlyProperties", "conditionalCreateOnlyProperties", "readOnlyProperties"), ()
    )
    return Schema(type_name, {**empty, **content})


@cache
def _index() -> dict[str, str]:
    path = _folder() / "providers" / f"{_REGION}.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _folder() -> Path:
    """Return where the schemas lie, without importing the linter: that takes two seconds.

    Raises:
        Refusal: It is not installed.
    """
    package = find_spec("cfnlint")
    if package is None or package.origin is None:
        raise Refusal(
            "InternalFailure",
            "Stacks in the emulated account need cfn-lint, which is not installed. "
            "Run: pip install 'mlaudit[emulator]'",
            status=500,
        )
    return Path(package.origin).parent / "data" / "schemas"


def _paths(pointers: list[str]) -> tuple[str, ...]:
    return tuple(pointer.removeprefix("/properties/") for pointer in pointers)


def _objections(part: Record, value: Any, whole: Record, place: str) -> Iterator[str]:
    part = _followed(part, whole)
    if isinstance(value, dict) and "properties" in part:
        yield from _of_object(part, value, whole, place)
    elif isinstance(value, dict) and "patternProperties" in part:
        inner = next(iter(part["patternProperties"].values()))
        for key, item in value.items():
            yield from _objections(inner, item, whole, f"{place}/{key}")
    elif isinstance(value, list) and isinstance(part.get("items"), dict):
        for number, item in enumerate(value):
            yield from _objections(part["items"], item, whole, f"{place}/{number}")
    yield from _of_value(part, value, place)


def _of_object(part: Record, value: Record, whole: Record, place: str) -> Iterator[str]:
    known_keys: dict[str, Record] = part["properties"]
    for key in part.get("required", ()):
        if key not in value:
            yield f"{place}: required key [{key}] not found"
    for key, item in value.items():
        if key in known_keys:
            yield from _objections(known_keys[key], item, whole, f"{place}/{key}")
        elif part.get("additionalProperties") is False and "patternProperties" not in part:
            yield f"{place}: extraneous key [{key}] is not permitted"


def _of_value(part: Record, value: Any, place: str) -> Iterator[str]:
    stated = part.get("type")
    types = [stated] if isinstance(stated, str) else stated or []
    if types and not any(_is(value, each) for each in types):
        yield f"{place}: expected type: {_words(types)}, found: {type(value).__name__}"
    allowed = part.get("enum")
    if allowed and isinstance(value, str) and value not in [str(each) for each in allowed]:
        yield f"{place}: #: {value} is not a valid enum value"


def _is(value: Any, name: str) -> bool:
    """Tell whether a value is of a type, or can be made so: templates write much as strings."""
    if name == "object":
        return isinstance(value, dict)
    if name == "array":
        return isinstance(value, list)
    if name == "boolean":
        return isinstance(value, bool) or value in ("true", "false", "True", "False")
    if name in {"integer", "number"}:
        return not isinstance(value, bool) and _is_number(value)
    return not isinstance(value, (dict, list)) and value is not None


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _words(types: list[str]) -> str:
    return " or ".join(each.capitalize() for each in types)


def _followed(part: Record, whole: Record) -> Record:
    while "$ref" in part:
        target: Any = whole
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = target
    return part
