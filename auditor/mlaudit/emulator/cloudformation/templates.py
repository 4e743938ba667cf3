"""Templates as CloudFormation reads them: JSON, or YAML with the short forms of its functions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.errors import Refusal

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
_SECTIONS = frozenset(
    [
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    ]
)
_OF_RESOURCES = frozenset(
    [
        "Condition",
        "CreationPolicy",
        "DeletionPolicy",
        "DependsOn",
        "Metadata",
        "Properties",
        "Type",
        "UpdatePolicy",
        "UpdateReplacePolicy",
    ]
)
_POLICIES = {
    "DeletionPolicy": frozenset(["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"]),
    "UpdateReplacePolicy": frozenset(["Delete", "Retain", "Snapshot"]),
}
# What makes a stack wait for signals, or an update go step by step.
_UNHEEDED = frozenset(["CreationPolicy", "UpdatePolicy"])
_LARGEST = 1_000_000
_MOST_RESOURCES = 500
_SHORT = ("Ref", "Condition")


@dataclass(frozen=True, slots=True)
class Template:
    """A template that is well formed: its text, and its sections."""

    body: str
    content: Record

    @property
    def resources(self) -> dict[str, Record]:
        """The resources by their logical ids."""
        return self._section("Resources")

    @property
    def parameters(self) -> dict[str, Record]:
        """The declarations of the parameters by their names."""
        return self._section("Parameters")

    @property
    def conditions(self) -> dict[str, Any]:
        """The conditions by their names."""
        return self._section("Conditions")

    @property
    def mappings(self) -> dict[str, Any]:
        """The mappings by their names."""
        return self._section("Mappings")

    @property
    def outputs(self) -> dict[str, Record]:
        """The outputs by their logical ids."""
        return self._section("Outputs")

    @property
    def transforms(self) -> tuple[str, ...]:
        """The names of the transforms it asks for."""
        asked = self.content.get("Transform") or []
        return tuple(asked) if isinstance(asked, list) else (asked,)

    @property
    def extended(self) -> bool:
        """Whether the language extensions are switched on."""
        return LANGUAGE_EXTENSIONS in self.transforms

    def _section(self, name: str) -> dict[str, Any]:
        return self.content.get(name) or {}


def read(body: str) -> Template:
    """Read the text of a template.

    Raises:
        Refusal: It is no template.
    """
    if len(body.encode()) > _LARGEST:
        raise invalid(f"Template may not exceed {_LARGEST} bytes in size.")
    content = _parsed(body)
    if not isinstance(content, dict):
        raise invalid("Template format error: unsupported structure.")
    unknown = sorted(str(key) for key in content if key not in _SECTIONS)
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    for name in sorted(_SECTIONS - {"AWSTemplateFormatVersion", "Description", "Transform"}):
        if not isinstance(content.get(name) or {}, dict):
            raise invalid(f"Template format error: [/{name}] must be an object.")
    if not content.get("Resources"):
        raise invalid("Template format error: At least one Resources member must be defined.")
    template = Template(body, content)
    _check_resources(template.resources)
    _check_entries(template)
    _check_processed(template)
    return template


def invalid(message: str) -> Refusal:
    """Return the refusal of something that is wrong with a template or its parameters."""
    return Refusal("ValidationError", message)


def _parsed(body: str) -> Any:
    text = body.lstrip()
    try:
        return json.loads(text) if text.startswith("{") else yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except json.JSONDecodeError:
        return _flow(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise invalid(f"Template format error: YAML not well-formed. {_where(error)}") from error


def _flow(text: str) -> Any:
    """Read what begins like JSON and is not, for it may be YAML in its flow style."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, RecursionError) as error:
        raise invalid(f"Template format error: JSON not well-formed. {_where(error)}") from error


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"(line {mark.line + 1}, column {mark.column + 1})" if mark else str(error)


def _check_resources(resources: Mapping[Any, Any]) -> None:
    if len(resources) > _MOST_RESOURCES:
        raise invalid(
            f"Template format error: Number of resources, {len(resources)}, is greater than "
            f"maximum allowed, {_MOST_RESOURCES}"
        )
    for name, resource in resources.items():
        if not str(name).isalnum():
            raise invalid(f"Template format error: Resource name {name} is non alphanumeric.")
        if not isinstance(resource, dict):
            raise invalid("Template format error: Every Resources member must be an object.")
        if not isinstance(resource.get("Type"), str):
            raise invalid(
                f"Template format error: [/Resources/{name}] Every Resources object must contain "
                "a Type member."
            )
        _check_resource(name, resource)


def _check_resource(name: str, resource: Record) -> None:
    for key in resource:
        if key not in _OF_RESOURCES:
            raise invalid(f"Invalid template resource property '{key}'")
    if not isinstance(resource.get("Properties") or {}, dict):
        raise invalid(f"Template format error: [/Resources/{name}/Properties] must be an object.")
    stated = resource.get("DependsOn", [])
    if not all(
        isinstance(each, str) for each in (stated if isinstance(stated, list) else [stated])
    ):
        raise invalid(
            f"Template format error: DependsOn of resource {name} must be a string or a list of "
            "strings"
        )
    if not isinstance(resource.get("Condition", ""), str):
        raise invalid(f"Template format error: Every Condition member must be a string: {name}")
    for key, known in _POLICIES.items():
        value = resource.get(key)
        if isinstance(value, str) and value not in known:
            raise invalid(f"Template format error: Unrecognized {key} {value} for resource {name}")


def _check_entries(template: Template) -> None:
    outputs: Mapping[str, Any] = template.outputs
    parameters: Mapping[str, Any] = template.parameters
    for name, output in outputs.items():
        if not isinstance(output, dict) or "Value" not in output:
            raise invalid(
                f"Template format error: Every Outputs member must contain a Value object: {name}"
            )
        export = output.get("Export", {"Name": name})
        if not isinstance(export, dict) or set(export) != {"Name"}:
            raise invalid(
                f"Template format error: Output {name} is malformed. The Export field must be an "
                "object with a Name."
            )
    for name, parameter in parameters.items():
        if not isinstance(parameter, dict) or "Type" not in parameter:
            raise invalid(
                f"Template format error: Every Parameters object must contain a Type member: {name}"
            )


def _check_processed(template: Template) -> None:
    """Refuse what nothing here would act upon."""
    if template.content.get("Rules"):
        raise invalid("The emulated account does not evaluate the Rules of a template.")
    for name, resource in template.resources.items():
        for key in _UNHEEDED & set(resource):
            raise invalid(f"The emulated account does not heed the {key} of {name}.")
    for name in template.transforms:
        if name != LANGUAGE_EXTENSIONS:
            raise invalid(
                f"The emulated account does not process the transform {name}: expand it first."
            )


class _Loader(yaml.SafeLoader):
    """YAML in which nothing is a date, every function has a short form and no key comes twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - as the base has it
        """Return a mapping.

        Raises:
            YAMLError: A key comes twice, of which one would be lost.
        """
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.MarkedYAMLError(problem_mark=node.start_mark, problem=f"twice: {twice[0]}")
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


def _function(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise yaml.YAMLError(f"!{suffix} of nothing")
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in _SHORT else f"Fn::{suffix}": value}


_Loader.yaml_implicit_resolvers = {
    first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_multi_constructor("!", _function)
