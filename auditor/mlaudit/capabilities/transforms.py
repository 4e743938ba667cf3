"""Work on data before and after a model, in training and in serving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.images import framework_of
from mlaudit.capabilities.registries import AWS_REGISTRIES
from mlaudit.capabilities.serving import ServedModel, served_models
from mlaudit.capabilities.workflows import Workflow, definitions, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import ProcessingJob, TransformJob
from mlaudit.resources.images import image_name
from mlaudit.sight import View

PREPARES = frozenset(
    {"processing", "emr", "emrserverless", "startjobrun", "lambda", "batch", "notebookjob"}
)
LEARNS = frozenset({"training", "tuning", "automl", "transform", "batch"})
SCORES = frozenset({"transform", "inference"})

_EVERYTHING = "$"
"""An output filter that keeps all there is, which is what a transform job does without one."""

_WITH_BOTH_SIDES = 3
"""Containers in sequence: what prepares, the model, what works on its answer."""


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


@provider
def post_processing(view: View) -> Evidence[PostProcessing]:
    """Work after the model: serial containers, output filters, steps after scoring.

    An image that runs code of one's own may post-process inside that code: a gap.
    """
    served, flows = view.once(served_models), view.once(workflows)
    items = [_serial(each) for each in served.items if not _end_hidden(each)]
    items += [_after_scoring(each) for each in flows.items if each.runs_before(SCORES, PREPARES)]
    items += [
        PostProcessing(
            arn=job.arn,
            words=f"transform job {job.name} filters or joins what the model answers",
            present=True,
            used=job.status == "Completed" and view.window.covers(job.ended_at),
            at=job.ended_at,
        )
        for job in view.items(TransformJob)
        if job.output_filter not in {None, _EVERYTHING} or job.joins_input
    ]
    gaps = (*served.gaps, *flows.gaps, *_hidden_gaps(view, served, _end_hidden))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


@provider
def shared_preparation(view: View) -> Evidence[SharedPreparation]:
    """Compare the images that prepare training data with those in front of the served model."""
    served, flows = view.once(served_models), view.once(definitions)
    preparing = {step.image for each in flows.items for step in each.steps if step.kind in PREPARES}
    preparing |= {each.image for each in view.items(ProcessingJob)}
    gaps = (*served.gaps, *flows.gaps, *view.gaps(ProcessingJob))
    known = {each for each in preparing if each}
    found = {each.model.arn: _compared(each, known) for each in served.items}
    items = tuple(each for each in found.values() if each and (each.shared or not gaps))
    gaps += _hidden_gaps(view, served, lambda each: found[each.model.arn] is None)
    return Evidence(items, tuple(dict.fromkeys(gaps)))


def _in_sequence(served: ServedModel) -> bool:
    return served.model.execution_mode == "Serial" and len(served.model.containers) > 1


def _hidden(served: ServedModel) -> bool:
    """Containers that each run code of one's own: what they do is not in the API."""
    if _in_sequence(served):
        return False
    found = [framework_of(image) for image in served.images]
    return not (found and all(each and each.built_in for each in found))


def _is_ones_own(image: str | None) -> bool:
    """Whether an image is kept in a private registry that is not one of AWS itself."""
    account = image_name(image or "").account
    return account is not None and account not in AWS_REGISTRIES


def _end_hidden(served: ServedModel) -> bool:
    """Of two containers in sequence, nothing tells which of them is the model."""
    return _hidden(served) or (_in_sequence(served) and len(served.images) < _WITH_BOTH_SIDES)


def _hidden_gaps(
    view: View, served: Evidence[ServedModel], hidden: Callable[[ServedModel], bool]
) -> tuple[Gap, ...]:
    return tuple(
        Gap.unread("sagemaker:DescribeModel", view.region.name, "CodeNotRead", each.model.arn)
        for each in served.items
        if hidden(each)
    )


def _serial(served: ServedModel) -> PostProcessing:
    model, chained = served.model, _in_sequence(served)
    words = f"model {model.name} {served.where} " + (
        f"chains {len(served.images)} containers" if chained else "has no step after it"
    )
    return PostProcessing(model.arn, words, chained, chained, None)


def _after_scoring(flow: Workflow) -> PostProcessing:
    words = f"{flow.engine} {flow.name} works on the scores"
    return PostProcessing(
        flow.arn, words, present=True, used=flow.succeeded_at is not None, at=flow.succeeded_at
    )


def _compared(served: ServedModel, preparing: set[str]) -> SharedPreparation | None:
    """Compare what comes before the model; ``None`` where nothing tells what that is.

    The first of several containers in sequence does. One further on may be the model itself, whose
    image evaluation may run in as well. An image that anybody can have runs a script that is not in
    it, so the same image on both sides tells nothing.
    """
    before = served.images[:-1] if _in_sequence(served) else ()
    arn, words = served.model.arn, f"model {served.model.name} {served.where} prepares requests"
    if before and before[0] in preparing and _is_ones_own(before[0]):
        return SharedPreparation(arn, f"{words} with {before[0]}, as training does", shared=True)
    if _hidden(served) or None in before or preparing & set(before):
        return None
    return SharedPreparation(arn, f"{words} with nothing that training uses", shared=False)
