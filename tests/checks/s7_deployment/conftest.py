"""What several checks of this section are shown: how an endpoint was updated."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.capabilities.rollouts import Rollout

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def rollout() -> Callable[..., Rollout]:
    """A canary of the window under an alarm, but for what is told."""
    usual = Rollout("arn:e", "endpoint e", "CANARY", 600, ("errors",), ("main",), NOW)

    def changed(**values: Any) -> Rollout:
        return replace(usual, **values)

    return changed
