"""What an approval in the model registry sets off."""

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.approvals import SOON, approval_deployments
from mlaudit.model import Gap
from mlaudit.resources import Container, ModelPackage, Resource, RuleUse, Trigger
from mlaudit.testing import RECENT, REGION, arn_of, build, gap, serving, view_of

PATTERN = '{"detail-type": ["SageMaker Model Package State Change"]'
VERSION = arn_of(ModelPackage, "fraud/2")
RULE = build(Trigger, "r", pattern=PATTERN + "}", targets=("arn:aws:lambda:f",))
OTHER = build(
    Trigger,
    "other",
    pattern=PATTERN + ', "detail": {"ModelPackageGroupName": ["churn"]}}',
    targets=("arn:aws:lambda:f",),
)

REJECTED = build(
    Trigger,
    "rejected",
    pattern=PATTERN + ', "detail": {"ModelApprovalStatus": ["Rejected"]}}',
    targets=("arn:aws:lambda:f",),
)


def used(before: timedelta, rule: Trigger = RULE) -> RuleUse:
    hours = (RECENT - before,)
    return build(RuleUse, arn=f"{rule.arn}#use", trigger_arn=rule.arn, hours=hours)


def world(**package: Any) -> tuple[Resource, ...]:
    version = build(
        ModelPackage, arn=VERSION, group_name="fraud", **{"approval": "Approved", **package}
    )
    return (*serving("m", build(Container, package_arn=VERSION)), version)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ((RULE, used(timedelta(minutes=30))), ("r", True, RECENT)),
        ((RULE, used(SOON)), ("r", True, RECENT)),
        ((RULE, used(SOON + timedelta(hours=1))), ("r", True, None)),
        ((RULE, used(timedelta(hours=-1))), ("r", True, None)),
        ((RULE,), ("r", True, None)),
        ((build(Trigger, "r", pattern=RULE.pattern, targets=RULE.targets, enabled=False),),
         ("r", False, None)),
    ],
)  # fmt: skip
def test_a_rule_on_approvals_brought_what_came_to_serve_soon_after(
    others: tuple[Resource, ...], expected: tuple[Any, ...]
) -> None:
    found = approval_deployments(view_of(*world(), *others))
    assert [(each.rule, each.enabled, each.deployed_at) for each in found.items] == [expected]
    assert found.gaps == ()


@pytest.mark.parametrize(
    "others", [(), (OTHER, used(timedelta(), OTHER)), (REJECTED, used(timedelta(), REJECTED))]
)
def test_without_a_rule_on_its_group_a_tool_may_ask_the_registry(
    others: tuple[Resource, ...],
) -> None:
    found = approval_deployments(view_of(*world(), *others))
    assert (found.items, [each.code for each in found.gaps]) == ((), ["DeployedByUnknown"])


def test_a_version_without_an_approval_is_known_to_have_none() -> None:
    (found,) = approval_deployments(view_of(*world(approval="Rejected"), RULE)).items
    assert found.rule is None


def test_what_hides_rules_hides_all_but_what_is_seen_to_work() -> None:
    denied = gap("cloudwatch:GetMetricData")
    blind = approval_deployments(view_of(*world(), RULE, gaps=[denied]))
    assert (blind.items, blind.gaps) == ((), (denied,))
    seen = approval_deployments(view_of(*world(), RULE, used(timedelta()), gaps=[denied]))
    assert [each.rule for each in seen.items] == ["r"]


def test_a_model_of_no_registry_is_deployed_by_something_unknown() -> None:
    found = approval_deployments(view_of(*serving("m")))
    operation, code = "events:ListRules", "DeployedByUnknown"
    assert found.gaps == (Gap.unread(operation, REGION, code, serving("m")[2].arn),)
