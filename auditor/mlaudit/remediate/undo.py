"""Take a run back: through its journal from the end, whatever ended it.

What is as the run left it becomes what it was before. What somebody has changed since is theirs and
is left alone. A failure does not keep the rest from being taken back. All can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from mlaudit.errors import MlauditError
from mlaudit.remediate.course import is_between, thing_of
from mlaudit.remediate.entries import Began, Did, Ended, Failed, Intent
from mlaudit.remediate.journal import Journal, JournalError
from mlaudit.remediate.workplace import Seen, Spot, Workplace


class Fate(StrEnum):
    """What became of a change that was to be taken back. The values are public API."""

    UNDONE = "undone"
    WAS_SO = "was_so"
    """It is as it was before already."""
    PARTLY = "partly"
    """It was taken back as far as AWS lets it."""
    CHANGED = "changed"
    """Somebody else has changed it since, so it was left alone."""
    KEPT = "kept"
    """Taking it back would lose data that nobody gave up."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of a change that was to be taken back.

    Attributes:
        intent: The change.
        fate: What became of it.
        why: Why, and what does not come back, in words; may be empty.
    """

    intent: Intent
    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of a run that was to be taken back.

    Attributes:
        changes: Each change that it made or began, the last one first.
    """

    changes: tuple[Undone, ...]

    @property
    def is_as_before(self) -> bool:
        """Whether all that the run changed is as it was before."""
        return all(each.fate in {Fate.UNDONE, Fate.WAS_SO} for each in self.changes)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left that another attempt could take back."""
        done = {Fate.UNDONE, Fate.WAS_SO, Fate.PARTLY}
        return all(each.fate in done for each in self.changes)


class Told(Protocol):
    """What became of something that is no setting.

    Attributes:
        fate: One of the values of :class:`Fate`.
        why: Why, in words; may be empty.
    """

    @property
    def fate(self) -> str: ...  # noqa: D102 - told above
    @property
    def why(self) -> str: ...  # noqa: D102


Restore = Callable[[Intent], Told]
"""Takes back what is no setting, such as a stack, and keeps the journal of it. It raises
``MlauditError`` when it fails."""


def taken_back(place: Workplace, restore: Restore, *, delete_data: bool = False) -> TakenBack:
    """Take back all that a run did.

    Args:
        place: What is worked with; the lock of the account is held.
        restore: Takes back what is no setting.
        delete_data: Whether to delete what the run made even if it holds data by now.

    Raises:
        JournalError: The journal cannot be written.
    """
    journal = place.journal
    intents = [each for each in journal.intents if each.undoes is None]
    journal.write(Began("undo", place.by))
    undoing = _Undoing(place, restore, delete_data)
    changes = [undoing.undone(each) for each in reversed(intents)]
    changes = [undoing.looked_at_again(each) for each in changes]
    failed = [each.why for each in changes if each.fate is Fate.FAILED]
    journal.write(Ended(" ".join(failed)))
    return TakenBack(tuple(changes))


@dataclass(frozen=True, slots=True)
class _Undoing:
    place: Workplace
    restore: Restore
    delete_data: bool

    def undone(self, intent: Intent) -> Undone:
        """Take back one change, or say why not."""
        but = _taken_back_before(intent, self.place.journal)
        if but is not None:
            return Undone(intent, Fate.PARTLY if but else Fate.WAS_SO, but)
        try:
            found = self._undone(intent)
        except JournalError:
            raise
        except MlauditError as error:
            found = Undone(intent, Fate.FAILED, str(error))
        self.place.tell(f"{intent.about}: {_WORDS[found.fate]}{found.why and f' ({found.why})'}")
        return found

    def looked_at_again(self, found: Undone) -> Undone:
        """What could not go back by itself may have gone with what was taken back after it."""
        intent = found.intent
        if found.fate is not Fate.PARTLY or intent.kind not in self.place.settings:
            return found
        spot = self.place.spot(intent.kind, intent.key, intent.region)
        try:
            is_as_before = spot.setting.are_equal(spot.look().state, intent.before)
        except MlauditError:
            return found
        return replace(found, fate=Fate.UNDONE) if is_as_before else found

    def _undone(self, intent: Intent) -> Undone:
        if intent.kind not in self.place.settings:
            told = self.restore(intent)
            return Undone(intent, Fate(told.fate), told.why)
        spot = self.place.spot(intent.kind, intent.key, intent.region)
        return self._looked_at(intent, spot, spot.look())

    def _looked_at(self, intent: Intent, spot: Spot, seen: Seen) -> Undone:
        journal, setting = self.place.journal, spot.setting
        if any(setting.are_equal(seen.state, each.before) for each in _until(intent, journal)):
            fate = Fate.FAILED if seen.failure else Fate.WAS_SO
            return Undone(intent, fate, seen.failure)
        if not _is_ours(intent, spot, seen, journal):
            return Undone(intent, Fate.CHANGED, spot.tells_apart(intent.after, seen.state))
        may_lose = intent.before is not None or self.delete_data
        if not may_lose and setting.holds_data(intent.key, spot.ask):
            return Undone(intent, Fate.KEPT, f"the {spot.words} holds data")
        return self._brought_back(intent, spot, seen)

    def _brought_back(self, intent: Intent, spot: Spot, seen: Seen) -> Undone:
        journal = self.place.journal
        number = journal.intends(_reverse(intent, seen))
        try:
            found = spot.bring(seen.state, intent.before)
        except MlauditError as error:
            journal.write(Failed(number, str(error)))
            raise
        limits = spot.setting.cannot_go_back
        if spot.setting.are_equal(found, intent.before):
            journal.write(Did(number))
            return Undone(intent, Fate.UNDONE, limits)
        rest = spot.tells_apart(intent.before, found)
        if intent.before is None and spot.setting.leaves_trace:
            journal.write(Did(number, but=limits))
            return Undone(intent, Fate.PARTLY, limits)
        journal.write(Failed(number, rest))
        return Undone(intent, Fate.FAILED, f"AWS accepted it, and it is otherwise: {rest}")


_WORDS = {
    Fate.UNDONE: "taken back",
    Fate.WAS_SO: "is as it was before",
    Fate.PARTLY: "taken back in part",
    Fate.CHANGED: "changed since by somebody else, and left alone",
    Fate.KEPT: "kept",
    Fate.FAILED: "could not be taken back",
}


def _reverse(intent: Intent, seen: Seen) -> Intent:
    return Intent(
        step=intent.step,
        kind=intent.kind,
        key=intent.key,
        region=intent.region,
        about=f"take back: {intent.about}",
        before=seen.state,
        after=intent.before,
        undoes=intent.number,
    )


def _reversals(intent: Intent, journal: Journal) -> Iterable[Intent]:
    """What was written to take a change back until now."""
    return (each for each in journal.intents if each.undoes == intent.number)


def _taken_back_before(intent: Intent, journal: Journal) -> str | None:
    """What an earlier undoing could not bring back; ``None`` when none came to its end."""
    outcomes = (journal.outcome(each.number) for each in _reversals(intent, journal))
    return next((each.but for each in outcomes if isinstance(each, Did)), None)


def _until(intent: Intent, journal: Journal) -> Iterable[Intent]:
    """The changes that the run made to the same thing until then, this one included.

    When it is as before one of those, more than this one has been taken back already.
    """
    thing = thing_of(intent.kind, intent.region, intent.key)
    return (
        each
        for each in journal.intents
        if each.undoes is None
        and each.number <= intent.number
        and thing_of(each.kind, each.region, each.key) == thing
    )


def _is_ours(intent: Intent, spot: Spot, seen: Seen, journal: Journal) -> bool:
    """Whether it is as the run left it, were it halfway there or halfway back."""
    if spot.setting.are_equal(seen.state, intent.after):
        return True
    came_to_its_end = isinstance(journal.outcome(intent.number), Did)
    if came_to_its_end and not any(_reversals(intent, journal)):
        return False
    return is_between(spot.setting, seen.state, intent.before, intent.after)
