"""CodePipeline: pipelines, and executions that end as the scenario tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

PIPELINE = "codepipeline:Pipeline"
_RUN = "codepipeline:Execution"
_LASTS = timedelta(hours=2)


def create(call: Call) -> Record:
    """Create a pipeline."""
    declared = call.params["pipeline"]
    arn = call.arn(declared["name"])
    if arn in call.space.table(PIPELINE):
        raise Refusal("PipelineNameInUseException", f"{declared['name']} already exists.")
    tags = call.params.get("tags", [])
    call.space.table(PIPELINE)[arn] = {
        "pipeline": {"version": 1, **declared},
        "metadata": {"pipelineArn": arn, "created": call.now, "updated": call.now},
        "tags": tags,
    }
    return {"pipeline": {"version": 1, **declared}, "tags": tags}


def update(call: Call) -> Record:
    """Change a pipeline, which makes a new version of it."""
    declared = call.params["pipeline"]
    record = _find(call, declared["name"])
    version = record["pipeline"]["version"] + 1
    record["pipeline"] = {**declared, "version": version}
    record["metadata"]["updated"] = call.now
    return {"pipeline": record["pipeline"]}


def delete(call: Call) -> Record:
    """Delete a pipeline; one that is not there is deleted already."""
    call.space.table(PIPELINE).pop(call.arn(call.params["name"]), None)
    return {}


def get(call: Call) -> Record:
    """Describe a pipeline."""
    return _find(call, call.params["name"])


def list_(call: Call) -> Record:
    """List the pipelines."""
    rows = [
        {
            "name": row["pipeline"]["name"],
            "version": row["pipeline"]["version"],
            "created": row["metadata"]["created"],
            "updated": row["metadata"]["updated"],
        }
        for row in call.space.rows(PIPELINE)
    ]
    return pages.cut(call, rows, member="pipelines")


def start(call: Call) -> Record:
    """Start an execution; nothing runs, and it succeeds after a while unless the scenario tells."""
    arn = _find(call, call.params["name"])["metadata"]["pipelineArn"]
    run_id = f"{call.space.count(_RUN):08x}-0000-4000-a000-000000000000"
    call.space.table(_RUN)[run_id] = {
        "pipelineExecutionId": run_id,
        "status": "Succeeded",
        "startTime": call.now,
        "lastUpdateTime": call.now + _LASTS,
        "trigger": {"triggerType": "StartPipelineExecution"},
        **call.becomes,
        "pipelineArn": arn,
    }
    return {"pipelineExecutionId": run_id}


def list_runs(call: Call) -> Record:
    """List the executions of a pipeline, the newest first."""
    arn = _find(call, call.params["pipelineName"])["metadata"]["pipelineArn"]
    rows = [row for row in call.space.rows(_RUN) if row["pipelineArn"] == arn]
    rows.sort(key=lambda row: str(row["startTime"]), reverse=True)
    return pages.cut(call, rows, member="pipelineExecutionSummaries")


def list_tags(call: Call) -> Record:
    """List the tags of a pipeline."""
    arn = call.params["resourceArn"]
    return {"tags": pages.tagged_record(call, arn, "ResourceNotFoundException")["tags"]}


def tag(call: Call) -> Record:
    """Add tags to a pipeline, or change them."""
    record = pages.tagged_record(call, call.params["resourceArn"], "ResourceNotFoundException")
    new = {each["key"] for each in call.params["tags"]}
    record["tags"] = [each for each in record["tags"] if each["key"] not in new]
    record["tags"] += call.params["tags"]
    return {}


def untag(call: Call) -> Record:
    """Remove tags from a pipeline."""
    record = pages.tagged_record(call, call.params["resourceArn"], "ResourceNotFoundException")
    gone = call.params["tagKeys"]
    record["tags"] = [each for each in record["tags"] if each["key"] not in gone]
    return {}


def _find(call: Call, name: str) -> Record:
    row = call.space.table(PIPELINE).get(call.arn(name))
    if row is None:
        raise Refusal("PipelineNotFoundException", f"There is no pipeline {name}.")
    return row


HANDLERS: Mapping[str, Handler] = {
    "CreatePipeline": create,
    "DeletePipeline": delete,
    "GetPipeline": get,
    "ListPipelineExecutions": list_runs,
    "ListPipelines": list_,
    "ListTagsForResource": list_tags,
    "StartPipelineExecution": start,
    "TagResource": tag,
    "UntagResource": untag,
    "UpdatePipeline": update,
}
