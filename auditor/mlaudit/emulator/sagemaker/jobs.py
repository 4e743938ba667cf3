"""Jobs: how long they take, how they end, what they leave behind."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from mlaudit.emulator.cloud import Call, Record

_SHORTEST_MINUTES = 6
_SPREAD_MINUTES = 32


def fraction(*parts: object) -> float:
    """Return a number between 0 and 1 that depends on nothing but its arguments."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def duration(name: str) -> timedelta:
    """Return how long the job of this name takes."""
    return timedelta(minutes=_SHORTEST_MINUTES + int(_SPREAD_MINUTES * fraction("minutes", name)))


def end_of(call: Call, name: str) -> datetime:
    """Return when a job created now ends: never in the account's future."""
    return max(call.now, min(call.now + duration(name), call.cloud.now))


def training(call: Call, record: Record) -> None:
    """Let a training job run to its end and leave a model artefact."""
    start, end = _times(call, record, record["TrainingJobName"])
    record["TrainingStartTime"], record["TrainingEndTime"] = start, end
    seconds = int((end - start).total_seconds())
    record["TrainingTimeInSeconds"] = record["BillableTimeInSeconds"] = max(seconds, 1)
    record["SecondaryStatus"] = "Completed"
    record["SecondaryStatusTransitions"] = [
        {"Status": "Training", "StartTime": start, "EndTime": end},
        {"Status": "Completed", "StartTime": end, "EndTime": end},
    ]
    record["ModelArtifacts"] = {"S3ModelArtifacts": artefact(record, record["TrainingJobName"])}
    definitions = record.get("AlgorithmSpecification", {}).get("MetricDefinitions", [])
    record["FinalMetricDataList"] = [
        {
            "MetricName": item["Name"],
            "Value": metric(record["TrainingJobName"], item["Name"]),
            "Timestamp": end,
        }
        for item in definitions
    ]


def processing(call: Call, record: Record) -> None:
    """Let a processing job run to its end."""
    start, end = _times(call, record, record["ProcessingJobName"])
    record["ProcessingStartTime"], record["ProcessingEndTime"] = start, end


def transform(call: Call, record: Record) -> None:
    """Let a transform job run to its end."""
    start, end = _times(call, record, record["TransformJobName"])
    record["TransformStartTime"], record["TransformEndTime"] = start, end


def generic(call: Call, record: Record) -> None:
    """Let any other job run to its end."""
    _, end = _times(call, record, record["_arn"])
    record["CompletionTime"] = record["EndTime"] = end


def automl(call: Call, record: Record) -> None:
    """Let an AutoML job find its best candidate."""
    _, end = _times(call, record, record["AutoMLJobName"])
    record["EndTime"] = end
    record["AutoMLJobSecondaryStatus"] = "Completed"
    name = f"{record['AutoMLJobName']}trial-{call.token('automl', 6)}"
    objective = record.get("AutoMLJobObjective", {}).get("MetricName", "F1")
    record["BestCandidate"] = {
        "CandidateName": name,
        "FinalAutoMLJobObjectiveMetric": {
            "MetricName": objective,
            "Value": metric(name, objective),
        },
        "ObjectiveStatus": "Succeeded",
        "CandidateSteps": [],
        "CandidateStatus": "Completed",
        "CreationTime": call.now,
        "EndTime": end,
        "LastModifiedTime": end,
    }
    problem = record.get("AutoMLProblemTypeConfig")
    if problem:
        config = next(iter(problem))
        record["AutoMLProblemTypeConfigName"] = _PROBLEMS[config]
        record["ResolvedAttributes"] = {"AutoMLJobObjective": {"MetricName": objective}}


def recommendation(call: Call, record: Record) -> None:
    """Let an inference recommendation job recommend an instance."""
    _, end = _times(call, record, record["JobName"])
    record["CompletionTime"] = end
    record["Status"] = "COMPLETED"
    record["InferenceRecommendations"] = [
        {
            "Metrics": {
                "CostPerHour": 0.23,
                "CostPerInference": 2.3e-07,
                "MaxInvocations": 16800,
                "ModelLatency": 21,
                "CpuUtilization": 71.5,
                "MemoryUtilization": 33.1,
                "ModelSetupTime": 38,
            },
            "EndpointConfiguration": {
                "EndpointName": f"{record['JobName']}-candidate",
                "VariantName": "AllTraffic",
                "InstanceType": "ml.c6i.xlarge",
                "InitialInstanceCount": 1,
            },
            "ModelConfiguration": {},
        }
    ]


def artefact(record: Record, job: str) -> str:
    """Return where a training job writes its model."""
    folder = record["OutputDataConfig"]["S3OutputPath"].rstrip("/")
    return f"{folder}/{job}/output/model.tar.gz"


def metric(job: str, name: str) -> float:
    """Return the value a job reports for a metric."""
    return round(0.8 + 0.19 * fraction(job, name), 4)


_PROBLEMS: dict[str, str] = {
    "ImageClassificationJobConfig": "ImageClassification",
    "TextClassificationJobConfig": "TextClassification",
    "TimeSeriesForecastingJobConfig": "TimeSeriesForecasting",
    "TabularJobConfig": "Tabular",
    "TextGenerationJobConfig": "TextGeneration",
}


def _times(call: Call, record: Record, name: str) -> tuple[datetime, datetime]:
    end = end_of(call, name)
    start = min(call.now + timedelta(minutes=2), end)
    record["LastModifiedTime"] = end
    return start, end


def by_name(items: list[dict[str, Any]], key: str, name: str) -> dict[str, Any] | None:
    """Return the item of a list that has this name."""
    return next((item for item in items if item.get(key) == name), None)
