"""What applying and undoing work with, and how they look at a thing and write it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mlaudit.remediate.change import Ask, Call, FailedError, Key, RefusedError, State
from mlaudit.remediate.course import differences
from mlaudit.remediate.hands import Settings, setting_of
from mlaudit.remediate.journal import Journal
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.waiting import Patience

Tell = Callable[[str], None]
"""Is told what happens, a line at a time."""

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Workplace:
    """What applying and undoing work with.

    Attributes:
        settings: Every kind of setting.
        ask: Makes calls in a region.
        by: The ARN of who makes them.
        journal: The journal of the run.
        tell: Is told of the progress.
        patience: How one waits for AWS.
    """

    settings: Settings
    ask: Callable[[str], Ask]
    by: str
    journal: Journal
    tell: Tell
    patience: Patience = field(default_factory=Patience)

    def spot(self, kind: str, key: Key, region: str) -> Spot:
        """One thing of the account.

        Raises:
            MlauditError: Its kind is not known.
        """
        return Spot(setting_of(kind, self.settings), key, self.ask(region), self)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is there once AWS is done with it.

    Attributes:
        state: The state.
        failure: Why AWS gave up on what it was last asked for; empty when it did not.
    """

    state: State
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing of the account, to be looked at and written.

    Attributes:
        setting: Its kind.
        key: What tells it from others of its kind.
        ask: Makes calls where it is.
        place: What is worked with.
    """

    setting: Setting
    key: Key
    ask: Ask
    place: Workplace

    @property
    def words(self) -> str:
        """How it is called: its kind and its key."""
        return f"{self.setting.title} {' '.join(self.key.values())}"

    def tells_apart(self, one: State, other: State) -> str:
        """What tells two states of it apart, in words."""
        return differences(*(self.setting.compared(each) for each in (one, other)))

    def look(self) -> Seen:
        """What is there, once AWS is done with whatever it does to it.

        Raises:
            RefusedError: It cannot be read.
            FailedError: AWS does not come to an end with it.
        """
        failure = ""
        try:
            self._wait(f"{self.words} is being changed")
        except _GaveUpError as error:
            failure = str(error)
        return Seen(self.setting.read(self.key, self.ask), failure)

    def bring(self, now: State, goal: State) -> State:
        """Bring it from one state to another, and wait for AWS.

        Returns:
            What is there then. It is the goal, or AWS accepted all and did otherwise.

        Raises:
            RefusedError: A call was refused.
            FailedError: AWS gave up.
        """
        calls = self.setting.calls(self.key, now, goal)
        try:
            for call in calls:
                self._make(call)
        except RefusedError:
            # The answer to an earlier try may have been lost: what counts is what is there.
            if not self._is_whole(goal):
                raise
            return goal
        if not calls:
            return self.setting.read(self.key, self.ask)
        self._wait(f"{self.words} is being changed")
        return self._seen(now, goal)

    def _make(self, call: Call) -> None:
        self.place.tell(f"calling {call.id} for {self.words}")
        try:
            self.ask(call.service, call.operation, call.params)
        except RefusedError as error:
            if error.code not in call.already:
                raise

    def _is_whole(self, goal: State) -> bool:
        try:
            seen = self.look()
        except (FailedError, RefusedError):
            return False
        return not seen.failure and self.setting.are_equal(seen.state, goal)

    def _wait(self, what: str) -> None:
        patience = self.place.patience
        if not patience.until(self._is_settled, patience.limit, self._waiting(what)):
            raise FailedError(
                f"{what} for more than {patience.limit / _MINUTE:.0f} minutes. Look at it in the "
                "console, and go on once it is done."
            )

    def _is_settled(self) -> bool:
        try:
            return self.setting.is_settled(self.key, self.ask)
        except FailedError as error:
            raise _GaveUpError(str(error)) from error

    def _seen(self, now: State, goal: State) -> State:
        """What reads tell, which may be behind writes for a while."""
        found = [now]

        def has_arrived() -> bool:
            found.append(self.setting.read(self.key, self.ask))
            if goal is None and self.setting.leaves_trace:
                return not self.setting.are_equal(found[-1], now)
            return self.setting.are_equal(found[-1], goal)

        patience = self.place.patience
        patience.until(has_arrived, patience.echo, self._waiting(f"{self.words} is not seen yet"))
        return found[-1]

    def _waiting(self, what: str) -> Callable[[float], None]:
        return lambda waited: self.place.tell(f"{what} ({waited / _MINUTE:.0f} min)")


class _GaveUpError(FailedError):
    """AWS gave up; other than having waited too long."""
