"""What a person reads when a step has failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlaudit_reference.local.failures import Ending, StepFailedError

LOG = Path("steps/train/log.txt")


def told(code: int, reason: str = "") -> str:
    return str(StepFailedError("train", Ending(code, reason, ["a", "b"], LOG, "python train.py")))


def test_all_that_helps_is_there() -> None:
    assert told(1, "no label").splitlines() == [
        "The step train failed: exit code 1.",
        "Reason: no label",
        "Last lines of its log:",
        "  a",
        "  b",
        "The whole log: steps/train/log.txt",
        "What to do: see to the reason, then run again. This step alone: python train.py",
    ]


@pytest.mark.parametrize(
    ("code", "how", "what_to_do"),
    [
        (1, "exit code 1.", "read the log; this step alone runs with: python train.py"),
        (-9, "exit code -9, ended by SIGKILL.", "want of memory: try fewer --rows"),
        (-11, "exit code -11, ended by SIGSEGV.", "read the log"),
        (-200, "exit code -200.", "read the log"),
    ],
)
def test_how_it_ended_and_what_to_do(code: int, how: str, what_to_do: str) -> None:
    first, *_, last = told(code).splitlines()
    assert first.endswith(how)
    assert what_to_do in last
