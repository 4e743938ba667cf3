"""An account that is open for writing: exactly the operations that a plan declares, and no others.

Throttled calls are repeated by botocore, which slows down as AWS asks it to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlaudit.collect.failures import reason_of
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Api, UnseenError
from mlaudit.collect.session import Access, open_account
from mlaudit.errors import MlauditError
from mlaudit.model import GapReason
from mlaudit.remediate.change import Ask, Document, Pinned, RefusedError
from mlaudit.remediate.entries import Intent
from mlaudit.remediate.setting import Setting

Settings = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class Declared:
    """The operations that something may call.

    Attributes:
        reads: Those that read.
        writes: Those that write.
    """

    reads: tuple[Operation, ...] = ()
    writes: tuple[Operation, ...] = ()

    @property
    def all(self) -> tuple[Operation, ...]:
        """Both."""
        return (*self.reads, *self.writes)

    def __add__(self, other: Declared) -> Declared:
        """What either may call, each operation once."""
        return Declared(
            tuple(dict.fromkeys((*self.reads, *other.reads))),
            tuple(dict.fromkeys((*self.writes, *other.writes))),
        )


@dataclass(frozen=True, slots=True)
class Hands:
    """Calls in one account.

    Attributes:
        account: Its number.
        caller: The ARN of who calls.
        api: Where calls go.
    """

    account: str
    caller: str
    api: Api

    def ask(self, region: str) -> Ask:
        """Calls in a region. They raise :class:`RefusedError` when they fail for good."""

        def ask(service: str, operation: str, params: Document) -> Document:
            try:
                return self.api.call(Operation(service, operation), region, params)
            except UnseenError as unseen:
                message = _message_of(unseen)
                raise RefusedError(service, operation, unseen.gap.code, message) from unseen

        return ask


def open_hands(access: Access, declared: Declared) -> Hands:
    """Open an account for what is declared.

    Raises:
        AccountError: There are no working credentials, or they are of another account.
    """
    opened = open_account(access, declared.all)
    return Hands(opened.account, opened.caller, opened.api)


def operations_of(pinned: Iterable[Pinned], settings: Settings) -> Declared:
    """What applying some changes may call.

    Raises:
        MlauditError: A change is of a kind that this version does not know.
    """
    return _declared(setting_of(each.change.kind, settings) for each in pinned)


def operations_to_undo(intents: Iterable[Intent], settings: Settings) -> Declared:
    """What taking back some intents may call, those aside that are about no setting."""
    return _declared(settings[each.kind] for each in intents if each.kind in settings)


def setting_of(kind: str, settings: Settings) -> Setting:
    """A setting by the name of its kind.

    Raises:
        MlauditError: This version does not know it.
    """
    if kind not in settings:
        raise MlauditError(
            f"This mlaudit does not know how to change {kind!r}. Use the version that planned it."
        )
    return settings[kind]


def reason_of_refusal(error: RefusedError) -> GapReason:
    """Why AWS refused a call, in the terms of the scan."""
    return reason_of(error.code, str(error), None)


def _declared(settings: Iterable[Setting]) -> Declared:
    whole = Declared()
    for each in settings:
        whole += Declared(each.reads, each.writes)
    return whole


def _message_of(unseen: UnseenError) -> str:
    """What AWS said, or what happened instead of an answer, in one line."""
    cause = unseen.__cause__
    reply = getattr(cause, "response", None)
    said = reply.get("Error", {}).get("Message") if isinstance(reply, Mapping) else None
    return " ".join(str(said or cause or unseen).split())
