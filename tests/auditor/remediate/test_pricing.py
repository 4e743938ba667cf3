"""What changes of settings add to the bill, and when a plan is refused for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest

from mlaudit.remediate.bill import Amount, Bill
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Choices, Disposition, Kind, Sight
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.plan import Plan, Step
from mlaudit.remediate.pricing import (
    ACCOUNTED,
    FREE,
    TooDearError,
    bill_of,
    paid_once,
    stay_within,
)
from mlaudit.remediate.settings import SETTINGS
from mlaudit.resources import Alarm, Dashboard, Resource
from mlaudit.testing import ACCOUNT, build, serving, view_of

TARGET = "application-autoscaling.target"
POLICY = "application-autoscaling.policy"
VARIANT = {"ResourceId": "endpoint/e/variant/main"}
OF_INSTANCES = {**VARIANT, "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
OF_COPIES = {**VARIANT, "ScalableDimension": "sagemaker:inference-component:DesiredCopyCount"}
MONTH = 0.115 * 730


def cost(kind: str, key: dict[str, str], patch: Any, *there: Resource) -> Bill:
    change = Change(kind, key, "eu-west-1", "arn", "about", patch)
    return bill_of(change, Sight(view_of(*there), {}, ACCOUNT, Choices()))


def test_somebody_has_thought_about_every_kind_of_setting() -> None:
    assert SETTINGS.keys() == ACCOUNTED
    assert all(FREE.values())


@pytest.mark.parametrize("kind", FREE)
def test_what_is_free_costs_nothing(kind: str) -> None:
    assert cost(kind, {}, {"a": 1}) == Bill()


@pytest.mark.parametrize("kind", [*sorted(ACCOUNTED), "new.kind"])
def test_what_is_taken_away_adds_nothing(kind: str) -> None:
    assert cost(kind, {}, None) == Bill()


def test_a_kind_nobody_has_thought_about_is_unknown_by_its_name() -> None:
    bill = cost("new.kind", {"Name": "x"}, {})
    assert bill.idle.unknown == bill.worst.unknown == ("new.kind x",)


def test_a_new_alarm_is_paid_for_and_another_action_of_an_old_one_is_not() -> None:
    old, key = build(Alarm, "a", name="a"), {"AlarmName": "a"}
    new = cost("cloudwatch.alarm", key, {"MetricName": "m", "Period": 60})
    assert new.idle == new.worst == Amount(0.1)
    assert cost("cloudwatch.alarm", key, {"AlarmActions": ["t"]}, old) == Bill()
    assert cost("cloudwatch.alarm", key, {"Metrics": [{}, {}]}, old).idle.usd > 0


def test_what_two_fixes_ask_for_is_paid_for_once() -> None:
    sight, price = Sight(view_of(), {}, ACCOUNT, Choices()), paid_once()
    patch = MappingProxyType({"MetricName": "m"})
    one = Change("cloudwatch.alarm", {"AlarmName": "a"}, "eu-west-1", "arn:1", "about", patch)
    again = replace(one, scope="arn:2", about="for another reason")
    other = replace(one, key={"AlarmName": "b"})
    assert [price(each, sight).idle.usd for each in (one, again, other)] == [0.1, 0, 0.1]
    assert paid_once()(again, sight).idle.usd == pytest.approx(0.1)


def test_a_new_dashboard_is_paid_for_and_another_body_of_an_old_one_is_not() -> None:
    key, old = {"DashboardName": "d"}, build(Dashboard, "d", name="d")
    assert cost("cloudwatch.dashboard", key, {"DashboardBody": "{}"}).idle == Amount(3)
    assert cost("cloudwatch.dashboard", key, {"DashboardBody": "{}"}, old) == Bill()


@pytest.mark.parametrize(
    ("bounds", "idle", "worst"), [((1, 4), 0, 3), ((0, 1), 0, 0), ((2, 4), 1, 3)]
)
def test_what_scales_may_cost_as_much_as_it_may_grow(
    bounds: tuple[int, int], idle: int, worst: int
) -> None:
    patch = {"MinCapacity": bounds[0], "MaxCapacity": bounds[1]}
    bill = cost(TARGET, OF_INSTANCES, patch, *serving("e", instance_type="ml.m5.large"))
    assert bill.idle.usd == pytest.approx(idle * MONTH)
    assert bill.worst.usd == pytest.approx(worst * MONTH)
    assert bill.idle.is_known
    assert bill.worst.is_known


@pytest.mark.parametrize(
    ("key", "there"),
    [
        (OF_INSTANCES, ()),
        (OF_INSTANCES, serving("other")),
        (OF_INSTANCES, serving("e", instance_count=None)),
        (OF_INSTANCES, serving("e", instance_type="ml.new.strange")),
        (OF_COPIES, serving("e")),
    ],
)
def test_growth_that_nobody_can_price_is_unknown(
    key: dict[str, str], there: tuple[Resource, ...]
) -> None:
    assert not cost(TARGET, key, {"MinCapacity": 1, "MaxCapacity": 4}, *there).worst.is_known


@pytest.mark.parametrize(("kind", "usd"), [("TargetTrackingScaling", 0.2), ("StepScaling", 0)])
def test_a_policy_costs_the_alarms_it_makes(kind: str, usd: float) -> None:
    assert cost(POLICY, {}, {"PolicyType": kind}).idle.usd == pytest.approx(usd)


def test_what_is_kept_of_requests_is_unknown_and_nothing_at_rest() -> None:
    config, key = "sagemaker.endpoint-config", {"EndpointConfigName": "c"}
    capture = {"EnableCapture": True, "InitialSamplingPercentage": 20}
    bill = cost(config, key, {"DataCaptureConfig": capture})
    assert bill.thousand.unknown == ("20 % of requests kept in S3, at 0.023 USD a GB and month",)
    assert bill.idle == Amount()
    assert cost(config, key, {"Tags": []}) == Bill()


def test_an_update_pays_for_a_second_fleet_of_unknown_duration() -> None:
    endpoint, key = "sagemaker.endpoint", {"EndpointName": "e"}
    patch = {"EndpointConfigName": "c"}
    assert not cost(endpoint, key, patch, *serving("e")).run.is_known
    assert not cost(endpoint, key, patch).idle.is_known
    serverless = serving("e", serverless_concurrency=5, instance_type=None)
    assert cost(endpoint, key, patch, *serverless) == Bill()
    assert cost(endpoint, key, {"Tags": []}, *serving("e")) == Bill()


@pytest.mark.parametrize(
    ("kind", "patch", "is_known"),
    [
        ("s3.versioning", {"Status": "Enabled"}, False),
        ("s3.versioning", {"Status": "Suspended"}, True),
        ("s3.encryption", {"Rules": [{"a": {"SSEAlgorithm": "aws:kms"}}]}, False),
        ("s3.encryption", {"Rules": [{"a": {"SSEAlgorithm": "AES256"}}]}, True),
    ],
)
def test_what_buckets_come_to_hold_is_not_known(kind: str, patch: Any, *, is_known: bool) -> None:
    bill = cost(kind, {"Bucket": "b"}, patch)
    assert bill.run.is_known is is_known
    assert bill.idle == Amount()


@pytest.mark.parametrize(("enabled", "is_known"), [(True, False), (False, True)])
def test_what_is_paused_adds_nothing(*, enabled: bool, is_known: bool) -> None:
    bill = cost("lambda.event-source", {"UUID": "u"}, {"Enabled": enabled})
    assert bill.thousand.is_known is is_known


def plan(*bills: Bill, waits: str = "") -> Plan:
    steps = tuple(
        Step(
            id=f"{place:02}",
            fix="f",
            kind=Kind.SETTING,
            title=f"Do {place}",
            workload="w",
            items=(),
            disposition=Disposition.SAFE,
            risk="",
            back="",
            not_proven="",
            exercise="",
            effort=1,
            bill=bill,
            waits=waits,
        )
        for place, bill in enumerate(bills, start=1)
    )
    when = datetime(2026, 3, 14, tzinfo=UTC)
    return Plan(1, "1", ACCOUNT, (), when, Goal(), ("w",), steps, (), (), {})


CHEAP, DEAR = Bill(Amount(1)), Bill(Amount(9.5))
UNKNOWN = Bill(Amount(0, ("an MLflow app",)))


@pytest.mark.parametrize("bills", [(), (CHEAP,), (DEAR,), (Bill(worst=Amount(99, ("x",))),)])
def test_what_stays_below_the_limit_passes(bills: tuple[Bill, ...]) -> None:
    stay_within(plan(*bills), 9.5)


@pytest.mark.parametrize(
    ("bills", "says"),
    [
        ((CHEAP, DEAR), r"costs 10\.50 USD a month at rest, and at most 10\.00 may be spent"),
        ((CHEAP, DEAR), r"9\.50 is for step 02, 'Do 2'"),
        ((DEAR, CHEAP, UNKNOWN), "and an MLflow app besides"),
        ((CHEAP, UNKNOWN), r"1\.00 is known, and there is no known price of an MLflow app"),
        ((CHEAP, UNKNOWN), "It is for step 02"),
    ],
)
def test_what_is_dearer_or_of_no_known_price_is_refused(bills: tuple[Bill, ...], says: str) -> None:
    with pytest.raises(TooDearError, match=says):
        stay_within(plan(*bills), 10)


def test_what_waits_is_not_counted() -> None:
    stay_within(plan(DEAR, UNKNOWN, waits="something"), 0)
