"""Whether what is tried and what serves have accounts of their own."""

import pytest

from mlaudit.capabilities.accounts import environment_accounts
from mlaudit.model import Gap
from mlaudit.resources import DeliveryAction, DeliveryPipeline, DeliveryRun, Resource
from mlaudit.testing import RECENT, REGION, build, gap, serving, view_of

ARN = f"arn:aws:codepipeline:{REGION}:123456789012:d"
RAN = build(DeliveryRun, arn=f"{ARN}#1", pipeline_arn=ARN, status="Succeeded", ended_at=RECENT)
OTHER, HOME = "999999999999", None


def delivery(
    staging: str | None, production: str | None, provider: str = "CloudFormation"
) -> DeliveryPipeline:
    kind = {"category": "deploy", "provider": provider}
    actions = (
        build(DeliveryAction, "out", stage="Staging", account=staging, **kind),
        build(DeliveryAction, "out", stage="Prod", account=production, **kind),
    )
    return build(DeliveryPipeline, "d", arn=ARN, actions=actions)


@pytest.mark.parametrize(
    ("pipeline", "apart"),
    [
        (delivery(OTHER, HOME), True),
        (delivery("123456789012", HOME), False),
        (delivery(OTHER, OTHER), False),
        (delivery(OTHER, HOME, "Lambda"), True),
    ],
)
def test_a_delivery_pipeline_takes_roles_of_accounts(
    pipeline: DeliveryPipeline, *, apart: bool
) -> None:
    found = environment_accounts(view_of(pipeline, RAN))
    assert [(each.apart, each.used_at) for each in found.items] == [(apart, RECENT)]
    assert found.gaps == ()


def test_a_version_that_did_not_pass_is_none() -> None:
    (found,) = environment_accounts(view_of(delivery(OTHER, HOME))).items
    assert found.used_at is None


LONE = build(DeliveryAction, "out", stage="Prod", category="deploy", provider="CloudFormation")


@pytest.mark.parametrize(
    "pipeline",
    [
        delivery(HOME, HOME, "CloudFormationStackSet"),
        build(DeliveryPipeline, "d", arn=ARN, actions=(LONE,)),
    ],
)
def test_what_may_reach_any_account_does_not_tell(pipeline: DeliveryPipeline) -> None:
    unread = Gap.unread("codepipeline:GetPipeline", REGION, "OtherEnvironmentNotSeen", ARN)
    found = environment_accounts(view_of(pipeline, RAN))
    assert (found.items, found.gaps) == ((), (unread,))


SIDES: dict[str, tuple[tuple[Resource, ...], list[str], list[str]]] = {
    "side by side": (
        (*serving("fraud"), *serving("fraud-staging")),
        ["endpoint fraud-staging is beside endpoint fraud"],
        [],
    ),
    "alone": (serving("fraud"), [], ["OtherEnvironmentNotSeen"]),
    "for trying alone": (serving("fraud-dev"), [], ["OtherEnvironmentNotSeen"]),
    "nothing": ((), [], []),
}


@pytest.mark.parametrize(("resources", "words", "codes"), SIDES.values(), ids=SIDES)
def test_endpoints_side_by_side_share_an_account(
    resources: tuple[Resource, ...], words: list[str], codes: list[str]
) -> None:
    found = environment_accounts(view_of(*resources))
    assert [each.words for each in found.items] == words
    assert [each.code for each in found.gaps] == codes
    assert not any(each.apart for each in found.items)


@pytest.mark.parametrize("operation", ["codepipeline:ListPipelines", "sagemaker:ListEndpoints"])
def test_what_could_not_be_seen_is_a_gap(operation: str) -> None:
    assert gap(operation) in environment_accounts(view_of(gaps=[gap(operation)])).gaps
