"""Waiting for AWS: longer and longer pauses, and an end to them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from mlaudit.model import GapReason
from mlaudit.remediate.change import RefusedError
from mlaudit.remediate.hands import reason_of_refusal


@dataclass(frozen=True, slots=True)
class Patience:
    """How one waits. All times are in seconds.

    Attributes:
        clock: Tells the time.
        sleep: Lets it pass.
        first: The first pause; each one after it is half as long again.
        longest: The longest pause.
        limit: How long AWS may work on one change. A rollout with a bake time takes hours.
        echo: How long a write may take to be seen by a read.
    """

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    first: float = 1.0
    longest: float = 30.0
    limit: float = 4 * 3600.0
    echo: float = 60.0

    def until(
        self, is_done: Callable[[], bool], limit: float, tell: Callable[[float], None]
    ) -> bool:
        """Ask until it is done, or for as long as the limit says.

        Args:
            is_done: Asks. That AWS wants to be asked less often is no answer.
            limit: For how long.
            tell: Is told before each pause for how long it has been waited.

        Returns:
            Whether it is done.
        """
        start, pause = self.clock(), self.first
        while not _answer(is_done):
            waited = self.clock() - start
            if waited >= limit:
                return False
            tell(waited)
            self.sleep(min(pause, self.longest, limit - waited))
            pause *= 1.5
        return True


def _answer(is_done: Callable[[], bool]) -> bool:
    try:
        return is_done()
    except RefusedError as error:
        if reason_of_refusal(error) is not GapReason.THROTTLED:
            raise
        return False
