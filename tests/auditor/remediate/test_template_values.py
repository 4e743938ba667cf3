"""What the parameters of a template tell of it, and what they do not."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.remediate.template_values import UNKNOWN, Values

TEMPLATE = {
    "Parameters": {"Size": {"Default": "small"}, "Name": {}},
    "Conditions": {
        "IsSmall": {"Fn::Equals": [{"Ref": "Size"}, "small"]},
        "IsNamed": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Name"}, ""]}]},
        "IsBoth": {"Fn::And": [{"Condition": "IsSmall"}, {"Condition": "IsNamed"}]},
        "IsEither": {"Fn::Or": [{"Condition": "IsSmall"}, {"Condition": "IsNamed"}]},
        "IsOdd": {"Fn::Something": []},
    },
    "Resources": {
        "Always": {"Type": "A", "Properties": {"Name": {"Ref": "Name"}}},
        "Small": {"Type": "B", "Condition": "IsSmall"},
        "Named": {"Type": "C", "Condition": "IsNamed"},
    },
}


def values(**parameters: str) -> Values:
    return Values(TEMPLATE, parameters)


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        (1, 1),
        ({"Ref": "Size"}, "small"),
        ({"Ref": "Name"}, UNKNOWN),
        ({"Ref": "SomeResource"}, UNKNOWN),
        ({"Fn::GetAtt": ["A", "B"]}, UNKNOWN),
        ({"Fn::If": ["IsSmall", 1, 2]}, 1),
        ({"Fn::If": ["IsNamed", 1, 2]}, UNKNOWN),
        ({"Fn::If": ["IsNamed", 1, 1]}, 1),
        ([{"Ref": "AWS::NoValue"}, 1], [1]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": {"c": {"Ref": "Size"}}}, {"b": {"c": "small"}}),
    ],
)
def test_what_the_parameters_tell_is_told(value: Any, resolved: Any) -> None:
    assert values().resolved(value) == resolved


@pytest.mark.parametrize(
    ("condition", "parameters", "holds"),
    [
        (None, {}, True),
        ("IsSmall", {}, True),
        ("IsSmall", {"Size": "large"}, False),
        ("IsNamed", {}, None),
        ("IsNamed", {"Name": "x"}, True),
        ("IsBoth", {}, None),
        ("IsBoth", {"Size": "large"}, False),
        ("IsEither", {}, True),
        ("IsEither", {"Size": "large"}, None),
        ("IsEither", {"Size": "large", "Name": ""}, False),
        ("IsOdd", {}, None),
    ],
)
def test_a_condition_holds_or_not_or_nobody_knows(
    condition: str | None,
    parameters: dict[str, str],
    holds: bool | None,  # noqa: FBT001 - a column of the table
) -> None:
    assert values(**parameters).holds(condition) is holds


@pytest.mark.parametrize(
    ("parameters", "made"),
    [
        ({}, ["Always", "Small", "Named"]),
        ({"Size": "large", "Name": ""}, ["Always"]),
    ],
)
def test_what_may_be_made_is_taken_for_made(parameters: dict[str, str], made: list[str]) -> None:
    assert [logical for logical, _ in values(**parameters).resources()] == made
