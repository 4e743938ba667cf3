"""Templates of CloudFormation as far as their parameters tell what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

UNKNOWN = object()
"""A value that is known once the stack is there."""

_NOTHING = "AWS::NoValue"

Resource = Mapping[str, Any]


@dataclass(frozen=True)
class Values:
    """A template with its parameters.

    Attributes:
        template: The template.
        parameters: What its parameters are; those left out have their defaults.
    """

    template: Mapping[str, Any]
    parameters: Mapping[str, Any]

    def resources(self) -> Iterator[tuple[str, Resource]]:
        """What is made, with its properties; what may be made is taken for made."""
        for logical, each in self.template.get("Resources", {}).items():
            if self.holds(each.get("Condition")) is not False:
                properties = self.resolved(each.get("Properties", {}))
                yield logical, {**each, "Properties": properties}

    def holds(self, condition: str | None) -> bool | None:
        """Whether a condition holds; ``None`` where that is not known."""
        if condition is None:
            return True
        return self._truth(self.template.get("Conditions", {}).get(condition))

    def resolved(self, value: Any) -> Any:
        """A value with all that the parameters tell; ``UNKNOWN`` for the rest."""
        if isinstance(value, list):
            return [each for each in map(self.resolved, value) if each is not None]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                return self._referred(argument)
            if name == "Fn::If":
                return self._chosen(argument)
            if name.startswith("Fn::"):
                return UNKNOWN
        found = {name: self.resolved(each) for name, each in value.items()}
        return {name: each for name, each in found.items() if each is not None}

    def _referred(self, name: str) -> Any:
        if name == _NOTHING:
            return None
        declared = self.template.get("Parameters", {}).get(name, {})
        return self.parameters.get(name, declared.get("Default", UNKNOWN))

    def _chosen(self, argument: Any) -> Any:
        condition, then, otherwise = argument
        truth = self.holds(condition)
        if truth is None:
            one, other = self.resolved(then), self.resolved(otherwise)
            return one if one == other else UNKNOWN
        return self.resolved(then if truth else otherwise)

    def _truth(self, rule: Any) -> bool | None:
        match rule:
            case {"Condition": name}:
                return self.holds(name)
            case {"Fn::Equals": [one, other]}:
                values = (self.resolved(one), self.resolved(other))
                return None if UNKNOWN in values else bool(values[0] == values[1])
            case {"Fn::Not": [inner]}:
                truth = self._truth(inner)
                return None if truth is None else not truth
            case {"Fn::And": rules}:
                return _all(map(self._truth, rules))
            case {"Fn::Or": rules}:
                truth = _all(None if each is None else not each for each in map(self._truth, rules))
                return None if truth is None else not truth
            case _:
                return None


def _all(truths: Iterator[bool | None]) -> bool | None:
    """Whether all hold: one that does not decides, whatever is not known."""
    known = [*truths]
    if False in known:
        return False
    return None if None in known else True
