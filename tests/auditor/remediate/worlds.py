"""A small account in memory, with settings that take several calls to write, and things go wrong.

Its things have members that are written one call each, so that any call can be the last one made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mlaudit.collect.operation import Operation
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.change import (
    Ask,
    Call,
    Change,
    Document,
    FailedError,
    Key,
    Pinned,
    RefusedError,
    State,
)
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.journal import Journal, begin, reopen
from mlaudit.remediate.plan import Step
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.waiting import Patience
from mlaudit.remediate.workplace import Workplace

HERE = "eu-west-1"
ME = "arn:aws:iam::123456789012:user/me"
SCOPE = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/fraud"
READ = Operation("world", "Describe")
WRITES = tuple(Operation("world", name) for name in ("Create", "Put", "Drop", "Delete"))


class KilledError(BaseException):
    """The end of a process: nothing in mlaudit may catch it."""


class Time:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class World:
    """What is there.

    Attributes:
        things: The things by their names, each with its members.
        calls: The calls that write, as they came, each with the name of its thing.
        before: Is told of each call that writes before it takes effect; it may raise.
        after: The same once it took effect.
        busy: How often AWS says of a thing that it works on it.
        broken: Why AWS gave up on a thing.
        data: The things that people have written data to.
        deaf: The things on which writes have no effect, though they are accepted.
    """

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda _call: None
    after: Callable[[str], None] = lambda _call: None
    busy: Counter[str] = field(default_factory=Counter)
    broken: dict[str, str] = field(default_factory=dict)
    data: set[str] = field(default_factory=set)
    deaf: set[str] = field(default_factory=set)

    def ask(self, region: str) -> Ask:
        """Calls in the one region that there is."""
        assert region == HERE
        return self._asked

    def states(self) -> dict[str, dict[str, Any]]:
        """All that is there, to be compared later."""
        return deepcopy(self.things)

    def _asked(self, service: str, operation: str, params: Document) -> Document:
        name = params["Name"]
        if operation == "Describe":
            return {"Thing": deepcopy(self.things.get(name))}
        told = f"{operation} {name}"
        self.before(told)
        self.calls.append(told)
        if operation == "Create" and name in self.things:
            raise RefusedError(service, operation, "AlreadyExists", f"{name} is there")
        if name not in self.deaf:
            self._write(operation, params)
        self.after(told)
        return {}

    def _write(self, operation: str, params: Document) -> None:
        name, member = params["Name"], params.get("Member", "")
        if operation == "Create":
            self.things[name] = {}
        elif operation == "Delete":
            self.things.pop(name, None)
        elif operation == "Drop":
            self.things[name].pop(member, None)
        else:
            self.things[name][member] = params["Value"]


def settings_of(world: World) -> Mapping[str, Setting]:
    """The kinds of things: ``thing``, ``log`` that loses things, and ``ratchet`` that stays on."""

    def is_settled(key: Key, _: Ask) -> bool:
        name = key["Name"]
        if world.busy[name] > 0:
            world.busy[name] -= 1
            return False
        if name in world.broken:
            raise FailedError(f"{name} has failed: {world.broken[name]}.")
        return True

    thing = Setting(
        name="thing",
        title="thing",
        reads=(READ,),
        writes=WRITES,
        read=lambda key, ask: ask("world", "Describe", key)["Thing"],
        calls=_calls,
        arn=lambda key, account, region: f"arn:aws:world:{region}:{account}:thing/{key['Name']}",
        ignores=("Ignored",),
        holds_data=lambda key, _: key["Name"] in world.data,
        is_settled=is_settled,
    )
    ratchet = replace(
        thing,
        name="ratchet",
        calls=lambda key, before, after: [
            each for each in _calls(key, before, after) if each.operation in {"Create", "Put"}
        ],
        cannot_go_back="What is on stays on.",
        leaves_trace=True,
    )
    log = replace(thing, name="log", cannot_go_back="What was let go stays away.")
    return {each.name: each for each in (thing, ratchet, log)}


def _calls(key: Key, before: State, after: State) -> list[Call]:
    if after is None:
        return [] if before is None else [Call("world", "Delete", key)]
    calls = [Call("world", "Create", key, ("AlreadyExists",))] if before is None else []
    for name in sorted({*(before or {}), *after} - {"Ignored"}):
        if name not in after:
            calls.append(Call("world", "Drop", {**key, "Member": name}))
        elif (before or {}).get(name, after) != after[name]:
            calls.append(Call("world", "Put", {**key, "Member": name, "Value": after[name]}))
    return calls


def change(name: str, patch: State, kind: str = "thing", **more: Any) -> Change:
    """A change of a thing."""
    return Change(kind, {"Name": name}, HERE, SCOPE, f"change {name}", patch, **more)


def pin(name: str, before: State, after: State, kind: str = "thing") -> Pinned:
    """A change of a thing, pinned."""
    return Pinned(change(name, after, kind), before, after)


def step(*pinned: Pinned, id_: str = "01", **more: Any) -> Step:
    """A step that makes some changes."""
    return replace(
        Step(
            id=id_,
            fix="fix",
            kind=Kind.SETTING,
            title="Fix it",
            workload="fraud",
            items=(),
            disposition=Disposition.SAFE,
            risk="none",
            back="undo",
            not_proven="",
            exercise="",
            effort=1,
            bill=Bill(),
            changes=tuple(each.change for each in pinned),
            pinned=pinned,
        ),
        **more,
    )


def workplace(
    world: World, state: Path, run: str | None = None, tell: Callable[[str], None] = lambda _: None
) -> Workplace:
    """Where a new run works, or one that is named."""
    time = Time()
    journal: Journal = reopen(state, run) if run else begin(state)
    return Workplace(
        settings=settings_of(world),
        ask=world.ask,
        by=ME,
        journal=journal,
        tell=tell,
        patience=Patience(lambda: time.now, time.sleep),
    )
