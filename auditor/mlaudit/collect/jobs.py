"""Collect the jobs of the evidence window, and older ones that what serves descends from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import (
    kept_hyperparameters,
    s3_uris,
    tags_by_arn,
    utc,
    utc_or_none,
)
from mlaudit.collect.whole import described, searchable, whole
from mlaudit.resources import (
    AutoMLJob,
    Fleet,
    Model,
    ModelPackage,
    ProcessingJob,
    ResourceTags,
    TrainingJob,
    TransformJob,
    TuningJob,
)

TRAINING = searchable("TrainingJob", windowed=True)
TUNING = searchable("HyperParameterTuningJob", windowed=True)
LIST_AUTO_ML = lists("sagemaker", "ListAutoMLJobs", "AutoMLJobSummaries")
LIST_PROCESSING = lists("sagemaker", "ListProcessingJobs", "ProcessingJobSummaries")
DESCRIBE_PROCESSING = Operation("sagemaker", "DescribeProcessingJob")
LIST_TRANSFORM = lists("sagemaker", "ListTransformJobs", "TransformJobSummaries")
DESCRIBE_TRANSFORM = Operation("sagemaker", "DescribeTransformJob")

_JOB_IN_ARTIFACT = re.compile(r"s3://.+/([A-Za-z0-9][A-Za-z0-9-]{0,62})/output/model\.tar\.gz")


@collector(*TRAINING.operations)
def training_jobs(
    reader: Reader, models: Sequence[Model], packages: Sequence[ModelPackage]
) -> Iterator[TrainingJob]:
    """Training jobs of the window, and those named in the artefact of a model or package.

    SageMaker writes an artefact to ``.../<job name>/output/model.tar.gz``, so a job older than the
    window is found by the artefact it left.
    """

    def read(record: Record, tags: Mapping[str, str]) -> TrainingJob:
        return _training_job(record, tags, reader.region)

    made = set()
    for job in whole(reader, TRAINING, read):
        made.add(job.artifact)
        yield job
    holders: list[Model | ModelPackage] = [*models, *packages]
    artifacts = {each.model_data for holder in holders for each in holder.containers}
    older = _jobs_named_in(artifacts - made, _prefix_of(holders))
    yield from reader.each(older, lambda job: described(reader, TRAINING, job, read))


def _jobs_named_in(artifacts: Iterable[str | None], prefix: str) -> list[tuple[str, str]]:
    names = {match[1] for each in artifacts if each and (match := _JOB_IN_ARTIFACT.fullmatch(each))}
    return [(f"{prefix}:training-job/{name}", name) for name in sorted(names)]


def _prefix_of(holders: Sequence[Model | ModelPackage]) -> str:
    """``arn:PARTITION:sagemaker:REGION:ACCOUNT``, as the resources at hand have it."""
    return ":".join(holders[0].arn.split(":")[:5]) if holders else ""


def _training_job(record: Record, tags: Mapping[str, str], region: str) -> TrainingJob:
    algorithm = record.get("AlgorithmSpecification") or {}
    checkpoint = record.get("CheckpointConfig") or {}
    channels = _data(record, "InputDataConfig", "ChannelName")
    inputs = s3_uris(channels, "DataSource", "S3DataSource", "S3Uri")
    return TrainingJob(
        arn=record["TrainingJobArn"],
        region=region,
        name=record["TrainingJobName"],
        tags=tags,
        status=record["TrainingJobStatus"],
        image=algorithm.get("TrainingImage"),
        algorithm=algorithm.get("AlgorithmName"),
        fleets=_fleets(record.get("ResourceConfig") or {}),
        hyperparameters=kept_hyperparameters(record.get("HyperParameters")),
        inputs=inputs,
        artifact=(record.get("ModelArtifacts") or {}).get("S3ModelArtifacts"),
        tuning_job_arn=record.get("TuningJobArn"),
        auto_ml_job_arn=record.get("AutoMLJobArn"),
        spot=bool(record.get("EnableManagedSpotTraining")),
        checkpoint_uri=checkpoint.get("S3Uri"),
        other_data=not inputs or len(inputs) < len(channels),
        shards=any(_is_shared_out(each) for each in channels),
        isolated=bool(record.get("EnableNetworkIsolation")),
        in_network=bool(record.get("VpcConfig")),
        role=record.get("RoleArn"),
        encrypts_volumes=bool((record.get("ResourceConfig") or {}).get("VolumeKmsKeyId")),
        encrypts_results=bool((record.get("OutputDataConfig") or {}).get("KmsKeyId")),
        encrypts_traffic=bool(record.get("EnableInterContainerTrafficEncryption")),
        debugger=bool(record.get("DebugRuleConfigurations")) or is_profiled(record),
        experiment=(record.get("ExperimentConfig") or {}).get("ExperimentName"),
        mlflow_arn=(record.get("MlflowConfig") or {}).get("MlflowResourceArn"),
        metrics=tuple(sorted({each["MetricName"] for each in _metrics(record)})),
        created_at=utc(record["CreationTime"]),
        ended_at=utc_or_none(record.get("TrainingEndTime")),
    )


def is_profiled(record: Record) -> bool:
    """Whether Debugger profiles a training job."""
    profiler = record.get("ProfilerConfig") or {}
    return bool(profiler.get("S3OutputPath")) and not profiler.get("DisableProfiler")


def _metrics(record: Record) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in record.get("FinalMetricDataList") or () if each.get("MetricName"))


def _is_shared_out(channel: Mapping[str, Any]) -> bool:
    source = (channel.get("DataSource") or {}).get("S3DataSource") or {}
    return source.get("S3DataDistributionType") == "ShardedByS3Key"


def _fleets(resources: Mapping[str, Any]) -> tuple[Fleet, ...]:
    groups: Sequence[Mapping[str, Any]] = resources.get("InstanceGroups") or [resources]
    return tuple(
        Fleet(each["InstanceType"], each.get("InstanceCount") or 1)
        for each in groups
        if each.get("InstanceType")
    )


@collector(*TUNING.operations)
def tuning_jobs(reader: Reader, jobs: Sequence[TrainingJob]) -> Iterator[TuningJob]:
    """Tuning jobs of the window, and older ones a known training job belongs to."""

    def read(record: Record, tags: Mapping[str, str]) -> TuningJob:
        return _tuning_job(record, tags, reader.region)

    seen = set()
    for tuning in whole(reader, TUNING, read):
        seen.add(tuning.arn)
        yield tuning
    parents = {job.tuning_job_arn for job in jobs if job.tuning_job_arn} - seen
    older = [(arn, arn.rpartition("/")[2]) for arn in sorted(parents)]
    yield from reader.each(older, lambda job: described(reader, TUNING, job, read))


def _tuning_job(record: Record, tags: Mapping[str, str], region: str) -> TuningJob:
    definitions = [record.get("TrainingJobDefinition") or {}]
    definitions += record.get("TrainingJobDefinitions") or []
    return TuningJob(
        arn=record["HyperParameterTuningJobArn"],
        region=region,
        name=record["HyperParameterTuningJobName"],
        tags=tags,
        status=record["HyperParameterTuningJobStatus"],
        strategy=record["HyperParameterTuningJobConfig"]["Strategy"],
        best_training_job_arn=(record.get("BestTrainingJob") or {}).get("TrainingJobArn"),
        instance_types=tuple(sorted({kind for each in definitions for kind in _types_of(each)})),
        created_at=utc(record["CreationTime"]),
        ended_at=utc_or_none(record.get("HyperParameterTuningEndTime")),
    )


def _types_of(definition: Mapping[str, Any]) -> Iterator[str]:
    flexible = definition.get("HyperParameterTuningResourceConfig") or {}
    fixed = definition.get("ResourceConfig") or {}
    for each in (fixed, flexible, *(flexible.get("InstanceConfigs") or ())):
        if each.get("InstanceType"):
            yield str(each["InstanceType"])


@collector(LIST_AUTO_ML)
def auto_ml_jobs(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[AutoMLJob]:
    """AutoML jobs of the window."""
    tagged = tags_by_arn(tags)
    for summary in reader.items(LIST_AUTO_ML, CreationTimeAfter=reader.window.start):
        yield AutoMLJob(
            arn=summary["AutoMLJobArn"],
            region=reader.region,
            name=summary["AutoMLJobName"],
            tags=tagged.get(summary["AutoMLJobArn"], {}),
            status=summary["AutoMLJobStatus"],
            created_at=utc(summary["CreationTime"]),
            ended_at=utc_or_none(summary.get("EndTime")),
        )


@collector(LIST_PROCESSING, DESCRIBE_PROCESSING)
def processing_jobs(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[ProcessingJob]:
    """Processing jobs of the window."""
    tagged = tags_by_arn(tags)

    def fetch(summary: Record) -> ProcessingJob:
        name, arn = summary["ProcessingJobName"], summary["ProcessingJobArn"]
        record = reader.one(DESCRIBE_PROCESSING, arn, ProcessingJobName=name)
        outputs = (record.get("ProcessingOutputConfig") or {}).get("Outputs")
        return ProcessingJob(
            arn=arn,
            region=reader.region,
            name=name,
            tags=tagged.get(arn, {}),
            status=record["ProcessingJobStatus"],
            image=(record.get("AppSpecification") or {}).get("ImageUri"),
            inputs=s3_uris(_data(record, "ProcessingInputs", "InputName"), "S3Input", "S3Uri"),
            queried=tuple(sorted(set(_queried(record)))),
            outputs=s3_uris(outputs, "S3Output", "S3Uri"),
            created_at=utc(record["CreationTime"]),
            ended_at=utc_or_none(record.get("ProcessingEndTime")),
        )

    listed = reader.items(LIST_PROCESSING, CreationTimeAfter=reader.window.start)
    yield from reader.each(list(listed), fetch)


_CODE = frozenset({"code", "entrypoint", "sm_drivers"})
"""Inputs that the SageMaker SDK puts the script of a job and what drives it in."""


def _data(record: Record, inputs: str, name: str) -> list[Record]:
    """The inputs of a job that are data, not its code."""
    return [each for each in record.get(inputs) or () if each.get(name) not in _CODE]


def _queried(record: Record) -> Iterator[str]:
    """The databases of queries; the texts of the queries are not kept."""
    for each in record.get("ProcessingInputs") or ():
        dataset = each.get("DatasetDefinition") or {}
        athena = dataset.get("AthenaDatasetDefinition")
        redshift = dataset.get("RedshiftDatasetDefinition")
        if athena:
            yield f"athena:{athena['Catalog']}/{athena['Database']}"
        if redshift:
            yield f"redshift:{redshift['ClusterId']}/{redshift['Database']}"


@collector(LIST_TRANSFORM, DESCRIBE_TRANSFORM)
def transform_jobs(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[TransformJob]:
    """Batch transform jobs of the window."""
    tagged = tags_by_arn(tags)

    def fetch(summary: Record) -> TransformJob:
        name, arn = summary["TransformJobName"], summary["TransformJobArn"]
        record = reader.one(DESCRIBE_TRANSFORM, arn, TransformJobName=name)
        return _transform_job(record, tagged.get(arn, {}), reader.region)

    listed = reader.items(LIST_TRANSFORM, CreationTimeAfter=reader.window.start)
    yield from reader.each(list(listed), fetch)


def _transform_job(record: Record, tags: Mapping[str, str], region: str) -> TransformJob:
    filters = record.get("DataProcessing") or {}
    capture = record.get("DataCaptureConfig") or {}
    return TransformJob(
        arn=record["TransformJobArn"],
        region=region,
        name=record["TransformJobName"],
        tags=tags,
        status=record["TransformJobStatus"],
        model_name=record["ModelName"],
        inputs=s3_uris([record.get("TransformInput") or {}], "DataSource", "S3DataSource", "S3Uri"),
        output=(record.get("TransformOutput") or {}).get("S3OutputPath"),
        input_filter=filters.get("InputFilter"),
        output_filter=filters.get("OutputFilter"),
        joins_input=filters.get("JoinSource") == "Input",
        captures=bool(capture.get("DestinationS3Uri")),
        created_at=utc(record["CreationTime"]),
        ended_at=utc_or_none(record.get("TransformEndTime")),
    )
