"""The parameters of a template: what they may be, and what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.templates import Template, invalid
from mlaudit.emulator.errors import Refusal

HIDDEN = "****"
_FROM_STORE = re.compile(r"^AWS::SSM::Parameter::Value<(?P<inner>.+)>$")
_LISTS = re.compile(r"^(CommaDelimitedList|List<.+>)$")
_PLAIN = frozenset(["String", "Number", "CommaDelimitedList", "List<Number>"])
_NAMED = re.compile(r"^(List<)?AWS::(EC2|Route53|SSM)::[A-Za-z0-9:]+(\.[A-Za-z]+)?>?$")


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one parameter.

    Attributes:
        name: Its name.
        given: What was given for it, or its default.
        resolved: What it stands for in the template: text, or a list of texts.
        hidden: Whether it must not be shown.
        stored: Whether it was looked up in the parameter store.
    """

    name: str
    given: str
    resolved: Any
    hidden: bool
    stored: bool

    def shown(self) -> Record:
        """Return it as the service shows it."""
        told: Record = {
            "ParameterKey": self.name,
            "ParameterValue": HIDDEN if self.hidden else self.given,
        }
        if self.stored:
            value = self.resolved
            told["ResolvedValue"] = ",".join(value) if isinstance(value, list) else value
        return told


def values(
    call: Call, template: Template, given: Iterable[Record], previous: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the values of all parameters of a template.

    Args:
        call: The request.
        template: The template.
        given: The parameters of the request.
        previous: The values the stack has now.

    Raises:
        Refusal: One is missing, unknown or not allowed.
    """
    asked = _asked(given, previous)
    unknown = sorted(set(asked) - set(template.parameters))
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    missing = [
        name
        for name, declared in template.parameters.items()
        if name not in asked and "Default" not in declared
    ]
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    return {
        name: _value(call, name, declared, asked.get(name, declared.get("Default")))
        for name, declared in template.parameters.items()
    }


def declared(template: Template) -> list[Record]:
    """Return the declarations of a template's parameters as the service lists them."""
    return [
        {
            "ParameterKey": name,
            "ParameterType": entry["Type"],
            "DefaultValue": _text(entry["Default"]) if "Default" in entry else None,
            "NoEcho": _is_true(entry.get("NoEcho")),
            "Description": entry.get("Description"),
            "ParameterConstraints": {
                "AllowedValues": [_text(each) for each in entry.get("AllowedValues", [])] or None
            },
        }
        for name, entry in template.parameters.items()
    ]


def _asked(given: Iterable[Record], previous: Mapping[str, Value]) -> dict[str, str]:
    asked: dict[str, str] = {}
    for each in given:
        name = each["ParameterKey"]
        if not each.get("UsePreviousValue"):
            asked[name] = each.get("ParameterValue", "")
        elif name in previous:
            asked[name] = previous[name].given
        else:
            raise invalid(f"Invalid input for parameter key {name}. Cannot use previous value.")
    return asked


def _value(call: Call, name: str, entry: Record, given: Any) -> Value:
    text = _text(given)
    kind = entry["Type"]
    if kind not in _PLAIN and not _NAMED.match(kind) and not _FROM_STORE.match(kind):
        raise invalid(f"Template format error: Unrecognized parameter type: {kind}")
    stored = _FROM_STORE.match(kind)
    if stored is None:
        _check(name, entry, text)
    found = _looked_up(call, name, text) if stored else text
    return Value(
        name=name,
        given=text,
        resolved=_typed(stored["inner"] if stored else kind, found),
        hidden=_is_true(entry.get("NoEcho")),
        stored=bool(stored),
    )


def _typed(kind: str, text: str) -> Any:
    if _LISTS.match(kind):
        return [part.strip() for part in text.split(",")] if text else []
    return text


def _looked_up(call: Call, name: str, key: str) -> str:
    try:
        answer = Account(call).ask("ssm", "GetParameter", {"Name": key})
    except Refusal as refusal:
        if refusal.code == "ParameterNotFound":
            raise invalid(
                f"Unable to fetch parameters [{key}] from parameter store for this account."
            ) from refusal
        raise
    parameter = answer["Parameter"]
    if parameter["Type"] == "SecureString":
        raise invalid(f"Parameters [{name}] referenced by template have types not supported.")
    return str(parameter["Value"])


def _check(name: str, entry: Record, text: str) -> None:
    parts = text.split(",") if _LISTS.match(entry["Type"]) else [text]
    for part in parts:
        for constraint, (met, words) in _CONSTRAINTS.items():
            limit = entry.get(constraint)
            if limit is not None and not met(part.strip(), limit):
                raise _violated(name, entry, words.format(name=name, limit=limit))
        if "Number" in entry["Type"] and not _is_number(part):
            raise invalid(f"Parameter '{name}' must be a number.")


def _violated(name: str, entry: Record, words: str) -> Refusal:
    if "ConstraintDescription" in entry:
        return invalid(
            f"Parameter '{name}' failed to satisfy constraint: {entry['ConstraintDescription']}"
        )
    return invalid(words)


def _is_allowed(text: str, allowed: list[Any]) -> bool:
    return text in [_text(each) for each in allowed]


def _matches(text: str, pattern: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(_text(each) for each in value)
    return str(value)


_CONSTRAINTS: Mapping[str, tuple[Callable[[str, Any], bool], str]] = {
    "AllowedValues": (_is_allowed, "Parameter '{name}' must be one of AllowedValues"),
    "AllowedPattern": (_matches, "Parameter '{name}' must match pattern {limit}"),
    "MinLength": (
        lambda text, limit: len(text) >= int(limit),
        "Parameter '{name}' must contain at least {limit} characters",
    ),
    "MaxLength": (
        lambda text, limit: len(text) <= int(limit),
        "Parameter '{name}' must contain at most {limit} characters",
    ),
    "MinValue": (
        lambda text, limit: _is_number(text) and float(text) >= float(limit),
        "Parameter '{name}' must be a number not less than {limit}",
    ),
    "MaxValue": (
        lambda text, limit: _is_number(text) and float(text) <= float(limit),
        "Parameter '{name}' must be a number not greater than {limit}",
    ),
}
