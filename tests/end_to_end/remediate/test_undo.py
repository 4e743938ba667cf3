"""Every fix of whole accounts, applied and taken back: each resource is as it was before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlaudit.remediate.apply import Applied, applied
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.difference import Difference, difference
from mlaudit.remediate.entries import Intent
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.journal import begin, reopen
from mlaudit.remediate.pinning import Eyes, pinned_steps
from mlaudit.remediate.plan import Step
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.undo import TakenBack, taken_back
from mlaudit.remediate.workplace import Workplace
from mlaudit.resources import ApiCall

from .test_fixes import CHOICES, SCENARIOS, Planned, World, items_of


def steps_of(planned: Planned) -> Iterator[Step]:
    for number, (title, changes) in enumerate(planned.items(), start=1):
        yield Step(
            id=f"{number:02}",
            fix=title.split()[0],
            kind=Kind.SETTING,
            title=title,
            workload=title.split()[-1],
            items=(),
            disposition=Disposition.SAFE,
            risk="",
            back="",
            not_proven="",
            exercise="",
            effort=1,
            bill=Bill(),
            changes=tuple(changes),
        )


@dataclass(frozen=True)
class Story:
    """What was made of one account and taken back, and what was seen of it."""

    steps: tuple[Step, ...]
    applied: Applied
    left: tuple[Step, ...]
    """What is left to do of the same plan, once it was applied."""
    back: TakenBack
    changed: Difference
    rest: Difference
    """What is otherwise once all was taken back."""


def _no_stack(_: Step | Intent) -> Any:
    pytest.fail("there is no stack")


@pytest.fixture(scope="module", params=SCENARIOS)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    state: Path = tmp_path_factory.mktemp("state")
    with World(request.param) as world:
        seen, audit = world.look()
        planned = tuple(steps_of(world.plan(seen, items_of(audit), CHOICES)))
        hands = world.hands
        eyes = Eyes(SETTINGS, hands.ask, hands.account)
        steps = pinned_steps(planned, eyes)
        journal = begin(state)
        place = Workplace(SETTINGS, hands.ask, hands.caller, journal, lambda _: None)
        made = applied(steps, place, _no_stack)
        left = pinned_steps(planned, eyes)
        world.api.forget()
        between = world.seen()
        again = reopen(state, journal.run)
        place = Workplace(SETTINGS, hands.ask, hands.caller, again, lambda _: None)
        back = taken_back(place, _no_stack)
        world.api.forget()
        return Story(
            steps, made, left, back, difference(seen, between), difference(seen, world.seen())
        )


@pytest.mark.slow
def test_all_is_applied_and_nothing_is_left_to_do(story: Story) -> None:
    changes = sum(len(each.pinned) for each in story.steps)
    assert story.applied == Applied(changes, 0)
    assert changes > 5
    assert story.left == ()
    assert len(story.changed.added) > 5


@pytest.mark.slow
def test_all_is_taken_back_or_told(story: Story) -> None:
    assert {each.fate.value for each in story.back.changes} <= {"undone", "partly"}
    for each in story.back.changes:
        if each.fate == "partly":
            assert each.intent.kind == "s3.versioning"
            assert each.why == SETTINGS[each.intent.kind].cannot_go_back


@pytest.mark.slow
def test_each_resource_is_as_it_was_before(story: Story) -> None:
    """But for what tells that something happened: events, and when it was written last.

    Captured requests are looked for since an endpoint was written.
    """
    assert {type(each) for each in story.rest.added} <= {ApiCall}
    assert story.rest.vanished == ()
    assert {name for each in story.rest.altered for name in each.values} <= {"modified_at", "since"}
