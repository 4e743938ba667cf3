"""Undoing: all as it was before, but for what is somebody else's, and the truth about the rest."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mlaudit.remediate.apply import applied
from mlaudit.remediate.change import FailedError, Pinned, RefusedError, State, merged
from mlaudit.remediate.entries import Began, Did, Ended, Entry, Failed, Intent
from mlaudit.remediate.journal import JOURNAL, Journal, JournalError
from mlaudit.remediate.undo import Fate, TakenBack, taken_back
from mlaudit.remediate.workplace import Workplace

from .worlds import HERE, ME, KilledError, World, pin, step, workplace

DENIED = RefusedError("world", "Delete", "AccessDeniedException", "you may not")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def place(world: World, tmp_path: Path) -> Workplace:
    return workplace(world, tmp_path)


def apply(place: Workplace, *pinned: Pinned) -> None:
    applied([step(*pinned)], place, lambda _: None)


def undo(place: Workplace, **settings: Any) -> TakenBack:
    return taken_back(place, lambda _: pytest.fail("all are settings"), **settings)


def fates(back: TakenBack) -> list[str]:
    return [each.fate.value for each in back.changes]


COURSES: list[tuple[State, State]] = [
    (None, {}),
    (None, {"m": 1, "n": 2}),
    ({"m": 1, "n": 2}, {"m": 2}),
    ({"m": 1}, None),
]


@pytest.mark.parametrize(("before", "after"), COURSES)
def test_what_was_done_is_taken_back(
    before: State, after: State, world: World, place: Workplace
) -> None:
    world.things = {} if before is None else {"a": dict(before)}
    start = world.states()
    apply(place, pin("a", before, after))
    back = undo(place)
    assert world.states() == start
    assert (fates(back), back.is_as_before) == (["undone"], True)
    reverse = Intent("01", "thing", {"Name": "a"}, HERE, "take back: change a", after, before, 1, 2)
    assert place.journal.entries[-4:] == (Began("undo", ME), reverse, Did(2), Ended())


def test_it_can_be_repeated(world: World, place: Workplace) -> None:
    apply(place, pin("a", None, {"m": 1}), pin("a", {"m": 1}, {"m": 2}), pin("b", None, {}))
    assert fates(undo(place)) == ["undone"] * 3
    world.calls.clear()
    world.things["a"] = {"m": 9}
    assert fates(undo(place)) == ["was_so"] * 3
    assert (world.calls, world.things) == ([], {"a": {"m": 9}})


def test_the_last_change_goes_back_first(world: World, place: Workplace) -> None:
    apply(place, pin("a", None, {}), pin("b", None, {}))
    world.calls.clear()
    undo(place)
    assert world.calls == ["Delete b", "Delete a"]


def test_what_was_there_already_stays(world: World, place: Workplace) -> None:
    world.things["a"] = {"m": 2}
    apply(place, pin("a", {"m": 1}, {"m": 2}))
    assert undo(place).changes == ()
    assert world.things == {"a": {"m": 2}}


@pytest.mark.parametrize("theirs", [{"m": 3}, {"m": 2, "n": 1}, {}])
def test_what_somebody_changed_since_is_left_alone(
    theirs: dict[str, int], world: World, place: Workplace
) -> None:
    world.things["a"] = {"m": 1}
    apply(place, pin("a", {"m": 1}, {"m": 2}), pin("b", None, {}))
    world.things["a"] = {**theirs, "Ignored": 1}
    back = undo(place)
    assert fates(back) == ["undone", "changed"]
    assert "Ignored" not in back.changes[-1].why
    assert back.changes[-1].why.startswith(("m: 2, now ", "n: not set, now 1"))
    assert (world.things, back.is_as_before) == ({"a": {**theirs, "Ignored": 1}}, False)


def test_what_somebody_put_back_is_as_before(world: World, place: Workplace) -> None:
    world.things["a"] = {"m": 1}
    apply(place, pin("a", {"m": 1}, {"m": 2}))
    world.things["a"] = {"m": 1}
    back = undo(place)
    assert (fates(back), back.is_as_before) == (["was_so"], True)


def test_what_somebody_put_back_at_once_is_as_before(world: World, place: Workplace) -> None:
    world.things["a"] = {"m": 1}
    apply(place, pin("a", {"m": 1}, {"m": 2}), pin("a", {"m": 2}, {"m": 3}))
    world.things["a"] = {"m": 1}
    back = undo(place)
    assert (fates(back), back.is_as_before) == (["was_so"] * 2, True)


def test_data_is_kept_unless_it_may_go(world: World, place: Workplace) -> None:
    apply(place, pin("a", None, {"m": 1}))
    world.data.add("a")
    back = undo(place)
    assert (fates(back), back.changes[0].why) == (["kept"], "the thing a holds data")
    assert world.things == {"a": {"m": 1}}
    assert not back.is_as_before
    assert fates(undo(place, delete_data=True)) == ["undone"]
    assert world.things == {}


def test_data_in_what_was_there_before_is_no_hindrance(world: World, place: Workplace) -> None:
    world.things["a"] = {"m": 1}
    world.data.add("a")
    apply(place, pin("a", {"m": 1}, {"m": 2}))
    assert fates(undo(place)) == ["undone"]


def test_what_cannot_go_back_is_told(world: World, place: Workplace) -> None:
    world.things["a"] = {"on": 1}
    apply(place, pin("a", {"on": 1}, {"on": 2}, "ratchet"), pin("b", None, {"on": 1}, "ratchet"))
    for fate in (["partly", "undone"], ["partly", "was_so"]):
        back = undo(place)
        assert (fates(back), back.is_as_before) == (fate, False)
        assert back.changes[0].why == "What is on stays on."
    assert world.things == {"a": {"on": 1}, "b": {"on": 1}}


def test_what_went_with_what_it_hung_on_is_as_before(world: World, place: Workplace) -> None:
    """Such as a subscription that nobody confirmed: it goes with its topic."""
    apply(place, pin("a", None, {}), pin("b", None, {"on": 1}, "ratchet"))
    world.before = lambda _: world.things.clear()
    back = undo(place)
    assert (fates(back), back.is_as_before) == (["undone", "undone"], True)
    assert undo(place).is_as_before


def test_what_needs_no_call_is_not_waited_for(place: Workplace) -> None:
    told: list[str] = []
    apply(place, pin("b", None, {"on": 1}, "ratchet"))
    undo(replace(place, tell=told.append))
    assert told == ["change b: taken back in part (What is on stays on.)"]


def test_a_failure_keeps_nothing_else_from_going_back(world: World, place: Workplace) -> None:
    def refuse(call: str) -> None:
        if call == "Delete b":
            raise DENIED

    apply(place, *(pin(name, None, {}) for name in "abc"))
    world.before = refuse
    back = undo(place)
    assert fates(back) == ["undone", "failed", "undone"]
    assert (world.things, back.is_as_before) == ({"b": {}}, False)
    assert place.journal.entries[-2] == Did(6)
    assert Failed(5, str(DENIED)) in place.journal.entries
    assert place.journal.entries[-1] == Ended(str(DENIED))
    world.before = lambda _: None
    assert fates(undo(place)) == ["was_so", "undone", "was_so"]
    assert world.things == {}


def test_what_aws_accepts_and_does_not_do_has_failed(world: World, place: Workplace) -> None:
    apply(place, pin("a", None, {}))
    world.deaf.add("a")
    (found,) = undo(place).changes
    assert found.fate is Fate.FAILED
    assert found.why == "AWS accepted it, and it is otherwise: it was not there, and is now"


@pytest.mark.parametrize(
    ("before", "kind"), [({"on": 1}, "ratchet"), ({"on": 1}, "log"), (None, "log")]
)
def test_what_was_accepted_and_not_done_is_no_limit_of_aws(
    world: World, place: Workplace, before: State, kind: str
) -> None:
    world.things |= {"a": dict(before)} if before else {}
    apply(place, pin("a", before, {"on": 2}, kind))
    world.deaf.add("a")
    back = undo(place)
    assert (fates(back), back.is_done) == (["failed"], False)


def test_what_aws_gave_up_goes_back(world: World, place: Workplace) -> None:
    world.after = lambda _: world.broken.update(a="no capacity")
    apply(place, pin("a", None, {}))
    world.after = lambda _: world.broken.clear()
    assert fates(undo(place)) == ["undone"]
    assert world.things == {}


def test_what_is_as_before_and_broken_is_not_fine(world: World, place: Workplace) -> None:
    world.things["a"] = {"m": 1}
    world.before = lambda _: world.broken.update(a="no capacity")
    world.deaf.add("a")
    apply(place, pin("a", {"m": 1}, {"m": 2}))
    back = undo(place)
    assert (fates(back), back.changes[0].why) == (["failed"], "a has failed: no capacity.")


@dataclass
class Said:
    fate: str
    why: str = ""


def test_what_is_no_setting_is_taken_back_by_others(world: World, place: Workplace) -> None:
    stack = Intent("00", "a.stack", {"StackName": "s"}, HERE, "deploy s", None, {})
    for number in (1, 2, 3):
        assert place.journal.intends(stack) == number
    answers = iter((Said("kept", "it has 3 objects"), FailedError("it is in use"), Said("undone")))

    def restore(intent: Intent) -> Said:
        assert intent.kind == "a.stack"
        assert world.things == {}
        given = next(answers)
        if isinstance(given, FailedError):
            raise given
        return given

    apply(place, pin("a", None, {}))
    back = taken_back(place, restore)
    assert [(each.intent.number, each.fate, each.why) for each in back.changes] == [
        (4, "undone", ""),
        (3, "kept", "it has 3 objects"),
        (2, "failed", "it is in use"),
        (1, "undone", ""),
    ]


def test_what_becomes_of_each_is_told(world: World, place: Workplace) -> None:
    told: list[str] = []
    apply(place, pin("a", None, {}), pin("b", None, {}))
    world.things["b"] = {"m": 1}
    undo(replace(place, tell=told.append))
    assert told == [
        "change b: changed since by somebody else, and left alone (m: not set, now 1)",
        "calling world:Delete for thing a",
        "change a: taken back",
    ]


def test_what_cannot_be_written_down_is_not_taken_back(
    world: World, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(place, pin("a", None, {}))
    write = Journal.write

    def full(journal: Journal, entry: Entry) -> None:
        if isinstance(entry, Intent):
            raise JournalError("No space left on device")
        write(journal, entry)

    monkeypatch.setattr(Journal, "write", full)
    with pytest.raises(JournalError):
        undo(place)
    assert world.things == {"a": {}}


MEMBERS = st.dictionaries(st.sampled_from("mn"), st.integers(1, 3), max_size=2)
STATES = st.none() | MEMBERS
NAMES = st.sampled_from("abc")


@dataclass
class Clock:
    """Kills the process when its time has come, between any two things that it does."""

    left: int

    def tick(self, *_: object) -> None:
        if self.left == 0:
            raise KilledError
        self.left -= 1


def killed(clock: Clock, world: World, act: Callable[[], object]) -> bool:
    """Whether it was killed before it came to its end."""
    world.before = world.after = clock.tick
    write = Journal.write

    def journaled(journal: Journal, entry: Entry) -> None:
        clock.tick()
        write(journal, entry)
        clock.tick()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "write", journaled)
        try:
            act()
        except KilledError:
            return True
        finally:
            world.before = world.after = lambda _: None
    return False


def planned(start: dict[str, State], changes: list[tuple[str, State]]) -> list[Pinned]:
    """The changes that are any, pinned on what those before them leave."""
    states, plan = dict(start), []
    for name, after in changes:
        if states.get(name) != after:
            plan.append(pin(name, states.get(name), after))
            states[name] = after
    return plan


def tear(place: Workplace, left: int) -> None:
    """Let the machine die while the last line is written, as far as nothing came of it."""
    path = place.journal.folder / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    if lines and left:
        path.write_bytes(path.read_bytes() + lines[-1][: min(left, len(lines[-1]) - 1)])


@dataclass
class Story:
    """A plan, a world that it is for, and a run of it that dies again and again."""

    start: dict[str, dict[str, int]]
    plan: list[Pinned]
    state: Path
    torn: int
    world: World = field(init=False)
    run: str = field(init=False)

    def begin(self) -> None:
        self.world = World(things=merged({}, self.start))
        self.run = workplace(self.world, self.state).journal.run

    def dies(self, death: int, then: Callable[[Workplace], object]) -> bool:
        """Whether it died at that moment; it has come to its end otherwise."""
        place = workplace(self.world, self.state, self.run)
        died = killed(Clock(death), self.world, lambda: then(place))
        if died:
            tear(place, self.torn)
        return died

    def lives(self, then: Callable[[Workplace], object]) -> None:
        assert not self.dies(-1, then)

    def apply(self, place: Workplace) -> None:
        applied([step(*self.plan)], place, lambda _: None)

    @property
    def end(self) -> dict[str, State]:
        last = {each.change.key["Name"]: each.after for each in self.plan}
        return {name: state for name, state in {**self.start, **last}.items() if state is not None}


@pytest.fixture
def without_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of lines, none of which has to outlive this machine."""
    monkeypatch.setattr("os.fsync", lambda _: None)


