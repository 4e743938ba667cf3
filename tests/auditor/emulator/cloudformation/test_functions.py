"""The intrinsic functions, each by examples."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.emulator.cloudformation import functions, templates
from mlaudit.emulator.cloudformation.functions import NO_VALUE, Scope
from mlaudit.emulator.errors import Refusal

BODY = """
Transform: AWS::LanguageExtensions
Mappings: {Sizes: {prod: {Count: 3, Zones: [a, b]}}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Condition IsTest]
  Either: !Or [!Condition IsProd, !Condition IsTest]
  Loop: !Condition Loop
Resources: {A: {Type: AWS::SNS::Topic}}
"""
PLAIN = BODY.replace("Transform: AWS::LanguageExtensions", "")


def scope(body: str = BODY) -> Scope:
    return Scope(
        template=templates.read(body),
        values={"Stage": "prod", "Zones": ["a", "b"], "AWS::Region": "eu-west-1", "Count": 7},
        attribute=lambda name, attribute: f"{name}:{attribute}",
        imported=lambda name: f"imported {name}",
        zones=lambda region: [f"{region}a", f"{region}b"],
    )


EVALUATED: list[tuple[Any, Any]] = [
    ("text", "text"),
    (3, 3),
    ({"Ref": "Stage"}, "prod"),
    ({"Ref": "A"}, "A:"),
    ({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}]}, {"b": [1]}),
    ({"Fn::GetAtt": ["A", "Arn"]}, "A:Arn"),
    ({"Fn::GetAtt": "A.Outputs.B"}, "A:Outputs.B"),
    ({"Fn::Sub": "${Stage}-${A}-${A.Arn}-${!Stage}-${AWS::Region}"},
     "prod-A:-A:Arn-${Stage}-eu-west-1"),
    ({"Fn::Sub": ["${x}${Stage}", {"x": {"Ref": "Count"}}]}, "7prod"),
    ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}, 1, True]]}, "a-prod-1-true"),
    ({"Fn::Join": [",", {"Ref": "Zones"}]}, "a,b"),
    ({"Fn::Select": [1, {"Ref": "Zones"}]}, "b"),
    ({"Fn::Select": ["0", ["x"]]}, "x"),
    ({"Fn::Split": ["|", "a||b"]}, ["a", "", "b"]),
    ({"Fn::If": ["IsProd", "yes", "no"]}, "yes"),
    ({"a": {"Fn::If": ["IsTest", 1, {"Ref": "AWS::NoValue"}]}}, {}),
    ({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Count"]}, 3),
    ({"Fn::FindInMap": ["Sizes", "prod", "Zones"]}, ["a", "b"]),
    ({"Fn::FindInMap": ["Sizes", "test", "Count", {"DefaultValue": {"Ref": "Count"}}]}, 7),
    ({"Fn::ImportValue": {"Fn::Sub": "${Stage}-x"}}, "imported prod-x"),
    ({"Fn::Base64": {"Ref": "Stage"}}, "cHJvZA=="),
    ({"Fn::GetAZs": ""}, ["eu-west-1a", "eu-west-1b"]),
    ({"Fn::GetAZs": {"Ref": "AWS::Region"}}, ["eu-west-1a", "eu-west-1b"]),
    ({"Fn::Cidr": ["10.0.0.0/22", 3, 8]}, ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
    ({"Fn::Cidr": ["10.0.0.0/24", "2", "5"]}, ["10.0.0.0/27", "10.0.0.32/27"]),
    ({"Fn::Cidr": ["fd00::/56", 1]}, ["fd00::/64"]),
    ({"Fn::Length": {"Ref": "Zones"}}, 2),
    ({"Fn::ToJsonString": {"a": [{"Ref": "Stage"}]}}, '{"a":["prod"]}'),
]  # fmt: skip


@pytest.mark.parametrize(("node", "expected"), EVALUATED, ids=lambda value: str(value)[:40])
def test_a_function_is_evaluated(node: Any, expected: Any) -> None:
    assert functions.resolve(scope(), node) == expected


@pytest.mark.parametrize(
    ("name", "met"), [("IsProd", True), ("IsTest", False), ("Both", False), ("Either", True)]
)
def test_a_condition_is_met_or_not(name: str, met: bool) -> None:  # noqa: FBT001 - a table
    assert functions.holds(scope(), name) is met


REFUSED: list[tuple[Any, str]] = [
    ({"Fn::Nothing": "x"}, "Unrecognized function"),
    ({"Fn::Join": ["-"]}, "every Fn::Join object requires a list of 2"),
    ({"Fn::Join": ["-", "text"]}, "a delimiter and a list"),
    ({"Fn::Join": ["-", [{"a": "b"}]]}, "needs strings, not an object"),
    ({"Fn::Select": [2, ["a", "b"]]}, "cannot select nonexistent value at index 2"),
    ({"Fn::Select": ["x", ["a"]]}, "an integer index"),
    ({"Fn::Split": [",", ["a"]]}, "a delimiter and a string"),
    ({"Fn::Sub": ["${a}", ["b"]]}, "not well formed"),
    ({"Fn::Sub": "${Zones}"}, "needs strings, not a list"),
    ({"Fn::FindInMap": ["Sizes", "test", "Count"]}, "Unable to get mapping for Sizes::test::Count"),
    ({"Fn::If": ["Missing", 1, 2]}, "Unresolved condition dependency Missing"),
    ({"Fn::Base64": ["a"]}, "needs strings"),
    ({"Fn::Cidr": ["10.0.0.0/30", 9, 1]}, "cannot make 9 blocks"),
    ({"Fn::Cidr": ["nonsense", 1, 8]}, "Fn::Cidr"),
    ({"Fn::Cidr": ["10.0.0.0/8"]}, "requires a block"),
    ({"Fn::Length": "text"}, "requires a list"),
    ({"Ref": ["A"]}, "every Ref object must have a single String value"),
    ({"Fn::If": [["IsProd"], 1, 2]}, "Unresolved condition dependency"),
    ({"Fn::Split": [1.5, "a"]}, "a delimiter and a string"),
    ({"Fn::FindInMap": ["Sizes", "x", "y", "z"]}, "Unable to get mapping"),
    ({"Fn::Cidr": ["10.0.0.0/8", [3], 4]}, "Fn::Cidr"),
]


@pytest.mark.parametrize(("node", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_function_used_wrongly_is_refused(node: Any, message: str) -> None:
    with pytest.raises(Refusal, match=message):
        functions.resolve(scope(), node)


@pytest.mark.parametrize("name", ["Fn::Length", "Fn::ToJsonString"])
def test_extensions_of_the_language_have_to_be_asked_for(name: str) -> None:
    with pytest.raises(Refusal, match="needs the transform"):
        functions.resolve(scope(PLAIN), {name: ["a"]})
    with pytest.raises(Refusal, match="requires a list of 3"):
        functions.resolve(scope(PLAIN), {"Fn::FindInMap": ["Sizes", "x", "y", {"DefaultValue": 1}]})


@pytest.mark.parametrize(
    "node", ["text", {"Ref": "Stage"}, {"Fn::And": [{"Condition": "IsProd"}]}, {"Fn::Or": "x"}]
)
def test_what_is_no_condition_is_refused(node: Any) -> None:
    with pytest.raises(Refusal):
        functions.condition(scope(), node)


def test_a_condition_that_refers_to_itself_comes_to_an_end() -> None:
    assert functions.holds(scope(), "Loop") is False


def test_a_branch_that_is_not_taken_is_left_out() -> None:
    node = {"a": [{"Fn::If": ["IsProd", {"Ref": "A"}, {"Ref": "B"}]}]}
    assert functions.pruned(scope(), node) == {"a": [{"Ref": "A"}]}


def test_nothing_at_all_is_told_from_null() -> None:
    assert functions.resolve(scope(), {"Ref": "AWS::NoValue"}) is NO_VALUE
