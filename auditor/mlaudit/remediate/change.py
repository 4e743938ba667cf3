"""What a remediation changes, as values: one setting, from what it is to what it is to be.

A state is a JSON document in the words of the service's own API, or ``None`` for what is not there.
So making, altering and deleting are one thing, and undoing is the same with the states exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit.errors import MlauditError

Document = Mapping[str, Any]
State = Document | None
Key = Mapping[str, str]

Ask = Callable[[str, str, Document], Document]
"""Makes a call of AWS: service, operation, parameters. It raises what is below."""


class RefusedError(MlauditError):
    """AWS refused a call.

    Attributes:
        code: The error code AWS answered.
        service: The service.
        operation: The operation.
        message: What AWS said, word for word: some services tell only there what is not there.
    """

    def __init__(self, service: str, operation: str, code: str, message: str) -> None:
        """Say what was refused and why."""
        super().__init__(f"{service}:{operation} was refused ({code}): {message}")
        self.code, self.service, self.operation = code, service, operation
        self.message = message


class FailedError(MlauditError):
    """AWS accepted a change and gave it up; the message says what and why."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of AWS that writes.

    Attributes:
        service: The service, as boto3 names it.
        operation: The API operation.
        params: Its parameters.
        already: The error codes with which AWS says that it is so already: a call that is made
            again after a later one failed may get them, and is done.
    """

    service: str
    operation: str
    params: Document
    already: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """How plans and journals call it."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True, slots=True)
class Change:
    """One setting of one resource that is to be another.

    Attributes:
        kind: The name of the setting, one of ``settings.SETTINGS``.
        key: What tells it from others of its kind, in the words of the API.
        region: Where it is.
        scope: The ARN of the resource that it is changed for; a member of the workload.
        about: What is done, in words, such as ``keep the logs for 180 days``.
        patch: What is to be otherwise (a JSON Merge Patch, RFC 7396); ``None`` deletes it.
        like: The key of another of its kind whose state a new one starts from.
    """

    kind: str
    key: Key
    region: str
    scope: str
    about: str
    patch: Document | None
    like: Key | None = None


@dataclass(frozen=True, slots=True)
class Pinned:
    """A change with what is there now: exactly what would be done.

    Attributes:
        change: The change.
        before: What is there now.
        after: What will be there.
        managed_by: The stack or the tool that made the resource and would change it back;
            ``None`` where none is known.
    """

    change: Change
    before: State
    after: State
    managed_by: str | None = None


def merged(target: Any, patch: Any) -> Any:
    """Apply a JSON Merge Patch (RFC 7396): what is ``None`` in it goes, mappings are merged."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result
