"""AWS Batch: environments, queues, definitions, and jobs that are recorded, not run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker.jobs import duration
from mlaudit.emulator.services import pages

_ENVIRONMENT = "batch:ComputeEnvironment"
_QUEUE = "batch:JobQueue"
_DEFINITION = "batch:JobDefinition"
_JOB = "batch:Job"


def create_environment(call: Call) -> Record:
    """Create a compute environment."""
    name = call.params["computeEnvironmentName"]
    arn = call.arn(f"compute-environment/{name}")
    record: Record = {
        **call.params,
        "computeEnvironmentArn": arn,
        "ecsClusterArn": call.arn(f"cluster/{name}", "ecs"),
        "state": call.params.get("state", "ENABLED"),
        "status": "VALID",
        "statusReason": "ComputeEnvironment Healthy",
        "tags": call.params.get("tags", {}),
    }
    return _stored(call, _ENVIRONMENT, arn, record)


def create_queue(call: Call) -> Record:
    """Create a job queue."""
    name = call.params["jobQueueName"]
    for order in call.params.get("computeEnvironmentOrder", []):
        _find(call, _ENVIRONMENT, "computeEnvironmentName", order["computeEnvironment"])
    arn = call.arn(f"job-queue/{name}")
    record: Record = {
        "computeEnvironmentOrder": [],
        **call.params,
        "jobQueueArn": arn,
        "state": call.params.get("state", "ENABLED"),
        "status": "VALID",
        "statusReason": "JobQueue Healthy",
        "tags": call.params.get("tags", {}),
    }
    return _stored(call, _QUEUE, arn, record)


def register(call: Call) -> Record:
    """Register the next revision of a job definition."""
    name = call.params["jobDefinitionName"]
    revision = call.space.count(f"batch definition {name}")
    arn = call.arn(f"job-definition/{name}:{revision}")
    record: Record = {
        **call.params,
        "jobDefinitionArn": arn,
        "revision": revision,
        "status": "ACTIVE",
        "tags": call.params.get("tags", {}),
    }
    return _stored(call, _DEFINITION, arn, record)


def submit(call: Call) -> Record:
    """Record a job that has succeeded."""
    queue = _find(call, _QUEUE, "jobQueueName", call.params["jobQueue"])
    definition = _definition(call, call.params["jobDefinition"])
    job_id = f"{call.token('batch job', 8)}-0000-4000-8000-{call.token('batch job', 12)}"
    arn = call.arn(f"job/{job_id}")
    stopped = max(call.now, min(call.now + duration(job_id), call.cloud.now))
    record: Record = {
        "jobArn": arn,
        "jobId": job_id,
        "jobName": call.params["jobName"],
        "jobQueue": queue["jobQueueArn"],
        "jobDefinition": definition["jobDefinitionArn"],
        "status": "SUCCEEDED",
        "statusReason": "Essential container in task exited",
        "createdAt": _milliseconds(call.now),
        "startedAt": _milliseconds(min(call.now + timedelta(minutes=3), stopped)),
        "stoppedAt": _milliseconds(stopped),
        "parameters": call.params.get("parameters", {}),
        "tags": call.params.get("tags", {}),
        "platformCapabilities": definition.get("platformCapabilities", []),
        "dependsOn": call.params.get("dependsOn", []),
    }
    record |= _work(call, definition)
    record.update(call.becomes)
    return _stored(call, _JOB, arn, record)


def list_jobs(call: Call) -> Record:
    """List the jobs of a queue in one status, RUNNING unless another is asked for."""
    queue = _find(call, _QUEUE, "jobQueueName", call.params.get("jobQueue", ""))
    rows = [row for row in call.space.rows(_JOB) if row["jobQueue"] == queue["jobQueueArn"]]
    filters = call.params.get("filters", [])
    if filters:
        rows = [row for row in rows if all(_passes(row, item) for item in filters)]
    else:
        wanted = call.params.get("jobStatus", "RUNNING")
        rows = [row for row in rows if row["status"] == wanted]
    rows.sort(key=lambda row: row["createdAt"], reverse=True)
    return pages.cut(call, [_summary(row) for row in rows], member="jobSummaryList")


def describe_jobs(call: Call) -> Record:
    """Describe jobs by id or ARN; those that do not exist are left out."""
    wanted = set(call.params["jobs"])
    rows = [row for row in call.space.rows(_JOB) if {row["jobId"], row["jobArn"]} & wanted]
    return {"jobs": [_shown(row) for row in rows]}


def describe_environments(call: Call) -> Record:
    """Describe compute environments."""
    names = set(call.params.get("computeEnvironments", []))
    rows = [
        row
        for row in call.space.rows(_ENVIRONMENT)
        if not names or {row["computeEnvironmentName"], row["computeEnvironmentArn"]} & names
    ]
    return pages.cut(call, [_shown(row) for row in rows], member="computeEnvironments")


def describe_queues(call: Call) -> Record:
    """Describe job queues."""
    names = set(call.params.get("jobQueues", []))
    rows = [
        row
        for row in call.space.rows(_QUEUE)
        if not names or {row["jobQueueName"], row["jobQueueArn"]} & names
    ]
    return pages.cut(call, [_shown(row) for row in rows], member="jobQueues")


def describe_definitions(call: Call) -> Record:
    """Describe job definitions."""
    rows = call.space.rows(_DEFINITION)
    if call.params.get("jobDefinitions"):
        names = set(call.params["jobDefinitions"])
        rows = [row for row in rows if _names(row) & names]
    if "jobDefinitionName" in call.params:
        rows = [row for row in rows if row["jobDefinitionName"] == call.params["jobDefinitionName"]]
    if "status" in call.params:
        rows = [row for row in rows if row["status"] == call.params["status"]]
    return pages.cut(call, [_shown(row) for row in rows], member="jobDefinitions")


def update_environment(call: Call) -> Record:
    """Change a compute environment."""
    name = call.params["computeEnvironment"]
    return _changed(call, _find(call, _ENVIRONMENT, "computeEnvironmentName", name))


def delete_environment(call: Call) -> Record:
    """Delete a compute environment that is disabled and that no queue uses."""
    name = call.params["computeEnvironment"]
    record = _find(call, _ENVIRONMENT, "computeEnvironmentName", name)
    names = {record["computeEnvironmentName"], record["computeEnvironmentArn"]}
    for queue in call.space.rows(_QUEUE):
        if any(each["computeEnvironment"] in names for each in queue["computeEnvironmentOrder"]):
            text = "Cannot delete, found existing JobQueue relationship"
            raise Refusal("ClientException", text)
    return _deleted(call, _ENVIRONMENT, record["computeEnvironmentArn"])


def update_queue(call: Call) -> Record:
    """Change a job queue."""
    return _changed(call, _find(call, _QUEUE, "jobQueueName", call.params["jobQueue"]))


def delete_queue(call: Call) -> Record:
    """Delete a job queue that is disabled."""
    record = _find(call, _QUEUE, "jobQueueName", call.params["jobQueue"])
    return _deleted(call, _QUEUE, record["jobQueueArn"])


def deregister(call: Call) -> Record:
    """Let a revision of a job definition be used no more; it stays listed as inactive."""
    _definition(call, call.params["jobDefinition"])["status"] = "INACTIVE"
    return {}


def list_tags(call: Call) -> Record:
    """List the tags of a resource."""
    return {"tags": _tagged(call)["tags"]}


def tag(call: Call) -> Record:
    """Add tags to a resource."""
    _tagged(call)["tags"].update(call.params["tags"])
    return {}


def untag(call: Call) -> Record:
    """Remove tags from a resource."""
    for key in call.params["tagKeys"]:
        _tagged(call)["tags"].pop(key, None)
    return {}


def _shown(row: Record) -> Record:
    """Leave out what is empty, as the service does."""
    return {key: value for key, value in row.items() if value not in ({}, [])}


def _stored(call: Call, kind: str, arn: str, record: Record) -> Record:
    if arn in call.space.table(kind):
        raise Refusal("ClientException", f"Object already exists: {arn}")
    call.space.table(kind)[arn] = record
    return record


def _find(call: Call, kind: str, key: str, name: str) -> Record:
    for arn, row in call.space.table(kind).items():
        if name in (arn, row[key]):
            return row
    raise Refusal("ClientException", f"{kind.partition(':')[2]} {name} not found.")


def _changed(call: Call, record: Record) -> Record:
    names = {"computeEnvironment", "jobQueue", "serviceRole"}
    record |= {key: value for key, value in call.params.items() if key not in names}
    if "serviceRole" in call.params:
        record["serviceRole"] = call.params["serviceRole"]
    return record


def _deleted(call: Call, kind: str, arn: str) -> Record:
    if call.space.table(kind)[arn]["state"] != "DISABLED":
        raise Refusal("ClientException", "Cannot delete, resource is not in state [DISABLED].")
    del call.space.table(kind)[arn]
    return {}


def _definition(call: Call, name: str) -> Record:
    rows = [row for row in call.space.rows(_DEFINITION) if name in _names(row)]
    if not rows:
        raise Refusal("ClientException", f"Job definition {name} not found.")
    return rows[-1]


def _names(row: Record) -> set[str]:
    name = row["jobDefinitionName"]
    return {name, f"{name}:{row['revision']}", row["jobDefinitionArn"]}


def _work(call: Call, definition: Record) -> Record:
    if "nodeProperties" in definition:
        nodes = dict(definition["nodeProperties"])
        wanted = call.params.get("nodeOverrides", {}).get("numNodes")
        if wanted:
            nodes["numNodes"] = wanted
        return {"nodeProperties": nodes}
    if "containerProperties" in definition:
        task = f"{definition['jobDefinitionName']}/default/{call.token('batch task', 32)}"
        properties = definition["containerProperties"]
        return {"container": {**properties, "exitCode": 0, "logStreamName": task}}
    return {}


def _summary(row: Record) -> Record:
    summary = dict(row)
    if "nodeProperties" in row:
        summary["nodeProperties"] = {
            "isMainNode": False,
            "numNodes": row["nodeProperties"]["numNodes"],
        }
    if "container" in row:
        summary["container"] = {"exitCode": 0}
    return summary


def _passes(row: Record, item: Record) -> bool:
    name, values = item["name"], item["values"]
    if name == "BEFORE_CREATED_AT":
        return bool(row["createdAt"] < int(values[0]))
    if name == "AFTER_CREATED_AT":
        return bool(row["createdAt"] > int(values[0]))
    key = {"JOB_NAME": "jobName", "JOB_DEFINITION": "jobDefinition"}.get(name)
    if key is None:
        raise Refusal("ClientException", f"The emulated account does not filter by {name}.")
    pattern = values[0]
    text = row[key].rsplit("/", 1)[-1]
    matched = text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern
    return bool(matched)


def _tagged(call: Call) -> Record:
    return pages.tagged_record(call, call.params["resourceArn"], "ClientException")


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


HANDLERS: Mapping[str, Handler] = {
    "CreateComputeEnvironment": create_environment,
    "CreateJobQueue": create_queue,
    "DeleteComputeEnvironment": delete_environment,
    "DeleteJobQueue": delete_queue,
    "DeregisterJobDefinition": deregister,
    "DescribeComputeEnvironments": describe_environments,
    "DescribeJobDefinitions": describe_definitions,
    "DescribeJobQueues": describe_queues,
    "DescribeJobs": describe_jobs,
    "ListJobs": list_jobs,
    "ListTagsForResource": list_tags,
    "RegisterJobDefinition": register,
    "SubmitJob": submit,
    "TagResource": tag,
    "UntagResource": untag,
    "UpdateComputeEnvironment": update_environment,
    "UpdateJobQueue": update_queue,
}
