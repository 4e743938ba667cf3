"""Give operations their parameters from what is known of a resource."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import jmespath  # type: ignore[import-untyped]  # it has no stubs
from botocore.model import StructureShape

from mlaudit.emulator import models
from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.coercion import coerced, member, plain


def shape_of(service: str, operation: str) -> StructureShape | None:
    """Return what an operation takes, None where it takes nothing."""
    shape = models.operation(service, operation).input_shape if operation else None
    return shape if isinstance(shape, StructureShape) else None


def offered(
    service: str, operation: str, source: Mapping[str, Any], only: Collection[str] | None = None
) -> tuple[Record, set[str]]:
    """Return the parameters of an operation that a source has.

    Args:
        service: The service.
        operation: The operation.
        source: Values by the names of members or of properties, however spelled.
        only: Members to give, beside those it requires; all of them where left out.

    Returns:
        The parameters, and the names they have in the source.

    Raises:
        Refusal: A value cannot be given.
    """
    shape = shape_of(service, operation)
    if shape is None:
        return {}, set()
    wanted = set(shape.members) if only is None else {*shape.required_members, *only}
    params: Record = {}
    taken: set[str] = set()
    for name, value in source.items():
        found = member(shape, name)
        if found in wanted and value is not None and (found == name or found not in params):
            params[found] = coerced(value, shape.members[found], name)
            taken.add(name)
    return params, taken


def exactly(service: str, operation: str, given: Mapping[str, Any]) -> Record:
    """Return the parameters that an operation knows of what it is given."""
    params, _ = offered(service, operation, given)
    return params


def searched(paths: Mapping[str, str], known: Record) -> Record:
    """Return what JMESPath finds under each name, without what it does not find."""
    found = {name: jmespath.search(path, known) for name, path in paths.items()}
    return {name: value for name, value in found.items() if value is not None}


def flat(answer: Mapping[str, Any]) -> Record:
    """Return an answer with what a structure around it holds beside it, one level deep."""
    inner: Record = {}
    for value in answer.values():
        if isinstance(value, dict) and len(answer) <= 2:  # noqa: PLR2004 - a wrapper, and a token
            inner |= value
    return {**inner, **answer}


def by_plain(known: Mapping[str, Any], name: str) -> Any:
    """Return the value of a name however it is spelled, None where there is none."""
    wanted = plain(name)
    return next((value for key, value in known.items() if plain(key) == wanted), None)
