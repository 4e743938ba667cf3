"""What makes workflows: templates, and systems that make them of a description."""

import pytest

from mlaudit.capabilities.templates import described_workflows, templated_workflows
from mlaudit.model import Gap
from mlaudit.resources import (
    DeliveryAction,
    DeliveryPipeline,
    DeliveryRun,
    Pipeline,
    Resource,
    Step,
)
from mlaudit.testing import RECENT, REGION, arn_of, build, gap, view_of

STACK, PROJECT = "aws:cloudformation:stack-name", "sagemaker:project-name"
TRAINS = (build(Step, kind="training"),)
MADE = build(Pipeline, "p", tags={STACK: "s", PROJECT: "x"}, steps=TRAINS)
DELIVERY = arn_of(DeliveryPipeline, "d")


def delivery(stack: str = "s") -> DeliveryPipeline:
    action = build(DeliveryAction, "a", stage="Deploy", category="deploy", stack=stack)
    return build(DeliveryPipeline, "d", arn=DELIVERY, actions=(action,))


RAN = build(
    DeliveryRun, arn=f"{DELIVERY}#1", pipeline_arn=DELIVERY, status="Succeeded", ended_at=RECENT
)


@pytest.mark.parametrize(
    ("others", "by", "at"),
    [
        ((), None, None),
        ((delivery("other"), RAN), None, None),
        ((delivery(),), "delivery pipeline d", None),
        ((delivery(), RAN), "delivery pipeline d", RECENT),
    ],
)
def test_a_stack_is_made_by_a_delivery_pipeline_or_not(
    others: tuple[Resource, ...], by: str | None, at: object
) -> None:
    (found,) = described_workflows(view_of(MADE, *others)).items
    made = found.templated
    assert (made.by, made.delivered_by, made.delivered_at) == ("stack s", by, at)


def test_a_project_makes_workflows_too() -> None:
    (found,) = templated_workflows(
        view_of(build(Pipeline, "p", tags={PROJECT: "x"}, steps=TRAINS))
    ).items
    assert found.by == "project x"


def test_another_tool_may_have_made_what_neither_made() -> None:
    plain = build(Pipeline, "p", steps=TRAINS)
    found = templated_workflows(view_of(plain))
    unread = Gap.unread("sagemaker:DescribePipeline", REGION, "DeployedByUnknown", plain.arn)
    assert (found.items, found.gaps) == ((), (unread,))


def test_what_neither_trains_nor_scores_is_left_out() -> None:
    other = build(Pipeline, "p", steps=(build(Step, kind="lambda"),))
    assert templated_workflows(view_of(other)).gaps == ()


def test_what_hides_deliveries_hides_what_none_was_seen_to_make() -> None:
    denied = gap("codepipeline:ListPipelines")
    found = described_workflows(view_of(MADE, gaps=[denied]))
    assert (found.items, found.gaps) == ((), (denied,))
    seen = described_workflows(view_of(MADE, delivery(), RAN, gaps=[denied]))
    assert [each.templated.delivered_at for each in seen.items] == [RECENT]
    assert [each.by for each in templated_workflows(view_of(MADE, gaps=[denied])).items] == [
        "stack s"
    ]
