"""What goes wrong in a local run, in words for the person who started it."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class LocalRunError(Exception):
    """The run cannot go on; the text says what went wrong and what to do."""


@dataclass(frozen=True)
class Ending:
    """How a child process ended.

    Attributes:
        code: Its exit code; negative for the signal that ended it.
        reason: What it wrote for the service to show (``output/failure``, ``output/message``).
        last: The last lines of its log.
        log: Where the whole log lies.
        again: The command that runs it again, alone.
    """

    code: int
    reason: str
    last: Sequence[str]
    log: Path
    again: str


class StepFailedError(LocalRunError):
    """A step ended with another exit code than 0."""

    def __init__(self, step: str, ending: Ending) -> None:
        """Say which step, how it ended, and what to do."""
        super().__init__(_told(step, ending))
        self.step = step
        self.ending = ending


class BelowThresholdsError(LocalRunError):
    """No model reaches the thresholds, so none is registered."""


def _told(step: str, ending: Ending) -> str:
    lines = [f"The step {step} failed: {_how(ending.code)}."]
    if ending.reason:
        lines.append(f"Reason: {ending.reason}")
    if ending.last:
        lines += ["Last lines of its log:", *(f"  {each}" for each in ending.last)]
    lines += [f"The whole log: {ending.log}", f"What to do: {_advice(ending)}"]
    return "\n".join(lines)


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"exit code {code}, ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"exit code {code}"


def _advice(ending: Ending) -> str:
    if ending.code == -signal.SIGKILL:
        return "something killed it, most often for want of memory: try fewer --rows."
    if ending.reason:
        return f"see to the reason, then run again. This step alone: {ending.again}"
    return f"read the log; this step alone runs with: {ending.again}"
