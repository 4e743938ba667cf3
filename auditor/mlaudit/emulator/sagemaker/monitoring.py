"""Monitoring schedules, their definitions and their executions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import listing, records, verbs

DEFINITIONS = {
    "DataQuality": "DataQualityJobDefinition",
    "ModelQuality": "ModelQualityJobDefinition",
    "ModelBias": "ModelBiasJobDefinition",
    "ModelExplainability": "ModelExplainabilityJobDefinition",
}


def schedule_refers(call: Call, record: Record) -> None:
    """Refuse a schedule of a definition that does not exist; take over what the definition says."""
    config = record["MonitoringScheduleConfig"]
    name = config.get("MonitoringJobDefinitionName")
    inline = config.get("MonitoringJobDefinition")
    if bool(name) == bool(inline):
        text = "Specify either MonitoringJobDefinition or MonitoringJobDefinitionName."
        raise Refusal("ValidationException", text)
    record["MonitoringType"] = config.get("MonitoringType", "DataQuality")
    if name:
        definition = records.lookup(call, DEFINITIONS[record["MonitoringType"]], name)
        if definition is None:
            raise Refusal("ValidationException", f'Could not find job definition "{name}".')
        record["MonitoringJobDefinitionName"] = name
        record["EndpointName"] = _endpoint(definition)
    else:
        record["EndpointName"] = _endpoint(inline)
    record["MonitoringScheduleStatus"] = "Scheduled"


def schedule_created(call: Call, record: Record) -> None:
    """Let a schedule have run daily until now."""
    runs: list[Record] = []
    moment = call.now + timedelta(hours=1)
    while moment <= call.cloud.now and len(runs) < _MOST_RUNS:
        runs.append(_execution(record, moment))
        moment += timedelta(days=1)
    for run in runs:
        call.space.table("MonitoringExecution")[run["_arn"]] = run
    if runs:
        record["LastMonitoringExecutionSummary"] = runs[-1]


def list_executions(call: Call) -> Record:
    """List the executions of schedules."""
    rows = call.space.rows("MonitoringExecution")
    return listing.answer(call, "MonitoringExecution", rows)


def create_definition(kind: str) -> Any:
    """Return the create operation of one kind of monitoring job definition."""

    def named(_: Call, record: Record) -> None:
        record["EndpointName"] = _endpoint(record)
        record["MonitoringJobDefinitionName"] = record["JobDefinitionName"]
        record["MonitoringJobDefinitionArn"] = record["_arn"]

    return verbs.create(kind, before=named)


_MOST_RUNS = 120


def _endpoint(definition: Record) -> str | None:
    found = listing.value_at(definition.get("MonitoringInputs"), "EndpointName")
    inputs = definition.get("MonitoringInputs")
    if found is None and isinstance(inputs, list):
        found = next((listing.value_at(item, "EndpointName") for item in inputs), None)
    endpoint: str | None = found or listing.value_at(definition, "EndpointName")
    return endpoint


def _execution(schedule: Record, moment: Any) -> Record:
    name = schedule["MonitoringScheduleName"]
    run: Record = {
        "_arn": f"{schedule['_arn']}/execution/{moment:%Y%m%d%H%M}",
        "_kind": "MonitoringExecution",
        "_born": moment,
        "MonitoringScheduleName": name,
        "ScheduledTime": moment,
        "CreationTime": moment,
        "LastModifiedTime": moment + timedelta(minutes=9),
        "MonitoringExecutionStatus": "Completed",
        "MonitoringType": schedule["MonitoringType"],
    }
    for key in ("EndpointName", "MonitoringJobDefinitionName"):
        if schedule.get(key):
            run[key] = schedule[key]
    return run
