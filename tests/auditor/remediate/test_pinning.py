"""Pinning: what is there, what will be, and what is left to those who manage it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Change, Pinned, RefusedError, State
from mlaudit.remediate.course import thing_changed
from mlaudit.remediate.hands import Declared
from mlaudit.remediate.managers import STACK
from mlaudit.remediate.pinning import (
    Drift,
    Eyes,
    UnpinnableError,
    drifted,
    operations_to_pin,
    pinned,
    pinned_steps,
)
from mlaudit.remediate.plan import FileChange, LeftAlone

from .worlds import HERE, READ, SCOPE, World, change, pin, settings_of, step

ACCOUNT = "123456789012"
OWN = "arn:aws:world:eu-west-1:123456789012:thing/"


@pytest.fixture
def world() -> World:
    return World(things={"a": {"m": 1, "n": {"x": 1, "y": 2}}})


@pytest.fixture
def tags() -> dict[str, dict[str, str]]:
    """The tags of resources, by their ARNs."""
    return {}


@pytest.fixture
def eyes(world: World, tags: Mapping[str, Mapping[str, str]]) -> Eyes:
    def asked(service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        if operation != "GetResources":
            return world.ask(HERE)(service, operation, params)
        rows = [
            {
                "ResourceARN": arn,
                "Tags": [{"Key": key, "Value": value} for key, value in tags[arn].items()],
            }
            for arn in params["ResourceARNList"]
            if arn in tags
        ]
        return {"ResourceTagMappingList": rows, "PaginationToken": ""}

    return Eyes(settings_of(world), lambda _: asked, ACCOUNT, ours={"ours"})


def denying(eyes: Eyes, denied: str, code: str = "AccessDeniedException") -> Eyes:
    def ask(region: str) -> Ask:
        def asked(service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
            if operation == denied:
                raise RefusedError(service, operation, code, "no")
            return eyes.ask(region)(service, operation, params)

        return asked

    return replace(eyes, ask=ask)


PATCHES: list[tuple[str, State, State]] = [
    ("a", {"m": 2}, {"m": 2, "n": {"x": 1, "y": 2}}),
    ("a", {"m": None, "n": {"y": None, "z": [1]}}, {"n": {"x": 1, "z": [1]}}),
    ("a", None, None),
    ("new", {}, {}),
    ("new", {"m": 1}, {"m": 1}),
]


@pytest.mark.parametrize(("name", "patch", "after"), PATCHES)
def test_a_patch_is_laid_on_what_is_there(
    name: str, patch: State, after: State, eyes: Eyes, world: World
) -> None:
    wanted = change(name, patch)
    (found,) = pinned([wanted], eyes).pinned
    assert found == Pinned(wanted, world.things.get(name), after)
    assert world.calls == []


@pytest.mark.parametrize("nothing", [change("a", {"m": 1}), change("a", {}), change("new", None)])
def test_what_is_so_already_is_no_change(nothing: Change, eyes: Eyes) -> None:
    assert pinned([nothing], eyes).pinned == ()


def test_what_does_not_tell_what_it_is_is_no_change(eyes: Eyes) -> None:
    assert pinned([change("a", {"Ignored": 7})], eyes).pinned == ()


def test_a_new_one_starts_like_another(eyes: Eyes) -> None:
    wanted = change("new", {"m": 2}, like={"Name": "a"})
    (found,) = pinned([wanted], eyes).pinned
    assert (found.before, found.after) == (None, {"m": 2, "n": {"x": 1, "y": 2}})
    (found,) = pinned([change("a", {"m": 3}, like={"Name": "other"})], eyes).pinned
    assert found.after == {"m": 3, "n": {"x": 1, "y": 2}}


def test_what_a_new_one_starts_like_must_be_there(eyes: Eyes) -> None:
    with pytest.raises(UnpinnableError, match="new was to be made like gone, which is gone"):
        pinned([change("new", {"m": 2}, like={"Name": "gone"})], eyes)


def test_a_state_is_as_a_plan_file_gives_it_back(eyes: Eyes) -> None:
    (found,) = pinned([change("new", {"m": (1, 2)})], eyes).pinned
    assert found.after == {"m": [1, 2]}


def test_changes_rest_on_those_before_them(eyes: Eyes) -> None:
    plan = [
        step(pin("new", None, {"m": 1})),
        step(pin("new", None, {"n": 2}), pin("like", None, {}), id_="02"),
    ]
    third = replace(plan[1].changes[1], like={"Name": "new"})
    plan[1] = replace(plan[1], changes=(plan[1].changes[0], third))
    first, second = pinned_steps([replace(each, pinned=()) for each in plan], eyes)
    assert [(each.before, each.after) for each in (*first.pinned, *second.pinned)] == [
        (None, {"m": 1}),
        ({"m": 1}, {"m": 1, "n": 2}),
        (None, {"m": 1, "n": 2}),
    ]


def test_steps_with_nothing_left_to_do_are_left_out(eyes: Eyes) -> None:
    done = step(pin("a", None, {"m": 1}))
    waits = replace(done, id="02", waits="an approved version", pinned=())
    files = step(id_="03", files=(FileChange("a", "b", "c"),))
    assert pinned_steps([done, waits, files], eyes) == (waits, files)


@pytest.mark.parametrize("arn", [f"{OWN}a", SCOPE])
def test_what_a_stack_manages_is_left_to_it(
    arn: str, eyes: Eyes, tags: dict[str, dict[str, str]]
) -> None:
    tags[arn] = {STACK: "billing"}
    wanted = change("a", {"m": 2})
    assert pinned([wanted], eyes).left_alone == (LeftAlone(wanted, "the stack billing"),)
    assert pinned([wanted], eyes).pinned == ()
    (kept,) = pinned_steps([step(pin("a", None, {"m": 2}))], eyes)
    assert (kept.pinned, len(kept.left_alone)) == ((), 1)


def test_it_can_be_adopted_and_is_told(eyes: Eyes, tags: dict[str, dict[str, str]]) -> None:
    tags[SCOPE] = {"ManagedBy": "Terraform"}
    found = pinned([change("a", {"m": 2})], replace(eyes, adopt=True))
    assert [each.managed_by for each in found.pinned] == ["Terraform"]
    assert found.left_alone == ()


def test_what_our_stacks_made_is_ours(eyes: Eyes, tags: dict[str, dict[str, str]]) -> None:
    tags[SCOPE] = {STACK: "ours"}
    (found,) = pinned([change("a", {"m": 2})], eyes).pinned
    assert found.managed_by is None


def test_what_is_left_alone_leaves_nothing_to_rest_on(
    eyes: Eyes, tags: dict[str, dict[str, str]]
) -> None:
    tags[f"{OWN}a"] = {STACK: "billing"}
    found = pinned([change("a", {"m": 2}), change("new", {}, like={"Name": "a"})], eyes)
    assert [each.after for each in found.pinned] == [{"m": 1, "n": {"x": 1, "y": 2}}]


DENIALS = [
    (
        "Describe",
        "AccessDeniedException",
        "The thing a in eu-west-1 cannot be read",
        "Allow world:D",
    ),
    ("GetResources", "AccessDeniedException", "Who manages what in eu-west-1", "Allow tag:GetRes"),
    ("Describe", "ThrottlingException", "(ThrottlingException): no", "Plan again once it can be."),
]


@pytest.mark.parametrize(("operation", "code", "what", "then"), DENIALS)
def test_what_cannot_be_seen_is_not_pinned(
    operation: str, code: str, what: str, then: str, eyes: Eyes
) -> None:
    with pytest.raises(UnpinnableError) as failure:
        pinned([change("a", {"m": 2})], denying(eyes, operation, code))
    assert what in str(failure.value)
    assert then in str(failure.value)


def test_pinning_reads_and_nothing_else(world: World) -> None:
    found = operations_to_pin([change("a", {}), change("b", {})], settings_of(world))
    tagging = Operation("resourcegroupstaggingapi", "GetResources")
    assert found == Declared((tagging, READ), ())
    with pytest.raises(MlauditError, match="'novel'"):
        operations_to_pin([change("a", {}, "novel")], settings_of(world))


COURSE = (pin("a", {"m": 1}, {"m": 2}), pin("b", None, {}), pin("a", {"m": 2}, {"m": 3}))
NOW: list[tuple[State, bool]] = [
    ({"m": 1}, False),
    ({"m": 2}, False),
    ({"m": 3}, False),
    ({"m": 1, "Ignored": 1}, False),
    ({"m": 4}, True),
    ({}, True),
    (None, True),
]


@pytest.mark.parametrize(("now", "drifts"), NOW)
def test_drift_is_what_is_nowhere_on_the_course(
    now: State, *, drifts: bool, eyes: Eyes, world: World
) -> None:
    world.things = {} if now is None else {"a": dict(now)}
    assert drifted(COURSE, eyes) == ((Drift(COURSE[0], now),) if drifts else ())
    assert drifted(COURSE, eyes, {thing_changed(COURSE[0])}) == ()


def test_drift_that_cannot_be_seen_is_not_none(eyes: Eyes) -> None:
    with pytest.raises(UnpinnableError):
        drifted(COURSE, denying(eyes, "Describe"))
