"""What people can start by one command."""

from datetime import datetime

import pytest

from mlaudit.capabilities.by_hand import hand_starts
from mlaudit.model import Gap
from mlaudit.resources import DeliveryPipeline, DeliveryRun, Pipeline, Resource
from mlaudit.testing import RECENT, REGION, arn_of, build, gap, view_of

ARN = arn_of(DeliveryPipeline, "d")
DELIVERY = build(DeliveryPipeline, "d", arn=ARN)


def run(trigger: str, status: str = "Succeeded") -> DeliveryRun:
    return build(DeliveryRun, arn=f"{ARN}#1", pipeline_arn=ARN, status=status, trigger=trigger)


@pytest.mark.parametrize(
    ("runs", "at"),
    [
        ((run("StartPipelineExecution"),), RECENT),
        ((run("StartPipelineExecution", "Failed"),), None),
        ((run("WebhookV2"),), None),
        ((), None),
    ],
)
def test_a_delivery_tells_that_it_was_started_by_a_command(
    runs: tuple[Resource, ...], at: datetime | None
) -> None:
    found = hand_starts(view_of(DELIVERY, *runs))
    assert [(each.words, each.succeeded_at) for each in found.items] == [
        ("delivery pipeline d", at)
    ]
    assert found.gaps == ()


def test_who_started_a_workflow_by_hand_is_not_kept() -> None:
    flow = build(Pipeline, "p")
    unread = Gap.unread("cloudtrail:LookupEvents", REGION, "StarterNotKnown", flow.arn)
    assert hand_starts(view_of(flow)).gaps == (unread,)


@pytest.mark.parametrize("operation", ["codepipeline:ListPipelines", "sagemaker:ListPipelines"])
def test_what_could_not_be_seen_is_a_gap(operation: str) -> None:
    assert gap(operation) in hand_starts(view_of(gaps=[gap(operation)])).gaps
