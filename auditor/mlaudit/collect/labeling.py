"""Collect the jobs in which people label data."""

from __future__ import annotations

from collections.abc import Iterator

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import tag_map, utc
from mlaudit.resources import LabelingJob

LIST_LABELING = lists("sagemaker", "ListLabelingJobs", "LabelingJobSummaryList")
DESCRIBE_LABELING = Operation("sagemaker", "DescribeLabelingJob")


@collector(LIST_LABELING, DESCRIBE_LABELING)
def labeling_jobs(reader: Reader) -> Iterator[LabelingJob]:
    """Labelling jobs that changed in the window."""

    def fetch(summary: Record) -> LabelingJob:
        name, arn = summary["LabelingJobName"], summary["LabelingJobArn"]
        record = reader.one(DESCRIBE_LABELING, arn, LabelingJobName=name)
        return _job(record, arn, reader.region)

    changed = reader.items(LIST_LABELING, LastModifiedTimeAfter=reader.window.start)
    yield from reader.each(list(changed), fetch)


def _job(record: Record, arn: str, region: str) -> LabelingJob:
    human, counted = record["HumanTaskConfig"], record["LabelCounters"]
    source = record["InputConfig"]["DataSource"].get("S3DataSource") or {}
    consolidation = human.get("AnnotationConsolidationConfig") or {}
    function = consolidation.get("AnnotationConsolidationLambdaArn") or ""
    return LabelingJob(
        arn=arn,
        region=region,
        name=record["LabelingJobName"],
        tags=tag_map(record.get("Tags")),
        status=record["LabelingJobStatus"],
        manifest=source.get("ManifestS3Uri"),
        output=record["OutputConfig"]["S3OutputPath"],
        workers=human["NumberOfHumanWorkersPerDataObject"],
        consolidates=function.split(":")[4:5] == arn.split(":")[4:5],
        learns=bool(record.get("LabelingJobAlgorithmsConfig")),
        labeled=counted.get("TotalLabeled") or 0,
        failed=counted.get("FailedNonRetryableError") or 0,
        created_at=utc(record["CreationTime"]),
        changed_at=utc(record["LastModifiedTime"]),
    )
