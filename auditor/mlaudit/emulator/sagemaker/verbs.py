"""What Create, Describe, List, Update, Delete, Start and Stop mean for any resource."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping

from botocore.model import StringShape, StructureShape

from mlaudit.emulator import models
from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import listing, naming, records

# Called with a complete record: refuse it, or add what the service would have added.
Hook = Callable[[Call, Record], None]

_RUNNING = ("Scheduled", "Running", "InProgress", "Started", "InService", "Created")


def create(kind: str, *, before: Hook | None = None, after: Hook | None = None) -> Handler:
    """Return the create operation of a kind."""

    def handler(call: Call) -> Record:
        record = records.new(_copied(call), kind)
        record["_born"] = call.now
        if before:
            before(call, record)
        records.store(call, kind, record)
        if after:
            after(call, record)
        _override(record, call.becomes)
        return _completed(call, record)

    return handler


def describe(kind: str) -> Handler:
    """Return the describe operation of a kind."""
    return lambda call: _completed(call, records.find(call, kind))


def list_(kind: str) -> Handler:
    """Return the list operation of a kind."""
    return lambda call: listing.answer(call, kind, call.space.rows(kind))


def delete(kind: str) -> Handler:
    """Return the delete operation of a kind."""

    def handler(call: Call) -> Record:
        record = records.find(call, kind)
        del call.space.table(kind)[record["_arn"]]
        return _completed(call, record)

    return handler


def update(kind: str) -> Handler:
    """Return the update operation of a kind."""

    def handler(call: Call) -> Record:
        record = records.find(call, kind)
        names = {*naming.keys(kind), "ClientRequestToken", "ClientToken"}
        record |= {key: value for key, value in _copied(call).params.items() if key not in names}
        records.touch(call, record)
        _override(record, call.becomes)
        return _completed(call, record)

    return handler


def stop(kind: str) -> Handler:
    """Return the stop operation of a kind."""
    return _transition(kind, ("Stopped", "STOPPED"))


def start(kind: str) -> Handler:
    """Return the start operation of a kind."""
    return _transition(kind, _RUNNING)


GENERIC: Mapping[str, Callable[[str], Handler]] = {
    "Create": create,
    "Describe": describe,
    "Delete": delete,
    "Update": update,
    "Stop": stop,
    "Start": start,
}


def _transition(kind: str, wanted: tuple[str, ...]) -> Handler:
    def handler(call: Call) -> Record:
        record = records.find(call, kind)
        for name, shape in naming.fields(kind).items():
            if isinstance(shape, StringShape) and shape.enum and name.endswith("Status"):
                state = next((value for value in wanted if value in shape.enum), None)
                record[name] = state or record.get(name)
        records.touch(call, record)
        return _completed(call, record)

    return handler


def _completed(call: Call, record: Record) -> Record:
    shape = models.operation(naming.SERVICE, call.operation).output_shape
    if not isinstance(shape, StructureShape):
        return {}
    answer: Record = records.completed(record, shape)
    return answer


def _copied(call: Call) -> Call:
    copied: Record = copy.deepcopy(call.params)
    call.params.clear()
    call.params.update(copied)
    return call


def _override(record: Record, becomes: Record) -> None:
    unknown = [key for key in becomes if key not in naming.fields(record["_kind"])]
    if unknown:
        text = f"becomes: {record['_kind']} has no {', '.join(unknown)}"
        raise Refusal("ValidationException", text)
    record.update(becomes)
