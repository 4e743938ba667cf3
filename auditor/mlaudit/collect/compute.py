"""Collect AWS Batch: queues and the jobs that ran in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import kept_tags
from mlaudit.resources import BatchJob, BatchQueue

LIST_QUEUES = Operation(
    "batch", "DescribeJobQueues", "jobQueues", "nextToken", "nextToken", ("maxResults", 100)
)
LIST_JOBS = Operation(
    "batch", "ListJobs", "jobSummaryList", "nextToken", "nextToken", ("maxResults", 100)
)
DESCRIBE_JOBS = Operation("batch", "DescribeJobs")

_AT_A_TIME = 100
_ENDED = ("SUCCEEDED", "FAILED")


@collector(LIST_QUEUES)
def batch_queues(reader: Reader) -> Iterator[BatchQueue]:
    """Every job queue."""
    for record in reader.items(LIST_QUEUES):
        yield BatchQueue(
            arn=record["jobQueueArn"],
            region=reader.region,
            name=record["jobQueueName"],
            tags=kept_tags(record.get("tags")),
            state=record["state"],
        )


@collector(LIST_JOBS, DESCRIBE_JOBS)
def batch_jobs(reader: Reader, queues: Sequence[BatchQueue]) -> Iterator[BatchJob]:
    """Jobs of the window that ended. AWS Batch itself forgets a job after about a week."""

    def fetch(queue: BatchQueue) -> list[BatchJob]:
        ids = [job for status in _ENDED for job in _recent(reader, queue, status)]
        replies = [reader.one(DESCRIBE_JOBS, queue.arn, jobs=some) for some in _in_batches(ids)]
        return [_job(each, reader.region) for reply in replies for each in reply["jobs"]]

    for jobs in reader.each(queues, fetch):
        yield from jobs


def _recent(reader: Reader, queue: BatchQueue, status: str) -> Iterator[str]:
    listed = reader.items(LIST_JOBS, queue.arn, jobQueue=queue.arn, jobStatus=status)
    for summary in listed:
        if reader.window.covers(_moment(summary["createdAt"])):
            yield summary["jobId"]


def _in_batches(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _AT_A_TIME):
        yield list(ids[start : start + _AT_A_TIME])


def _job(record: Record, region: str) -> BatchJob:
    nodes = record.get("nodeProperties") or {}
    container = _main_container(record)
    return BatchJob(
        arn=record["jobArn"],
        region=region,
        name=record["jobName"],
        tags=kept_tags(record.get("tags")),
        status=record["status"],
        queue_arn=record["jobQueue"],
        definition_arn=record["jobDefinition"],
        image=container.get("image"),
        nodes=nodes.get("numNodes") or 1,
        gpus=_gpus(container),
        log_stream=container.get("logStreamName"),
        created_at=_moment(record["createdAt"]),
        ended_at=_moment(record["stoppedAt"]) if record.get("stoppedAt") else None,
    )


def _main_container(record: Record) -> Mapping[str, Any]:
    """The first container, wherever this kind of job keeps it."""
    ranges = (record.get("nodeProperties") or {}).get("nodeRangeProperties") or [{}]
    holder = record if record.get("container") else {**record, **ranges[0]}
    tasks = (holder.get("ecsProperties") or {}).get("taskProperties") or [{}]
    pod = (holder.get("eksProperties") or {}).get("podProperties") or {}
    some = tasks[0].get("containers") or pod.get("containers") or [{}]
    found: Mapping[str, Any] = holder.get("container") or some[0]
    return found


def _gpus(container: Mapping[str, Any]) -> int:
    needs = container.get("resourceRequirements") or ()
    on_eks = ((container.get("resources") or {}).get("limits") or {}).get("nvidia.com/gpu", 0)
    return int(on_eks) + sum(int(each["value"]) for each in needs if each["type"] == "GPU")


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