STORIES = st.builds(
    lambda start, changes, torn: (start, planned(dict(start), changes), torn),
    st.dictionaries(NAMES, MEMBERS, max_size=2),
    st.lists(st.tuples(NAMES, STATES), min_size=1, max_size=4),
    st.integers(0, 200),
)
ONCE_FOR_ALL = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],  # each example dies dozens of times
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.usefixtures("without_disk")
@ONCE_FOR_ALL
@given(told=STORIES)
def test_whenever_applying_dies_it_can_be_taken_back(
    told: tuple[dict[str, dict[str, int]], list[Pinned], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    start, plan, torn = told
    story = Story(start, plan, tmp_path_factory.mktemp("state"), torn)
    for death in count():
        story.begin()
        died = story.dies(death, story.apply)
        story.lives(undo)
        assert story.world.things == start
        if not died:
            return


@pytest.mark.usefixtures("without_disk")
@ONCE_FOR_ALL
@given(told=STORIES)
def test_whenever_applying_dies_it_can_be_gone_on_with(
    told: tuple[dict[str, dict[str, int]], list[Pinned], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    start, plan, torn = told
    story = Story(start, plan, tmp_path_factory.mktemp("state"), torn)
    for death in count():
        story.begin()
        died = story.dies(death, story.apply)
        story.lives(story.apply)
        assert story.world.things == story.end
        story.lives(undo)
        assert story.world.things == start
        if not died:
            return


@pytest.mark.usefixtures("without_disk")
@ONCE_FOR_ALL
@given(told=STORIES)
def test_whenever_taking_back_dies_it_can_be_repeated(
    told: tuple[dict[str, dict[str, int]], list[Pinned], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    start, plan, torn = told
    story = Story(start, plan, tmp_path_factory.mktemp("state"), torn)
    for death in count():
        story.begin()
        story.lives(story.apply)
        died = story.dies(death, undo)
        story.lives(undo)
        assert story.world.things == start
        if not died:
            return
