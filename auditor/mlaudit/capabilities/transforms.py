"""Work on data before and after a model, in training and in serving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities.images import framework_of
from mlaudit.capabilities.serving import ServedModel, served_models
from mlaudit.capabilities.workflows import Workflow, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import ProcessingJob, RunStep, TransformJob
from mlaudit.sight import View

PREPARES = frozenset(
    {"processing", "emr", "emrserverless", "startjobrun", "lambda", "batch", "notebookjob"}
)
LEARNS = frozenset({"training", "tuning", "automl", "transform", "batch"})
SCORES = frozenset({"transform", "inference"})


@dataclass(frozen=True, slots=True)
class PostProcessing:
    """Work on a model's answers that can be seen, or its certain absence.

    Attributes:
        arn: The model, job or workflow.
        words: It in words.
        present: Whether there is any.
        used: Whether it serves, or ran with success in the window.
        at: When it last ran.
    """

    arn: str
    words: str
    present: bool
    used: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SharedPreparation:
    """Whether what prepares data for training also prepares it for serving; see above."""

    arn: str
    words: str
    shared: bool


def post_processing(view: View) -> Evidence[PostProcessing]:
    """Work after the model: serial containers, output filters, steps after scoring.

    An image that runs code of one's own may post-process inside that code: a gap.
    """
    served, flows = served_models(view), workflows(view)
    items = [_serial(each) for each in served.items if not _hidden(each)]
    items += [_after_scoring(each) for each in flows.items if each.runs_before(SCORES, PREPARES)]
    items += [
        PostProcessing(
            arn=job.arn,
            words=f"transform job {job.name} filters or joins what the model answers",
            present=True,
            used=job.status == "Completed",
            at=job.ended_at,
        )
        for job in view.items(TransformJob)
        if job.output_filter or job.joins_input
    ]
    gaps = (*served.gaps, *flows.gaps, *_hidden_gaps(view, served))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def shared_preparation(view: View) -> Evidence[SharedPreparation]:
    """Compare the images that prepare training data with those in front of the served model."""
    served, flows = served_models(view), workflows(view)
    preparing = {step.image for each in flows.items for step in each.steps if _prepares(step.kind)}
    preparing |= {each.image for each in view.items(ProcessingJob)}
    items = tuple(_compared(each, preparing) for each in served.items if not _hidden(each))
    gaps = (*served.gaps, *flows.gaps, *view.gaps(ProcessingJob, RunStep))
    gaps += _hidden_gaps(view, served)
    return Evidence(items, tuple(dict.fromkeys(gaps)))


def _prepares(kind: str) -> bool:
    return kind in PREPARES


def _hidden(served: ServedModel) -> bool:
    """One container that runs code of one's own: what it does is not in the API."""
    if len(served.model.containers) > 1:
        return False
    found = [framework_of(image) for image in served.images]
    return not any(each and each.built_in for each in found)


def _hidden_gaps(view: View, served: Evidence[ServedModel]) -> tuple[Gap, ...]:
    return tuple(
        Gap.unread("sagemaker:DescribeModel", view.region.name, "CodeNotRead", each.model.arn)
        for each in served.items
        if _hidden(each)
    )


def _serial(served: ServedModel) -> PostProcessing:
    model = served.model
    chained = model.execution_mode == "Serial"
    words = f"model {model.name} {served.where} " + (
        f"chains {len(model.containers)} containers" if chained else "has no step after it"
    )
    return PostProcessing(model.arn, words, chained, chained, None)


def _after_scoring(flow: Workflow) -> PostProcessing:
    words = f"{flow.engine} {flow.name} works on the scores"
    return PostProcessing(
        flow.arn, words, present=True, used=flow.succeeded_at is not None, at=flow.succeeded_at
    )


def _compared(served: ServedModel, preparing: set[str | None]) -> SharedPreparation:
    images = {each.image for each in served.model.containers[:-1] if each.image}
    same = sorted(images & {each for each in preparing if each})
    name = served.model.name
    if same:
        words = f"model {name} {served.where} prepares requests with {same[0]}, as training does"
        return SharedPreparation(served.model.arn, words, shared=True)
    words = f"model {name} {served.where} prepares requests with nothing that training uses"
    return SharedPreparation(served.model.arn, words, shared=False)
