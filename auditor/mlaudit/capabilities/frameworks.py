"""Which frameworks a region trains and serves, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.images import Framework, framework_of
from mlaudit.capabilities.serving import served_models
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import Pipeline, PipelineRun, RunStep, TrainingJob
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class FrameworkRange:
    """The frameworks of a region, together.

    Attributes:
        arn: A training job or a model that shows one of them.
        trained: Frameworks with a completed training job in the window.
        trained_in_pipeline: Those of them that a pipeline run trained.
        served: Frameworks a serving model's image holds.
        custom: Images of one's own that trained or serve; what they hold is not known.
    """

    arn: str
    trained: tuple[str, ...]
    trained_in_pipeline: tuple[str, ...]
    served: tuple[str, ...]
    custom: tuple[str, ...]


@provider
def framework_range(view: View) -> Evidence[FrameworkRange]:
    """One item, where anything was trained in the window or serves."""
    jobs = [
        job
        for job in view.items(TrainingJob)
        if job.status == "Completed" and view.window.covers(job.ended_at)
    ]
    in_pipelines = _made_by_runs(view)
    trained = [(job, each) for job in jobs if (each := framework_of(job.image))]
    served = view.once(served_models)
    serving = [(item.model.arn, each) for item in served.items for each in _frameworks(item.images)]
    gaps = (*served.gaps, *view.gaps(TrainingJob, Pipeline, PipelineRun, RunStep))
    gaps += tuple(
        Gap.unread("sagemaker:DescribeTrainingJob", view.region.name, "ImageNotKnown", job.arn)
        for job in jobs
        if not job.image
    )
    gaps += tuple(
        Gap.unread("sagemaker:DescribeModel", view.region.name, "ImageNotKnown", item.model.arn)
        for item in served.items
        if None in item.images
    )
    if not trained and not serving:
        return Evidence((), tuple(dict.fromkeys(gaps)))
    everything = [each for _, each in (*trained, *serving)]
    item = FrameworkRange(
        arn=trained[0][0].arn if trained else serving[0][0],
        trained=_names((each for _, each in trained), everything),
        trained_in_pipeline=_names(
            (each for job, each in trained if {job.arn, job.tuning_job_arn} & in_pipelines),
            everything,
        ),
        served=_names((each for _, each in serving), everything),
        custom=tuple(sorted({each.name for each in everything if each.custom})),
    )
    return Evidence((item,), tuple(dict.fromkeys(gaps)))


def _made_by_runs(view: View) -> set[str | None]:
    return {step.made_arn for step in view.region.all(RunStep) if step.made_arn}


def _frameworks(images: tuple[str | None, ...]) -> Iterator[Framework]:
    yield from (each for image in images if (each := framework_of(image)))


def _names(found: Iterable[Framework], everything: Iterable[Framework]) -> tuple[str, ...]:
    """What a reader knows them by; one of unknown version is no other version of a known one."""
    versioned = {each.name for each in everything if each.version}
    return tuple(
        sorted(
            {
                str(each)
                for each in found
                if not each.custom and (each.version or each.name not in versioned)
            }
        )
    )
