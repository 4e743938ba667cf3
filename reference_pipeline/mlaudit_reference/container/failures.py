"""What a job says when it cannot go on, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable

from mlaudit_reference.container import locations


class InputError(Exception):
    """What a job was given cannot be used; the message says what and where."""


def ended(job: Callable[[], int], note: str) -> int:
    """Run a job and return its exit code.

    Args:
        job: What to run; it returns an exit code.
        note: The file below ``output`` that SageMaker shows as the reason of a failure: ``message``
            for processing (ExitMessage), ``failure`` for training (FailureReason).
    """
    try:
        return job()
    except InputError as wrong:
        explain(str(wrong), note)
        return 1


def explain(reason: str, note: str) -> None:
    """Say why a job fails where a person looks: on stderr and in the API's answer."""
    sys.stderr.write(f"error: {reason}\n")
    path = locations.root() / "output" / note
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reason, "utf-8")
