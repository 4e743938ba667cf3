"""What training runs: algorithms of AWS or code of one's own, in one piece or split."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.images import framework_of
from mlaudit.capabilities.inspection import PROGRAM
from mlaudit.capabilities.registries import AWS_REGISTRIES
from mlaudit.capabilities.training import COMPLETED
from mlaudit.collect.hardware import accelerators
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import AutoMLJob, BatchJob, TrainingJob
from mlaudit.resources.images import image_name
from mlaudit.sight import View

_JUMP_START = re.compile(r"jumpstart", re.IGNORECASE)
_BOTH_WAYS = frozenset({"xgboost"})
"""Frameworks whose images hold an algorithm too, which runs where no program is named."""


@dataclass(frozen=True, slots=True)
class Training:
    """A training or AutoML job that ended in the window.

    Attributes:
        arn: The job.
        words: It in words.
        built_in: What of AWS it ran; ``None`` for code of one's own.
        completed: Whether it completed.
        ended_at: When it ended.
    """

    arn: str
    words: str
    built_in: str | None
    completed: bool
    ended_at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.ended_at)


@provider
def trainings(view: View) -> Evidence[Training]:
    """The training and AutoML jobs of a workload that ended in the window."""
    items = [
        Training(
            job.arn,
            f"training job {job.name}",
            built_in(job),
            job.status == COMPLETED,
            job.ended_at,
        )
        for job in view.items(TrainingJob)
        if view.window.covers(job.ended_at)
    ]
    items += [
        Training(each.arn, f"AutoML job {each.name}", "AutoML", _is_done(each), each.ended_at)
        for each in view.items(AutoMLJob)
        if view.window.covers(each.ended_at)
    ]
    return Evidence(tuple(items), view.gaps(TrainingJob, AutoMLJob))


def _is_done(job: AutoMLJob) -> bool:
    return job.status == COMPLETED


def built_in(job: TrainingJob) -> str | None:
    """What of AWS a job ran, in words; ``None`` for code of one's own."""
    if any(_JUMP_START.search(key) for key in job.tags):
        return "a model of JumpStart"
    found = framework_of(job.image)
    if not found or image_name(job.image or "").account not in AWS_REGISTRIES:
        return None
    plain = found.name in _BOTH_WAYS and PROGRAM not in job.hyperparameters
    return f"the algorithm {found.name}" if found.built_in or plain else None


@dataclass(frozen=True, slots=True)
class SplitTraining:
    """A training job of the window that split a model over accelerators.

    Attributes:
        arn: The job.
        name: Its name.
        by: The hyperparameters that say so.
        completed: Whether it completed.
        ended_at: When it ended.
    """

    arn: str
    name: str
    by: str
    completed: bool
    ended_at: datetime | None


@provider
def split_trainings(view: View) -> Evidence[SplitTraining]:
    """Those that name a degree of it; another on several accelerators is a gap.

    What an algorithm of AWS does is not asked, and its models fit one accelerator.
    """
    items: list[SplitTraining] = []
    gaps = [*view.gaps(TrainingJob, BatchJob)]
    for job in view.items(TrainingJob):
        by = ", ".join(_splitting(job))
        if not view.window.covers(job.ended_at) or _devices(job) <= 1:
            continue
        if by:
            done = job.status == COMPLETED
            items.append(SplitTraining(job.arn, job.name, by, done, job.ended_at))
        elif built_in(job) is None:
            gaps.append(_unread(view, "sagemaker:DescribeTrainingJob", job.arn))
    gaps += [
        _unread(view, "batch:DescribeJobs", each.arn)
        for each in view.items(BatchJob)
        if each.gpus * each.nodes > 1 and view.window.covers(each.ended_at)
    ]
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _devices(job: TrainingJob) -> int:
    """How many accelerators it had."""
    return sum(accelerators(each.instance_type) * each.count for each in job.fleets)


_SPLITS = re.compile(
    r"mp_parameters|(tensor|pipeline|model|expert|context).*parallel|shard.*degree|fsdp|deepspeed",
    re.IGNORECASE,
)
_NOT_AT_ALL = frozenset({"0", "1", "false"})


def _splitting(job: TrainingJob) -> list[str]:
    return sorted(
        name
        for name, value in job.hyperparameters.items()
        if _SPLITS.search(name) and value.lower() not in _NOT_AT_ALL
    )


def _unread(view: View, operation: str, arn: str) -> Gap:
    return Gap.unread(operation, view.region.name, "CodeNotRead", arn)
