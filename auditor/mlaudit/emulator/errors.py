"""What can go wrong in the emulated account: for its user, for its caller, and inside it."""

from __future__ import annotations

from mlaudit.errors import MlauditError


class ScenarioError(MlauditError):
    """A scenario file cannot be read, or one of its calls was refused."""


class Refusal(Exception):  # noqa: N818 - named after the reply it becomes, not after a fault here
    """An error reply as AWS sends it; it never leaves the server as a Python error."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        """Remember what the reply says."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class ImpossibleReplyError(Exception):
    """A handler answered something that the service model says AWS cannot answer."""


class RefusedCallError(ScenarioError):
    """A call of the past was refused.

    Attributes:
        code: The error code of the service, or the kind of error where nothing was sent.
        message: What the service said.
    """

    def __init__(self, name: str, code: str, message: str) -> None:
        """Say what was refused and why."""
        super().__init__(f"{name} was refused ({code}): {message}")
        self.code, self.message = code, message
