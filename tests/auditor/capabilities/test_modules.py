"""Into which modules a workflow divides its work."""

import pytest

from mlaudit.capabilities.modules import modular_workflows
from mlaudit.resources import Pipeline, Step
from mlaudit.testing import build, gap, view_of


def pipeline(*kinds: str) -> Pipeline:
    steps = (build(Step, f"{kind}-{place}", kind=kind) for place, kind in enumerate(kinds))
    return build(Pipeline, "p", steps=tuple(steps))


@pytest.mark.parametrize(
    ("kinds", "modules"),
    [
        (("processing", "training", "condition"), ("processing-0", "training-1")),
        (("training", "training"), ("training-0", "training-1")),
        (("transform", "lambda"), ("transform-0", "lambda-1")),
    ],
)
def test_the_steps_that_work_are_the_modules_of_a_workflow(
    kinds: tuple[str, ...], modules: tuple[str, ...]
) -> None:
    (found,) = modular_workflows(view_of(pipeline(*kinds))).items
    assert found.modules == modules


def test_a_workflow_that_neither_trains_nor_scores_is_none() -> None:
    assert modular_workflows(view_of(pipeline("processing", "lambda"))).items == ()


def test_what_could_not_be_seen_is_a_gap() -> None:
    denied = gap("sagemaker:ListPipelines")
    assert denied in modular_workflows(view_of(gaps=[denied])).gaps
