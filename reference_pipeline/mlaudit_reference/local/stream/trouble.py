"""Failures that happen on purpose, at any call between the consumer and what it talks to."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import TypeVar

_Item = TypeVar("_Item")


class Fault(Enum):
    """What becomes of one call."""

    NONE = "none"
    REFUSED = "throttled"
    """It has no effect, and an error comes back."""
    UNHEARD = "timed out after it had its effect"
    PARTLY = "partly throttled"
    """Every second item is left out."""
    CRASH_BEFORE = "crash before the call"
    CRASH_AFTER = "crash after the call"
    SWITCH = "another invocation in between"


class CrashError(Exception):
    """The function died. The consumer catches nothing of the kind."""


class Trouble:
    """Decides what becomes of each call, and counts what it decided."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Take a schedule; when it has ended, every call goes well."""
        self._faults = iter(faults)
        self.counts: Counter[Fault] = Counter()
        self.switch: Callable[[], None] = lambda: None

    @property
    def failed(self) -> int:
        """How many calls did not go well."""
        return self.counts.total() - self.counts[Fault.NONE] - self.counts[Fault.SWITCH]

    def next(self) -> Fault:
        """What becomes of the next call."""
        fault = next(self._faults, Fault.NONE)
        self.counts[fault] += 1
        if fault is Fault.SWITCH:
            self.switch()
            return Fault.NONE
        return fault

    def store(
        self,
        items: Sequence[_Item],
        key: Callable[[_Item], str],
        effect: Callable[[Sequence[_Item]], None],
    ) -> Mapping[str, str]:
        """Store items as the next fault has it. Returns the reason for each that failed.

        Raises:
            CrashError: The function dies here.
        """
        fault = self.next()
        if fault is Fault.CRASH_BEFORE:
            raise CrashError
        stored = {Fault.REFUSED: items[:0], Fault.PARTLY: items[::2]}.get(fault, items)
        effect(stored)
        if fault is Fault.CRASH_AFTER:
            raise CrashError
        heard = stored if fault in (Fault.NONE, Fault.PARTLY) else items[:0]
        known = {key(each) for each in heard}
        return {key(each): fault.value for each in items if key(each) not in known}


def at_random(rate: float, seed: int) -> Iterator[Fault]:
    """An endless schedule in which each call fails with a probability, in any of the ways."""
    chance = random.Random(seed)  # noqa: S311 - chooses failures, guards nothing
    ways = [each for each in Fault if each is not Fault.NONE]
    while True:
        yield chance.choice(ways) if chance.random() < rate else Fault.NONE
