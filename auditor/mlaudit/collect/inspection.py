"""Collect what inspects training jobs that are worth it: long ones, and those with accelerators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from mlaudit.collect.collector import collector
from mlaudit.collect.hardware import accelerators
from mlaudit.collect.jobs import TRAINING, is_profiled
from mlaudit.collect.reader import Reader, Record
from mlaudit.resources import TrainingJob, TrainingTools

LONG = timedelta(hours=1)
"""How long a job without accelerators must take to be worth an inspection."""


@collector(TRAINING.describing)
def training_tools(reader: Reader, jobs: Sequence[TrainingJob]) -> Iterator[TrainingTools]:
    """The tools of each such job of the window, which a search does not show.

    A job that a tuning or AutoML job tried is left out: it cannot be given any.
    """

    def fetch(job: TrainingJob) -> TrainingTools:
        record = reader.one(TRAINING.describing, job.arn, TrainingJobName=job.name)
        return TrainingTools(
            arn=f"{job.arn}#tools",
            region=reader.region,
            job_arn=job.arn,
            tools=tuple(_tools(record)),
        )

    yield from reader.referenced([job for job in jobs if _is_worth_it(reader, job)], fetch)


def _is_worth_it(reader: Reader, job: TrainingJob) -> bool:
    if job.ended_at is None or not reader.window.covers(job.ended_at):
        return False
    tried = job.tuning_job_arn or job.auto_ml_job_arn
    accelerated = any(accelerators(each.instance_type) for each in job.fleets)
    return not tried and (accelerated or job.ended_at - job.created_at >= LONG)


def _tools(record: Record) -> Iterator[str]:
    if (record.get("TensorBoardOutputConfig") or {}).get("S3OutputPath"):
        yield "TensorBoard"
    if record.get("DebugRuleConfigurations"):
        yield "Debugger rules"
    if is_profiled(record):
        yield "the profiler"
    if (record.get("InfraCheckConfig") or {}).get("EnableInfraCheck"):
        yield "an infrastructure check"
