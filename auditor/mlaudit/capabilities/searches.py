"""The search for hyperparameters behind each model that serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.algorithms import built_in
from mlaudit.capabilities.images import framework_of
from mlaudit.capabilities.registries import AWS_REGISTRIES
from mlaudit.capabilities.serving import ServedModel, served_models
from mlaudit.capabilities.workflows import workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import BatchJob, ProcessingJob, TrainingJob, TuningJob
from mlaudit.resources.images import image_name
from mlaudit.sight import View

AUTO_ML = "AutoML"


@dataclass(frozen=True, slots=True)
class OriginOfModel:
    """A served model that a tuning job made, or that nothing can have tuned."""

    served: ServedModel


@provider
def origins(view: View) -> Evidence[OriginOfModel]:
    """Served models by how they were trained.

    One with an artefact whose training is not in sight is a gap, unless another of its artefacts
    comes from a tuning job. So is one that no tuning job made where code of one's own may have
    searched: in the training job itself, or in a processing or Batch job of the workload.
    """
    seen = view.once(served_models)
    gaps = [*seen.gaps, *view.gaps(TrainingJob, TuningJob)]
    items: list[OriginOfModel] = []
    for served in seen.items:
        hidden = () if served.tuned_by else tuple(_hiding(view, served))
        gaps += hidden
        items += [] if hidden else [OriginOfModel(served)]
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _hiding(view: View, served: ServedModel) -> Iterator[Gap]:
    """What may hide a search for the hyperparameters of a model that no tuning job made."""
    if not served.trained_by:
        yield _unread(view, "sagemaker:DescribeTrainingJob", "OriginNotFound", served.model.arn)
        return
    yield from view.gaps(ProcessingJob, BatchJob)
    jobs = (view.region.get(TrainingJob, arn) for arn in served.trained_by)
    own = [job.arn for job in jobs if job and not built_in(job)]
    own += [job.arn for job in view.items(ProcessingJob) if not _is_tool_of_aws(job)]
    own += [job.arn for job in view.items(BatchJob)]
    own += [flow.arn for flow in view.once(workflows).items if flow.kinds() & _ELSEWHERE]
    for arn in own[:1]:
        yield _unread(view, "sagemaker:DescribeTrainingJob", "SearchNotRead", arn)


_ELSEWHERE = frozenset({"batch", "call", "runjob", "runtask"})
"""Kinds of steps that run code of one's own on EKS, ECS or Batch."""


def _is_tool_of_aws(job: ProcessingJob) -> bool:
    """Whether a job runs what AWS made to analyse data, such as Model Monitor."""
    found = framework_of(job.image)
    ours = image_name(job.image or "").account not in AWS_REGISTRIES
    return bool(found and found.custom and not ours)


def _unread(view: View, operation: str, code: str, arn: str) -> Gap:
    return Gap.unread(operation, view.region.name, code, arn)


@dataclass(frozen=True, slots=True)
class ModelSearch:
    """A model that serves, with what searched for its hyperparameters.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        strategies: By which strategies, such as ``Bayesian``; empty where nothing searched.
    """

    arn: str
    words: str
    strategies: tuple[str, ...]


@provider
def model_searches(view: View) -> Evidence[ModelSearch]:
    """Every model that serves whose training is known; none where its search is out of sight."""
    seen = view.once(origins)
    items = []
    for served in (each.served for each in seen.items):
        found = [_strategy(view, arn) for arn in served.tuned_by]
        known = tuple(sorted({each for each in found if each}))
        if known or not served.tuned_by:
            words = f"model {served.model.name} {served.where}"
            items.append(ModelSearch(served.model.arn, words, known))
    return Evidence(tuple(items), seen.gaps)


def _strategy(view: View, arn: str) -> str | None:
    tuning = view.region.get(TuningJob, arn)
    if tuning:
        return tuning.strategy
    return AUTO_ML if ":automl-job/" in arn else None
