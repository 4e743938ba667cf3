"""Create, find and complete the records of SageMaker resources."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from mlaudit.emulator import models, shapes
from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import naming

# The state in which a resource comes to rest, the first one that its enumeration knows.
_AT_REST = [
    "Completed",
    "InService",
    "Scheduled",
    "Active",
    "ACTIVE",
    "Created",
    "CREATED",
    "CreateCompleted",
    "Ready",
    "Succeeded",
    "Running",
    "Deployed",
    "Available",
    "Enabled",
    "COMPLETED",
    "Approved",
    "Draft",
    "Published",
    "Started",
]
_BORN = re.compile(r"^(Creation|Created|LastModified|LastUpdated)(Time|At|Date)$")
_ID_PREFIXES = {
    "DomainId": "d-",
    "ProjectId": "p-",
    "ClusterSchedulerConfigId": "",
    "ComputeQuotaId": "",
}
_PATH_KEYS: Mapping[str, tuple[str, ...]] = {
    "App": ("DomainId", "UserProfileName", "AppType", "AppName"),
    "Space": ("DomainId", "SpaceName"),
    "UserProfile": ("DomainId", "UserProfileName"),
    "Job": ("JobCategory", "JobName"),
}


_ANY_URI = "s3://emulated/unknown"


def new(call: Call, kind: str) -> Record:
    """Return a complete record from a create request, not stored yet."""
    record: Record = dict(call.params)
    members = naming.fields(kind)
    created = models.outputs(naming.SERVICE, f"Create{kind}")
    for name in (*naming.keys(kind), *created):
        if name.endswith("Id") and name in members and name not in record:
            record[name] = _ID_PREFIXES.get(name, "") + call.token(name)
    arn = _arn(call, kind, record)
    record |= {"_arn": arn, "_kind": kind}
    record |= dict.fromkeys(naming.arn_keys(kind), arn)
    for name, shape in members.items():
        if name not in record:
            value = _born(name, shape, call)
            if value is not None:
                record[name] = value
    return record


def store(call: Call, kind: str, record: Record) -> None:
    """Keep a record.

    Raises:
        Refusal: there is one of this name already.
    """
    table = call.space.table(kind)
    if record["_arn"] in table:
        raise _duplicate(call, kind, record)
    table[record["_arn"]] = record


def find(call: Call, kind: str, named: Record | None = None) -> Record:
    """Return the record a request names.

    Raises:
        Refusal: there is none.
    """
    params = call.params if named is None else named
    keys = [key for key in naming.keys(kind) if key in params] or [
        key for key in params if key.endswith(("Name", "Arn", "Id"))
    ]
    for record in call.space.rows(kind):
        if all(_same(record, key, params[key]) for key in keys):
            return record
    raise missing(call, kind, "/".join(str(params[key]) for key in keys))


def lookup(call: Call, kind: str, name: str) -> Record | None:
    """Return the record with this name or ARN, None when there is none."""
    key = naming.name_key(kind)
    for record in call.space.rows(kind):
        if name in (record.get(key), record["_arn"]):
            return record
    return None


def missing(call: Call, kind: str, name: str) -> Refusal:
    """Return what SageMaker answers about a resource that does not exist."""
    operation = models.operation(naming.SERVICE, call.operation)
    if any(shape.name == "ResourceNotFound" for shape in operation.error_shapes):
        return Refusal("ResourceNotFound", f"Requested resource not found: {kind} {name}.")
    arn = name if name.startswith("arn:") else call.arn(f"{naming.arn_type(kind)}/{name}")
    words = naming.arn_type(kind).replace("-", " ")
    return Refusal("ValidationException", f'Could not find {words} "{arn}".')


def completed(record: Record, shape: Shape) -> Any:
    """Return a record with the members that its shape requires and nobody set."""
    if not isinstance(shape, StructureShape):
        return record["_arn"]
    members = shape.members
    if len(members) == 1:
        name, inner = next(iter(members.items()))
        if isinstance(inner, StructureShape) and name not in record:
            return {name: completed(record, inner)}
    return _filled(record, shape, record)


def touch(call: Call, record: Record) -> None:
    """Note that a record was modified."""
    for name in ("LastModifiedTime", "LastModifiedAt", "LastUpdatedTime"):
        if name in record:
            record[name] = call.now


def at_rest(shape: StringShape) -> str:
    """Return the healthy final value of a status."""
    return next((value for value in _AT_REST if value in shape.enum), shape.enum[0])


def _arn(call: Call, kind: str, record: Record) -> str:
    keys = _PATH_KEYS.get(kind)
    if keys:
        path = "/".join(str(record[key]) for key in keys if record.get(key))
    else:
        path = _OWN_IDS.get(kind, _identifier)(call, kind, record)
    return call.arn(f"{naming.arn_type(kind)}/{path.lower() if kind == 'AutoMLJob' else path}")


def _identifier(call: Call, kind: str, record: Record) -> str:
    for key in (naming.name_key(kind), *naming.keys(kind)):
        value = record.get(key)
        if isinstance(value, str) and not value.startswith("arn:"):
            return value
    return call.token(kind, 32)


def _cluster_id(call: Call, _kind: str, _record: Record) -> str:
    return call.token("cluster", 12)


def _app_id(call: Call, _kind: str, _record: Record) -> str:
    return f"app-{call.token('partner app', 12).upper()}"


def _image_version(call: Call, _kind: str, record: Record) -> str:
    number = call.space.count(f"versions of image {record['ImageName']}")
    record["Version"] = number
    record["ImageArn"] = call.arn(f"image/{record['ImageName']}")
    return f"{record['ImageName']}/{number}"


_OWN_IDS: Mapping[str, Callable[[Call, str, Record], str]] = {
    "Cluster": _cluster_id,
    "ImageVersion": _image_version,
    "PartnerApp": _app_id,
}


def _born(name: str, shape: Shape, call: Call) -> Any:
    if shape.type_name == "timestamp" and _BORN.match(name):
        return call.now
    if (
        isinstance(shape, StringShape)
        and shape.enum
        and (name.endswith("Status") or name == "State")
    ):
        return at_rest(shape)
    if shape.type_name == "integer" and name.endswith("Version"):
        return 1
    return None


def _same(record: Record, key: str, value: Any) -> bool:
    return value in (record.get(key), record["_arn"])


def _filled(value: Any, shape: Shape, owner: Record) -> Any:
    """Return a value with what its shape requires; what is missing is taken from its owner."""
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_filled(item, shape.member, owner) for item in value]
    if not isinstance(shape, StructureShape) or not isinstance(value, dict):
        return value
    members = shape.members
    out = {
        name: _filled(value[name], member, owner)
        for name, member in members.items()
        if value.get(name) is not None
    }
    for name in shape.required_members:
        if name not in out:
            out[name] = _required(name, members[name], owner)
    return out


def _required(name: str, shape: Shape, record: Record) -> Any:  # noqa: PLR0911 - one return per type
    if isinstance(shape, StructureShape):
        return completed(record, shape)
    if isinstance(shape, ListShape):
        return []
    if isinstance(shape, MapShape):
        return {}
    if shape.type_name in {"integer", "long", "float", "double"}:
        return shape.metadata.get("min", 0)
    if shape.type_name == "boolean":
        return False
    if shape.type_name == "timestamp":
        return record.get("CreationTime") or record.get("CreatedAt")
    if isinstance(shape, StringShape) and shape.enum:
        return at_rest(shape)
    own = naming.name_of(record["_kind"], record)
    texts = (record["_arn"] if name.endswith("Arn") else own, own, _ANY_URI)
    return next((text for text in texts if fits(text, shape)), own)


def fits(text: str, shape: Shape) -> bool:
    """Tell whether a text is a possible value of a shape."""
    return not any(shapes.faults(text, shape))


def _duplicate(call: Call, kind: str, record: Record) -> Refusal:
    errors = {shape.name for shape in models.operation(naming.SERVICE, call.operation).error_shapes}
    words = naming.arn_type(kind).replace("-", " ")
    if "ResourceInUse" in errors:
        text = (
            f"{words.capitalize()} names must be unique within an AWS account and region, "
            f"but a {words} with this name already exists ({record['_arn']})"
        )
        return Refusal("ResourceInUse", text)
    text = f'Cannot create already existing {words} "{record["_arn"]}".'
    if "ConflictException" in errors and kind == "ModelCard":
        return Refusal("ConflictException", text)
    return Refusal("ValidationException", text)
