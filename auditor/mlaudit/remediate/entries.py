"""What a journal tells: entries, each a fact about a run at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mlaudit.remediate.change import Key, State

Errand = Literal["apply", "resume", "undo"]
"""What somebody starts mlaudit for. The values are public API."""


@dataclass(frozen=True, slots=True)
class Began:
    """Somebody set out to apply, to go on or to undo.

    Attributes:
        what: Which of them.
        by: The ARN of who did.
    """

    what: Errand
    by: str
    type: Literal["began"] = "began"


@dataclass(frozen=True, slots=True)
class StepBegan:
    """A step of the plan was begun."""

    step: str
    title: str
    type: Literal["step_began"] = "step_began"


@dataclass(frozen=True, slots=True)
class StepDone:
    """All of a step is done."""

    step: str
    type: Literal["step_done"] = "step_done"


@dataclass(frozen=True, slots=True)
class Intent:
    """What will be written next, of whatever kind.

    Attributes:
        step: The step it is a part of.
        kind: The name of the setting, or of another kind of thing, such as a stack.
        key: What tells it from others of its kind.
        region: Where it is.
        about: What is done, in words.
        before: What is there; ``None`` for nothing.
        after: What will be there.
        undoes: The number of the intent that this one takes back; ``None`` for one of the plan.
        number: Its number in the journal, which gives it.
    """

    step: str
    kind: str
    key: Key
    region: str
    about: str
    before: State
    after: State
    undoes: int | None = None
    number: int = 0
    type: Literal["intent"] = "intent"


@dataclass(frozen=True, slots=True)
class Did:
    """An intent was carried out, and what was written was seen afterwards.

    Attributes:
        number: The intent.
        but: What did not come out as intended, in words; empty when all did.
    """

    number: int
    but: str = ""
    type: Literal["did"] = "did"


@dataclass(frozen=True, slots=True)
class Failed:
    """An intent was not carried out, or not to its end."""

    number: int
    why: str
    type: Literal["failed"] = "failed"


@dataclass(frozen=True, slots=True)
class WasSo:
    """A change of the plan was there already."""

    step: str
    kind: str
    key: Key
    region: str
    type: Literal["was_so"] = "was_so"


@dataclass(frozen=True, slots=True)
class Ended:
    """What somebody set out for has ended.

    Attributes:
        why: Why it ended early, in words; empty when all was done.
    """

    why: str = ""
    type: Literal["ended"] = "ended"


Entry = Began | StepBegan | StepDone | Intent | Did | Failed | WasSo | Ended


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a journal: an entry, and when it was written (UTC)."""

    at: datetime
    entry: Entry
