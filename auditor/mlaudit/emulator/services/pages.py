"""Page and find records of the services that are not SageMaker."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal


def cut(
    call: Call, rows: Sequence[Record], *, member: str, size: str = "maxResults", default: int = 100
) -> Record:
    """Return one page of rows; the token has the spelling of the size's parameter.

    Raises:
        Refusal: the token was not given out by this operation.
    """
    token_key = "NextToken" if size[0].isupper() else "nextToken"
    start = _position(call, call.params.get(token_key))
    end = start + int(call.params.get(size) or default)
    page: Record = {member: list(rows[start:end])}
    if end < len(rows):
        page[token_key] = base64.b64encode(f"{call.operation}:{end}".encode()).decode()
    return page


def tag_map(tags: Iterable[Record], key: str = "key", value: str = "value") -> dict[str, str]:
    """Return tags written as a list of pairs as a mapping."""
    return {tag[key]: tag[value] for tag in tags}


def tagged_record(call: Call, arn: str, code: str) -> Record:
    """Return the record of this ARN, whatever its kind.

    Raises:
        Refusal: nothing has this ARN.
    """
    for table in call.space.tables.values():
        if arn in table:
            return table[arn]
    raise Refusal(code, f"Resource {arn} does not exist.")


def _position(call: Call, token: str | None) -> int:
    if not token:
        return 0
    try:
        operation, _, position = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal("ValidationException", "The token is not valid.") from error
    if operation != call.operation or not position.isdigit():
        raise Refusal("ValidationException", "The token is not valid.")
    return int(position)
