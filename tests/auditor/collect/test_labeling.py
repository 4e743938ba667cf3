"""Jobs in which people label data."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import labeling

MAY = datetime(2026, 5, 20, tzinfo=UTC)
ARN = "arn:aws:sagemaker:eu-west-1:1:labeling-job/faces"
JOB: dict[str, Any] = {
    "LabelingJobName": "faces",
    "LabelingJobArn": ARN,
    "LabelingJobStatus": "Completed",
    "LabelCounters": {"TotalLabeled": 7, "FailedNonRetryableError": 1},
    "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": "s3://lake/in.manifest"}}},
    "OutputConfig": {"S3OutputPath": "s3://lake/labels"},
    "HumanTaskConfig": {"NumberOfHumanWorkersPerDataObject": 3, "TaskTitle": "hunter2"},
    "CreationTime": MAY,
    "LastModifiedTime": MAY,
    "Tags": [{"Key": "mlaudit:workload", "Value": "faces"}],
}


def read(record: dict[str, Any], reader_of: Any, answers: Any) -> Any:
    api = answers(ListLabelingJobs={"LabelingJobSummaryList": [record]}, DescribeLabelingJob=record)
    (found,) = list(labeling.labeling_jobs.run(reader_of(api)))
    assert dict(api.asked)["ListLabelingJobs"]["LastModifiedTimeAfter"]
    return found


def test_a_job_is_read(reader_of: Any, answers: Any) -> None:
    found = read(JOB, reader_of, answers)
    assert (found.arn, found.name, found.status) == (ARN, "faces", "Completed")
    assert found.tags == {"mlaudit:workload": "faces"}
    assert (found.manifest, found.output) == ("s3://lake/in.manifest", "s3://lake/labels")
    assert (found.workers, found.labeled, found.failed) == (3, 7, 1)
    assert (found.consolidates, found.learns, found.changed_at) == (False, False, MAY)
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(("account", "own"), [("1", True), ("432418664414", False)])
def test_a_function_of_aws_is_none_of_ones_own(
    account: str, *, own: bool, reader_of: Any, answers: Any
) -> None:
    function = f"arn:aws:lambda:eu-west-1:{account}:function:ACS-BoundingBox"
    config = {"AnnotationConsolidationLambdaArn": function}
    human = {**JOB["HumanTaskConfig"], "AnnotationConsolidationConfig": config}
    found = read({**JOB, "HumanTaskConfig": human}, reader_of, answers)
    assert found.consolidates is own


def test_a_stream_has_no_manifest(reader_of: Any, answers: Any) -> None:
    source = {"DataSource": {"SnsDataSource": {"SnsTopicArn": "arn:topic"}}}
    learning = {"LabelingJobAlgorithmSpecificationArn": "arn:algorithm"}
    changed = {"InputConfig": source, "LabelingJobAlgorithmsConfig": learning}
    found = read({**JOB, **changed}, reader_of, answers)
    assert (found.manifest, found.learns) == (None, True)
