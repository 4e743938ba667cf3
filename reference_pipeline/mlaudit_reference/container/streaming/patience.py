"""How often and how long a call is tried again before its records are left to come again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

_Item = TypeVar("_Item")
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True)
class Patience:
    """The tries of one invocation.

    Attributes:
        attempts: Tries of one call, the first among them.
        deadline: When the last try may begin, in seconds since the epoch.
        clock: The time in seconds since the epoch.
        pause: Waits for so many seconds.
        first_pause: Seconds before the second try; each pause doubles, with full jitter.
    """

    attempts: int
    deadline: float
    clock: Callable[[], float]
    pause: Callable[[float], None]
    first_pause: float = 0.1

    def tries(self) -> Iterator[int]:
        """Count the tries, pausing between them; the first always happens."""
        yield 1
        for attempt in range(2, self.attempts + 1):
            most = min(_LONGEST_PAUSE, self.first_pause * 2 ** (attempt - 2))
            wait = random.uniform(0, most)  # noqa: S311 - spreads load, guards nothing
            if self.clock() + wait > self.deadline:
                return
            self.pause(wait)
            yield attempt


def persist(
    items: Sequence[_Item],
    key: Callable[[_Item], str],
    store: Callable[[Sequence[_Item]], Mapping[str, str]],
    patience: Patience,
) -> Mapping[str, str]:
    """Store all items, and those again that were not stored.

    Returns:
        The last reason for each key that was not stored in the end.
    """
    failed: Mapping[str, str] = {}
    left = list(items)
    if not left:
        return failed
    for _ in patience.tries():
        failed = store(left)
        left = [each for each in left if key(each) in failed]
        if not left:
            break
    return failed
