"""Hyperparameter tuning: the training jobs it starts and the best of them."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.sagemaker import jobs, listing, records

_MOST_CHILDREN = 4


def run(call: Call, record: Record) -> None:
    """Start the training jobs of a tuning job and choose the best."""
    children = [
        _child(call, record, definition, number)
        for number, definition in enumerate(_definitions(record), start=1)
    ]
    record["TrainingJobStatusCounters"] = {
        "Completed": len(children),
        "InProgress": 0,
        "RetryableError": 0,
        "NonRetryableError": 0,
        "Stopped": 0,
    }
    record["ObjectiveStatusCounters"] = {"Succeeded": len(children), "Pending": 0, "Failed": 0}
    end = max((child["TrainingEndTime"] for child in children), default=call.now)
    record["HyperParameterTuningEndTime"] = record["LastModifiedTime"] = end
    record["Strategy"] = record["HyperParameterTuningJobConfig"]["Strategy"]
    if children:
        record["BestTrainingJob"] = _summary(_best(record, children), record)


def children_of(call: Call) -> Record:
    """Answer ListTrainingJobsForHyperParameterTuningJob."""
    tuning = records.find(call, "HyperParameterTuningJob")
    rows = [
        _summary(job, tuning) | {"_arn": job["_arn"], "_kind": "TrainingJob", "_born": job["_born"]}
        for job in call.space.rows("TrainingJob")
        if job.get("TuningJobArn") == tuning["_arn"]
    ]
    return listing.answer(
        call, "TrainingJob", rows, ignoring=frozenset({"HyperParameterTuningJobName"})
    )


def _definitions(record: Record) -> list[Record]:
    limits = record["HyperParameterTuningJobConfig"].get("ResourceLimits", {})
    wanted = min(int(limits.get("MaxNumberOfTrainingJobs", _MOST_CHILDREN)), _MOST_CHILDREN)
    several: list[Record] = record.get("TrainingJobDefinitions", [])
    definitions = several or [record["TrainingJobDefinition"]] if _defined(record) else []
    return [definitions[index % len(definitions)] for index in range(wanted)] if definitions else []


def _defined(record: Record) -> bool:
    return bool(record.get("TrainingJobDefinitions") or record.get("TrainingJobDefinition"))


def _child(call: Call, tuning: Record, definition: Record, number: int) -> Record:
    tuning_name = tuning["HyperParameterTuningJobName"]
    name = f"{tuning_name}-{number:03d}-{call.token('tuning', 8)}"
    params = _training_params(tuning, definition, name, number)
    call.invoke("CreateTrainingJob", params, now=call.now + timedelta(minutes=3 * number))
    child = records.lookup(call, "TrainingJob", name)
    if child is None:
        raise AssertionError(name)
    child["TuningJobArn"] = tuning["_arn"]
    child["FinalMetricDataList"] = [
        {
            "MetricName": _objective(tuning),
            "Value": jobs.metric(name, _objective(tuning)),
            "Timestamp": call.now,
        }
    ]
    return child


def _training_params(tuning: Record, definition: Record, name: str, number: int) -> Record:
    taken = [
        "RoleArn",
        "InputDataConfig",
        "VpcConfig",
        "OutputDataConfig",
        "StoppingCondition",
        "CheckpointConfig",
        "EnableNetworkIsolation",
        "EnableManagedSpotTraining",
        "Environment",
        "RetryStrategy",
    ]
    params: Record = {key: copy.deepcopy(definition[key]) for key in taken if key in definition}
    if "Tags" in tuning:
        params["Tags"] = copy.deepcopy(tuning["Tags"])
    algorithm = copy.deepcopy(definition["AlgorithmSpecification"])
    params["AlgorithmSpecification"] = algorithm
    params["TrainingJobName"] = name
    params["ResourceConfig"] = _resources(definition)
    chosen = _chosen(tuning["HyperParameterTuningJobConfig"].get("ParameterRanges", {}), number)
    params["HyperParameters"] = {**definition.get("StaticHyperParameters", {}), **chosen}
    return params


def _resources(definition: Record) -> Record:
    if "ResourceConfig" in definition:
        resources: Record = copy.deepcopy(definition["ResourceConfig"])
        return resources
    asked = definition["HyperParameterTuningResourceConfig"]
    one = (asked.get("InstanceConfigs") or [asked])[0]
    return {
        "InstanceType": one["InstanceType"],
        "InstanceCount": one["InstanceCount"],
        "VolumeSizeInGB": one.get("VolumeSizeInGB", asked.get("VolumeSizeInGB", 30)),
    }


def _chosen(ranges: Record, number: int) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for item in ranges.get("ContinuousParameterRanges", []):
        low, high = float(item["MinValue"]), float(item["MaxValue"])
        chosen[item["Name"]] = f"{low + (high - low) * jobs.fraction(item['Name'], number):.6g}"
    for item in ranges.get("IntegerParameterRanges", []):
        low, high = int(item["MinValue"]), int(item["MaxValue"])
        chosen[item["Name"]] = str(low + int((high - low) * jobs.fraction(item["Name"], number)))
    for item in ranges.get("CategoricalParameterRanges", []):
        chosen[item["Name"]] = item["Values"][number % len(item["Values"])]
    return chosen


def _objective(tuning: Record) -> str:
    objective: Record = tuning["HyperParameterTuningJobConfig"].get(
        "HyperParameterTuningJobObjective", {}
    )
    definition = tuning.get("TrainingJobDefinition") or {}
    return str(
        (objective or definition.get("TuningObjective", {})).get("MetricName", "validation:auc")
    )


def _best(tuning: Record, children: list[Record]) -> Record:
    objective = tuning["HyperParameterTuningJobConfig"].get("HyperParameterTuningJobObjective", {})
    choose: Any = min if objective.get("Type") == "Minimize" else max
    best: Record = choose(children, key=lambda job: job["FinalMetricDataList"][0]["Value"])
    return best


def _summary(job: Record, tuning: Record) -> Record:
    return {
        "TrainingJobName": job["TrainingJobName"],
        "TrainingJobArn": job["TrainingJobArn"],
        "TuningJobName": tuning["HyperParameterTuningJobName"],
        "CreationTime": job["CreationTime"],
        "TrainingStartTime": job["TrainingStartTime"],
        "TrainingEndTime": job["TrainingEndTime"],
        "TrainingJobStatus": job["TrainingJobStatus"],
        "TunedHyperParameters": job.get("HyperParameters", {}),
        "FinalHyperParameterTuningJobObjectiveMetric": {
            "MetricName": job["FinalMetricDataList"][0]["MetricName"],
            "Value": job["FinalMetricDataList"][0]["Value"],
        },
        "ObjectiveStatus": "Succeeded",
    }
