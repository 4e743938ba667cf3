"""The intrinsic functions of templates, evaluated."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlaudit.emulator.cloudformation.differences import is_unknown
from mlaudit.emulator.cloudformation.templates import Template, invalid

NO_VALUE = object()
_VARIABLE = re.compile(r"\$\{(!?)\s*([^}]*?)\s*\}")
_MOST_BLOCKS = 256


@dataclass(frozen=True, slots=True)
class Scope:
    """What a template can refer to.

    Attributes:
        template: The template.
        values: The values of parameters and of pseudo parameters by name.
        attribute: The attribute of a resource, its physical id where none is named.
        imported: The value of an export by its name.
        zones: The availability zones of a region.
        met: What conditions have been found to be.
        imports: The names of the exports that were asked for.
    """

    template: Template
    values: Mapping[str, Any]
    attribute: Callable[[str, str], Any]
    imported: Callable[[str], str]
    zones: Callable[[str], list[str]]
    met: dict[str, bool] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)


def resolve(scope: Scope, node: Any) -> Any:
    """Return a part of a template with its functions evaluated.

    Raises:
        Refusal: A function is used wrongly, or refers to what does not exist.
    """
    if isinstance(node, list):
        items = [resolve(scope, item) for item in node]
        return [item for item in items if item is not NO_VALUE]
    if not isinstance(node, dict):
        return node
    name = function_name(node)
    if name is not None:
        return _evaluated(scope, name, node[name])
    entries = {key: resolve(scope, value) for key, value in node.items()}
    return {key: value for key, value in entries.items() if value is not NO_VALUE}


def function_name(node: Mapping[Any, Any]) -> str | None:
    """Return which function a mapping is, None where it is an ordinary one."""
    if len(node) != 1:
        return None
    (name,) = node
    return name if isinstance(name, str) and (name == "Ref" or name.startswith("Fn::")) else None


def holds(scope: Scope, name: Any) -> bool:
    """Tell whether a condition of the template is met.

    Raises:
        Refusal: There is no such condition, or it refers to itself.
    """
    if not isinstance(name, str) or name not in scope.template.conditions:
        raise invalid(f"Template format error: Unresolved condition dependency {name}")
    if name not in scope.met:
        scope.met[name] = False
        scope.met[name] = condition(scope, scope.template.conditions[name])
    return scope.met[name]


def condition(scope: Scope, node: Any) -> bool:
    """Evaluate a condition function.

    Raises:
        Refusal: It is no condition.
    """
    if isinstance(node, dict) and len(node) == 1:
        ((name, value),) = node.items()
        if name == "Condition":
            return holds(scope, value)
        if name in _CONDITIONS:
            return _CONDITIONS[name](scope, value)
    raise invalid("Template format error: Conditions can only be boolean functions")


def pruned(scope: Scope, node: Any) -> Any:
    """Return a part of a template with the branches of Fn::If that are not taken left out."""
    if isinstance(node, list):
        return [pruned(scope, item) for item in node]
    if not isinstance(node, dict):
        return node
    if function_name(node) == "Fn::If":
        return pruned(scope, _branch(scope, node["Fn::If"]))
    return {key: pruned(scope, value) for key, value in node.items()}


def variables(text: str) -> list[str]:
    """Return what a text of Fn::Sub refers to."""
    return [name for literal, name in _VARIABLE.findall(text) if not literal]


def _evaluated(scope: Scope, name: str, value: Any) -> Any:
    if name in _EXTENDED and not scope.template.extended:
        raise invalid(f"Template error: {name} needs the transform AWS::LanguageExtensions.")
    function = _FUNCTIONS.get(name)
    if function is None:
        raise invalid(f"Template format error: Unrecognized function {name}")
    return function(scope, value)


def _ref(scope: Scope, name: Any) -> Any:
    if not isinstance(name, str):
        raise invalid("Template error: every Ref object must have a single String value.")
    if name == "AWS::NoValue":
        return NO_VALUE
    if name in scope.values:
        return scope.values[name]
    return scope.attribute(name, "")


def _get_att(scope: Scope, value: Any) -> Any:
    parts = value.split(".", 1) if isinstance(value, str) else value
    resource, attribute = _items("Fn::GetAtt", parts, 2)
    return scope.attribute(resource, str(resolve(scope, attribute)))


def _sub(scope: Scope, value: Any) -> str:
    text, given = (value, {}) if isinstance(value, str) else _items("Fn::Sub", value, 2)
    own = resolve(scope, given)
    if not isinstance(text, str) or not isinstance(own, dict):
        raise invalid("Template error: One or more Fn::Sub intrinsic functions are not well formed")

    def filled(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal:
            return "${" + name + "}"
        found = own[name] if name in own else _named(scope, name)
        return _text("Fn::Sub", found)

    return _VARIABLE.sub(filled, text)


def _named(scope: Scope, name: str) -> Any:
    if "." in name:
        return scope.attribute(*name.split(".", 1))
    return _ref(scope, name)


def _join(scope: Scope, value: Any) -> str:
    separator, items = _items("Fn::Join", value, 2)
    resolved = resolve(scope, items)
    if not isinstance(separator, str) or not isinstance(resolved, list):
        raise invalid("Template error: every Fn::Join object requires a delimiter and a list")
    return separator.join(_text("Fn::Join", item) for item in resolved)


def _select(scope: Scope, value: Any) -> Any:
    index, items = _items("Fn::Select", value, 2)
    position, resolved = str(resolve(scope, index)), resolve(scope, items)
    if not isinstance(resolved, list) or not position.isdigit():
        raise invalid(
            "Template error: Fn::Select requires a list argument with two elements: an integer "
            "index and a list"
        )
    if int(position) >= len(resolved):
        raise invalid(
            f"Template error: Fn::Select cannot select nonexistent value at index {position}"
        )
    return resolved[int(position)]


def _split(scope: Scope, value: Any) -> list[str]:
    separator, text = _items("Fn::Split", value, 2)
    resolved = resolve(scope, text)
    if not isinstance(separator, str) or not separator or not isinstance(resolved, str):
        raise invalid("Template error: every Fn::Split object requires a delimiter and a string")
    return resolved.split(separator)


def _if(scope: Scope, value: Any) -> Any:
    return resolve(scope, _branch(scope, value))


def _branch(scope: Scope, value: Any) -> Any:
    name, then, otherwise = _items("Fn::If", value, 3)
    return then if holds(scope, name) else otherwise


def _find_in_map(scope: Scope, value: Any) -> Any:
    default = NO_VALUE
    if isinstance(value, list) and len(value) == 4 and scope.template.extended:  # noqa: PLR2004 - with a default
        *value, settings = value
        default = settings.get("DefaultValue", NO_VALUE) if isinstance(settings, dict) else NO_VALUE
    mapping, top, second = (str(resolve(scope, part)) for part in _items("Fn::FindInMap", value, 3))
    try:
        return scope.template.mappings[mapping][top][second]
    except (KeyError, TypeError) as error:
        if default is not NO_VALUE:
            return resolve(scope, default)
        raise invalid(
            f"Template error: Unable to get mapping for {mapping}::{top}::{second}"
        ) from error


def _import(scope: Scope, value: Any) -> str:
    name = _text("Fn::ImportValue", resolve(scope, value))
    scope.imports.add(name)
    return scope.imported(name)


def _base64(scope: Scope, value: Any) -> str:
    return base64.b64encode(_text("Fn::Base64", resolve(scope, value)).encode()).decode()


def _zones(scope: Scope, value: Any) -> list[str]:
    region = resolve(scope, value) or scope.values["AWS::Region"]
    return scope.zones(_text("Fn::GetAZs", region))


def _cidr(scope: Scope, value: Any) -> list[str]:
    resolved = [resolve(scope, part) for part in value] if isinstance(value, list) else []
    if len(resolved) not in {2, 3}:
        raise invalid("Template error: Fn::Cidr requires a block, a count and the bits of a block")
    if is_unknown(resolved[0]):
        return [str(resolved[0])] * int(resolved[1])
    try:
        block = ipaddress.ip_network(resolved[0])
        wanted = int(resolved[1])
        bits = int(resolved[2]) if len(resolved) == 3 else (8 if block.version == 4 else 64)  # noqa: PLR2004 - the parts and the versions
        blocks = block.subnets(new_prefix=block.max_prefixlen - bits)
        found = [str(each) for each, _ in zip(blocks, range(wanted), strict=False)]
    except (TypeError, ValueError) as error:
        raise invalid(f"Template error: Fn::Cidr: {error}") from error
    if not 1 <= wanted <= _MOST_BLOCKS or len(found) < wanted:
        raise invalid(f"Template error: Fn::Cidr cannot make {wanted} blocks of {resolved[0]}")
    return found


def _length(scope: Scope, value: Any) -> int:
    resolved = resolve(scope, value)
    if not isinstance(resolved, list):
        raise invalid("Template error: Fn::Length requires a list")
    return len(resolved)


def _to_json(scope: Scope, value: Any) -> str:
    return json.dumps(resolve(scope, value), separators=(",", ":"))


def _equals(scope: Scope, value: Any) -> bool:
    left, right = (resolve(scope, part) for part in _items("Fn::Equals", value, 2))
    if isinstance(left, (list, dict)) or isinstance(right, (list, dict)):
        return bool(left == right)
    return _text("Fn::Equals", left) == _text("Fn::Equals", right)


def _and(scope: Scope, value: Any) -> bool:
    return all(condition(scope, part) for part in _several("Fn::And", value))


def _or(scope: Scope, value: Any) -> bool:
    return any(condition(scope, part) for part in _several("Fn::Or", value))


def _not(scope: Scope, value: Any) -> bool:
    (part,) = _items("Fn::Not", value, 1)
    return not condition(scope, part)


def _several(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or not 2 <= len(value) <= 10:  # noqa: PLR2004 - as documented
        raise invalid(f"Template error: every {name} object requires a list of 2 to 10 conditions")
    return value


def _items(name: str, value: Any, count: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != count:
        raise invalid(f"Template error: every {name} object requires a list of {count} elements")
    return value


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, (list, dict)) or value is NO_VALUE:
        raise invalid(f"Template error: {name} needs strings, not {_kind(value)}")
    return str(value)


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else "nothing"


_FUNCTIONS: Mapping[str, Callable[[Scope, Any], Any]] = {
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _zones,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::ImportValue": _import,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json,
    "Ref": _ref,
}
_CONDITIONS: Mapping[str, Callable[[Scope, Any], bool]] = {
    "Fn::And": _and,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::Or": _or,
}
_EXTENDED = frozenset(["Fn::Length", "Fn::ToJsonString"])
