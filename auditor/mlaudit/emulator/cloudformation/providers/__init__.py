"""The types of resources that stacks can have here, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from mlaudit.emulator import models
from mlaudit.emulator.cloudformation import schemas
from mlaudit.emulator.cloudformation.generic import Generic
from mlaudit.emulator.cloudformation.providers import (
    compute,
    data,
    delivery,
    doors,
    identity,
    learning,
    logs,
    messaging,
    nested,
    network,
    observability,
    storage,
)
from mlaudit.emulator.cloudformation.resources import Provider
from mlaudit.emulator.cloudformation.rows import Reading, Row
from mlaudit.emulator.errors import Refusal

ROWS: Mapping[str, Row] = {
    **compute.ROWS,
    **data.ROWS,
    **delivery.ROWS,
    **doors.ROWS,
    **identity.ROWS,
    **learning.ROWS,
    **logs.ROWS,
    **messaging.ROWS,
    **network.ROWS,
    **observability.ROWS,
    **storage.ROWS,
}


def supported(type_name: str) -> bool:
    """Tell whether resources of a type can be made here."""
    return type_name in ROWS or type_name == nested.TYPE


@cache
def provider(type_name: str) -> Provider:
    """Return what makes the resources of a type.

    Raises:
        Refusal: Nothing here does.
    """
    if type_name == nested.TYPE:
        return nested.Nested()
    if type_name not in ROWS:
        raise Refusal(
            "NotEmulated", f"The emulated account does not make resources of type {type_name}."
        )
    return Generic(_complete(ROWS[type_name], type_name), schemas.schema(type_name))


def _complete(row: Row, type_name: str) -> Row:
    """Return a row with the operations that are named after its type."""
    kind = type_name.rsplit("::", 1)[-1]
    model = models.service(row.service)
    known = set(model.operation_names) if model else set()

    def named(given: str | None, *verbs: str) -> str:
        found = (f"{verb}{kind}" for verb in verbs if f"{verb}{kind}" in known)
        return next(found, "") if given is None else given

    reading = named(None, "Describe", "Get") if row.create is None else ""
    return replace(
        row,
        create=named(row.create, "Create"),
        update=named(row.update, "Update"),
        delete=named(row.delete, "Delete"),
        reading=row.reading or (Reading(reading) if reading else None),
    )
