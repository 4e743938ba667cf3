"""Reading what is there: records that may be missing, and listings of many pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlaudit.collect.failures import reason_of
from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.model import GapReason
from mlaudit.remediate.change import Ask, Document, RefusedError


def asked(ask: Ask, operation: Operation, **params: Any) -> Document:
    """The reply to one call.

    Raises:
        RefusedError: AWS refused it.
    """
    return ask(operation.service, operation.name, params)


def found(ask: Ask, operation: Operation, *gone: str, **params: Any) -> Document | None:
    """The reply to one call, or ``None`` where AWS says that what it asks for is not there.

    Args:
        ask: Makes the call.
        operation: The call.
        *gone: The codes that say so here, beside those that say so everywhere.
        **params: Its parameters.

    Raises:
        RefusedError: AWS refused it for another reason.
    """
    try:
        return asked(ask, operation, **params)
    except RefusedError as refused:
        if refused.code in gone or says_gone(refused):
            return None
        raise


def listed(ask: Ask, operation: Operation, **params: Any) -> Iterator[Document]:
    """All that a listing has, page after page.

    Raises:
        RefusedError: A page was refused.
        MlauditError: The pages have no end.
    """
    seen: set[str] = set()
    while True:
        page = asked(ask, operation, **params)
        yield from page.get(operation.items or "") or ()
        token = page.get(operation.token_out)
        if not token:
            return
        if token in seen:
            raise MlauditError(f"{operation.id} answers the same page again and again.")
        seen.add(token)
        params[operation.token_in] = token


def says_gone(refused: RefusedError) -> bool:
    """Whether a refusal says that what was asked for is not there."""
    return reason_of(refused.code, refused.message, None) is GapReason.GONE
