"""Applying: what was reviewed, each change on disk before it is made, and a truthful end."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlaudit.errors import MlauditError
from mlaudit.remediate.apply import Applied, applied
from mlaudit.remediate.change import FailedError, RefusedError, State
from mlaudit.remediate.entries import (
    Began,
    Did,
    Ended,
    Failed,
    Intent,
    StepBegan,
    StepDone,
    WasSo,
)
from mlaudit.remediate.journal import JOURNAL, JournalError
from mlaudit.remediate.plan import FileChange, StackChange, Step
from mlaudit.remediate.workplace import Workplace

from .worlds import HERE, ME, World, pin, step, workplace

STACK = StackChange("stack", "", HERE, "a.yaml", None, {}, (), {})
DENIED = RefusedError("world", "Put", "AccessDeniedException", "you may not")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def place(world: World, tmp_path: Path) -> Workplace:
    return workplace(world, tmp_path)


def again(world: World, place: Workplace) -> Workplace:
    """Where the same run is gone on with."""
    return workplace(world, place.journal.folder.parent, place.journal.run)


def apply(place: Workplace, *steps: Step) -> Applied:
    return applied(steps, place, lambda _: pytest.fail("there is no stack"))


def refusing(call: str, error: MlauditError = DENIED) -> Callable[[str], None]:
    def refuse(asked: str) -> None:
        if asked == call:
            raise error

    return refuse


COURSES: list[tuple[State, State, list[str]]] = [
    (None, {}, ["Create a"]),
    (None, {"m": 1, "n": 2}, ["Create a", "Put a", "Put a"]),
    ({"m": 1, "n": 2}, {"m": 2}, ["Put a", "Drop a"]),
    ({"m": 1}, None, ["Delete a"]),
]


@pytest.mark.parametrize(("before", "after", "calls"), COURSES)
def test_a_change_is_made_and_told(
    before: State, after: State, calls: list[str], world: World, place: Workplace
) -> None:
    if before is not None:
        world.things["a"] = dict(before)
    assert apply(place, step(pin("a", before, after))) == Applied(1, 0)
    assert world.things.get("a") == after
    assert world.calls == calls
    assert place.journal.entries == (
        Began("apply", ME),
        StepBegan("01", "Fix it"),
        Intent("01", "thing", {"Name": "a"}, HERE, "change a", before, after, None, 1),
        Did(1),
        StepDone("01"),
        Ended(),
    )


def test_an_intent_is_on_the_disk_before_the_first_call(world: World, place: Workplace) -> None:
    def look(_: str) -> None:
        last = (place.journal.folder / JOURNAL).read_text().splitlines()[-1]
        assert '"type":"intent"' in last

    world.before = look
    assert apply(place, step(pin("a", None, {"m": 1}))).changed == 1


def test_what_cannot_be_written_down_is_not_done(
    world: World, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(JournalError):
        apply(place, step(pin("a", None, {"m": 1})))
    assert world.calls == []


@pytest.mark.parametrize("now", [{"m": 2}, {"m": 2, "Ignored": True}])
def test_what_is_so_already_is_not_done_again(
    now: dict[str, int], world: World, place: Workplace
) -> None:
    world.things["a"] = now
    assert apply(place, step(pin("a", {"m": 1}, {"m": 2}))) == Applied(0, 1)
    assert WasSo("01", "thing", {"Name": "a"}, HERE) in place.journal.entries
    assert world.calls == []


@pytest.mark.parametrize("now", [None, {"m": 3}, {"m": 1, "n": 1}])
def test_drift_stops_a_plan_before_anything_is_done(
    now: State, world: World, place: Workplace
) -> None:
    world.things = {"a": {"m": 1}, **({"b": dict(now)} if now is not None else {})}
    changes = [pin("a", {"m": 1}, {"m": 2}), pin("b", {"m": 1}, {"m": 2})]
    found = apply(place, step(changes[0]), step(changes[1], id_="02"))
    assert "thing b in eu-west-1 has changed since the plan was made" in found.stopped
    assert found.stopped.endswith("Scan and plan again. Nothing was changed.")
    assert world.calls == []


def test_drift_on_the_way_stops_what_follows(world: World, place: Workplace) -> None:
    world.things = {"b": {"m": 1}}
    world.after = lambda _: world.things.update(b={"m": 7})
    found = apply(place, step(pin("a", None, {}), pin("b", {"m": 1}, {"m": 2})))
    assert (found.changed, world.things["b"]) == (1, {"m": 7})
    assert "m: 1, now 7" in found.stopped
    run = place.journal.run
    assert f"--resume {run}`" in found.stopped
    assert f"--undo {run}`" in found.stopped


def test_a_refusal_ends_the_run_and_is_told(world: World, place: Workplace) -> None:
    world.before = refusing("Put a")
    plan = [step(pin("a", None, {"m": 1})), step(pin("b", None, {}), id_="02")]
    found = apply(place, *plan)
    assert found.changed == 0
    assert found.stopped.startswith("world:Put was refused (AccessDeniedException): you may not")
    assert "What was done until then stays." in found.stopped
    assert world.things == {"a": {}}
    assert place.journal.entries[-2:] == (Failed(1, str(DENIED)), Ended(str(DENIED)))


def test_going_on_completes_what_was_left_halfway(world: World, place: Workplace) -> None:
    plan = [step(pin("a", None, {"m": 1, "n": 2}), pin("b", None, {})), step(pin("c", None, {}))]
    plan[1] = replace(plan[1], id="02")
    world.before = refusing("Put a")
    assert apply(place, *plan).stopped
    world.before = lambda _: None
    later = again(world, place)
    assert apply(later, *plan) == Applied(3, 0)
    assert world.things == {"a": {"m": 1, "n": 2}, "b": {}, "c": {}}
    assert later.journal.entries.count(Began("resume", ME)) == 1
    assert apply(again(world, place), *plan) == Applied(0, 0)


def test_a_refusal_after_which_all_is_as_wanted_is_none(world: World, place: Workplace) -> None:
    lost = RefusedError("world", "Put", "ReadTimeoutError", "no answer")
    world.after = refusing("Put a", lost)
    assert apply(place, step(pin("a", None, {"m": 1}))) == Applied(1, 0)


def test_what_aws_accepts_and_does_not_do_is_a_failure(world: World, place: Workplace) -> None:
    world.things["a"], world.deaf = {"m": 1}, {"a"}
    found = apply(place, step(pin("a", {"m": 1}, {"m": 2})))
    assert "is not as it should be: m: 2, now 1. What" in found.stopped
    assert isinstance(place.journal.entries[-2], Failed)


def test_what_is_seen_late_is_waited_for(world: World, place: Workplace) -> None:
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        if len(told) == 5:
            world.things["a"] = {"m": 2}

    world.things["a"], world.deaf = {"m": 1}, {"a"}
    assert apply(replace(place, tell=tell), step(pin("a", {"m": 1}, {"m": 2}))) == Applied(1, 0)
    assert told[:3] == [
        "step 01: Fix it",
        "calling world:Put for thing a",
        "thing a is not seen yet (0 min)",
    ]


def test_it_waits_until_aws_is_done(world: World, place: Workplace) -> None:
    told: list[str] = []
    world.after = lambda _: world.busy.update(a=20)
    assert apply(replace(place, tell=told.append), step(pin("a", None, {}))) == Applied(1, 0)
    assert world.busy["a"] == 0
    assert told[-1] == "thing a is being changed (6 min)"


def test_it_does_not_wait_for_ever(world: World, place: Workplace) -> None:
    world.after = lambda _: world.busy.update(a=10**6)
    found = apply(place, step(pin("a", None, {})))
    assert "thing a is being changed for more than 240 minutes" in found.stopped


def test_what_aws_gives_up_has_failed(world: World, place: Workplace) -> None:
    world.after = lambda _: world.broken.update(a="no capacity")
    plan = step(pin("a", None, {"m": 1}))
    for _ in range(2):
        found = apply(again(world, place), plan)
        assert found.changed == 0
        assert "a has failed: no capacity." in found.stopped
    world.broken.clear()
    assert apply(again(world, place), plan) == Applied(0, 1)


def test_what_failed_before_can_be_changed(world: World, place: Workplace) -> None:
    world.things["a"], world.broken["a"] = {"m": 1}, "no capacity"
    world.after = lambda _: world.broken.clear()
    assert apply(place, step(pin("a", {"m": 1}, {"m": 2}))) == Applied(1, 0)


def test_one_thing_can_be_changed_twice(world: World, place: Workplace, tmp_path: Path) -> None:
    plan = [
        step(pin("a", None, {"m": 1}), pin("b", None, {})),
        step(pin("a", {"m": 1}, {"m": 2}), id_="02"),
    ]
    assert apply(place, *plan) == Applied(3, 0)
    assert world.things["a"] == {"m": 2}
    assert apply(workplace(world, tmp_path), *plan) == Applied(0, 3)


def test_what_waits_and_what_is_for_a_repository_is_not_touched(place: Workplace) -> None:
    waiting = step(pin("a", None, {}), waits="an approved version", stack=STACK)
    files = step(id_="02", files=(FileChange("a", "b", "c"),))
    assert apply(place, waiting, files) == Applied(0, 0)
    assert place.journal.entries == (Began("apply", ME), Ended())


def test_stacks_are_deployed_in_their_place(world: World, place: Workplace) -> None:
    deployed: list[str] = []
    plan = [step(pin("a", None, {})), step(id_="02", stack=STACK), step(id_="03", stack=STACK)]
    failures: Iterator[MlauditError | None] = iter((None, FailedError("quota"), None))

    def deploy(each: Step) -> None:
        assert "a" in world.things
        if failure := next(failures):
            raise failure
        deployed.append(each.id)

    found = applied(plan, place, deploy)
    assert (deployed, found.stopped.split(".")[0]) == (["02"], "quota")
    found = applied(plan, again(world, place), deploy)
    assert (deployed, found) == (["02", "03"], Applied(0, 0))


def test_a_run_that_was_taken_back_is_not_gone_on_with(place: Workplace) -> None:
    place.journal.write(Began("undo", ME))
    with pytest.raises(MlauditError, match=f"{place.journal.run} was taken back"):
        apply(place, step(pin("a", None, {})))


def test_what_cannot_be_read_stops_everything(world: World, place: Workplace) -> None:
    def ask(*_: object) -> dict[str, object]:
        raise RefusedError("world", "Describe", "AccessDeniedException", "you may not")

    found = apply(replace(place, ask=lambda _: ask), step(pin("a", None, {})))
    assert "Allow world:Describe" in found.stopped
    assert found.stopped.endswith("Nothing was changed.")
    assert world.calls == []
