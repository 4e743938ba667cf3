"""The model registry: groups, versions, approval, policies."""

from __future__ import annotations

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import listing, naming, records, serving, verbs


def create_package(call: Call) -> Record:
    """Register a version in a group, or an unversioned package."""
    group_name = call.params.get("ModelPackageGroupName")
    if not group_name and not call.params.get("ModelPackageName"):
        raise Refusal(
            "ValidationException", "Provide a ModelPackageGroupName or a ModelPackageName."
        )
    record = records.new(call, "ModelPackage")
    record["_born"] = call.now
    if group_name:
        _number(call, record, serving.require(call, "ModelPackageGroup", group_name))
    else:
        record.pop("ModelPackageVersion", None)
    record["ModelPackageStatus"] = "Completed"
    record["ModelPackageStatusDetails"] = {"ValidationStatuses": []}
    if not group_name:
        record.pop("ModelApprovalStatus", None)
    elif "ModelApprovalStatus" not in call.params:
        record["ModelApprovalStatus"] = "PendingManualApproval"
    record["CreatedBy"] = _caller(call)
    for name in ("InferenceSpecification", "SourceAlgorithmSpecification"):
        if name in record:
            record[name] = dict(record[name])
    records.store(call, "ModelPackage", record)
    record.update(call.becomes)
    return record


def update_package(call: Call) -> Record:
    """Change the approval or the properties of a version."""
    record = records.find(
        call, "ModelPackage", {"ModelPackageName": call.params["ModelPackageArn"]}
    )
    changes = {key: value for key, value in call.params.items() if key != "ModelPackageArn"}
    added = changes.pop("CustomerMetadataProperties", {})
    for key in changes.pop("CustomerMetadataPropertiesToRemove", []):
        record.get("CustomerMetadataProperties", {}).pop(key, None)
    properties = {**record.pop("CustomerMetadataProperties", {}), **added}
    if properties:
        record["CustomerMetadataProperties"] = properties
    record |= changes
    record["LastModifiedTime"] = call.now
    record["LastModifiedBy"] = _caller(call)
    record.update(call.becomes)
    return record


def list_packages(call: Call) -> Record:
    """List the versions of a group, or the packages without one."""
    group = call.params.get("ModelPackageGroupName", "").rsplit("/", 1)[-1]
    kind = call.params.get("ModelPackageType") or ("Versioned" if group else "Unversioned")
    rows = call.space.rows("ModelPackage")
    if group:
        rows = [row for row in rows if row.get("ModelPackageGroupName") == group]
    elif kind != "Both":
        rows = [row for row in rows if ("ModelPackageGroupName" in row) == (kind == "Versioned")]
    ignoring = frozenset({"ModelPackageGroupName", "ModelPackageType"})
    return listing.answer(call, "ModelPackage", rows, ignoring=ignoring)


def batch_describe(call: Call) -> Record:
    """Describe many versions at once."""
    table = call.space.table("ModelPackage")
    found = {arn: table[arn] for arn in call.params["ModelPackageArnList"] if arn in table}
    errors = {
        arn: {"ErrorCode": "ResourceNotFound", "ErrorResponse": f"{arn} does not exist."}
        for arn in call.params["ModelPackageArnList"]
        if arn not in table
    }
    return {"ModelPackageSummaries": found, "BatchDescribeModelPackageErrorMap": errors}


def group_created(_: Call, record: Record) -> None:
    """Say who created a group; the model requires the member, not its content."""
    record.setdefault("CreatedBy", {})
    record["ModelPackageGroupStatus"] = "Completed"


def delete_group(call: Call) -> Record:
    """Delete a group that has no versions."""
    group = records.find(call, "ModelPackageGroup")
    name = group["ModelPackageGroupName"]
    if any(row.get("ModelPackageGroupName") == name for row in call.space.rows("ModelPackage")):
        text = f"Model Package Group cannot be deleted because it contains Model Package: {name}"
        raise Refusal("ConflictException", text)
    return verbs.delete("ModelPackageGroup")(call) or {}


def put_policy(call: Call) -> Record:
    """Attach a resource policy to a group."""
    group = records.find(call, "ModelPackageGroup")
    group["_policy"] = call.params["ResourcePolicy"]
    return group


def get_policy(call: Call) -> Record:
    """Return the resource policy of a group."""
    group = records.find(call, "ModelPackageGroup")
    if "_policy" not in group:
        text = f"Cannot find resource policy for: {group['ModelPackageGroupArn']}"
        raise Refusal("ValidationException", text)
    return {"ResourcePolicy": group["_policy"]}


def delete_policy(call: Call) -> Record:
    """Detach the resource policy of a group."""
    records.find(call, "ModelPackageGroup").pop("_policy", None)
    return {}


def _caller(call: Call) -> Record:
    """Return who calls, as far as that is known."""
    return {"IamIdentity": {"Arn": call.by, "PrincipalId": call.by}} if call.by else {}


def _version(call: Call, counter: str) -> int:
    """Return the next number of a group, or the one a version is said to have."""
    said = call.becomes.get("ModelPackageVersion")
    if said is None:
        return call.space.count(counter)
    counters = call.space.counters
    counters[counter] = max(said, counters.get(counter, 0))
    return int(said)


def _number(call: Call, record: Record, group: Record) -> None:
    name = group["ModelPackageGroupName"]
    version = _version(call, f"versions of {name}")
    arn = call.arn(f"{naming.arn_type('ModelPackage')}/{name}/{version}")
    record |= {
        "_arn": arn,
        "ModelPackageArn": arn,
        "ModelPackageGroupName": name,
        "ModelPackageVersion": version,
    }
    record.pop("ModelPackageName", None)
