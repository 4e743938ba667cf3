"""What single things cost by the price list."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.prices import HOURS_A_MONTH, price_list
from mlaudit.remediate.bill import Amount
from mlaudit.remediate.charges import alarm, charge, hours, instances

ONE = {"MetricStat": {"Period": 60, "Metric": {"MetricName": "a"}}}
QUICK = {"MetricStat": {"Period": 10}}
BAND = {"Expression": "ANOMALY_DETECTION_BAND(m1, 2)"}
QUERY = {"Expression": "SELECT MAX(a) FROM b", "Period": 60}
MATH = {"Expression": "m1 / m2"}


@pytest.mark.parametrize(
    ("members", "usd"),
    [
        ({"MetricName": "a", "Period": 60}, 0.1),
        ({"MetricName": "a", "Period": 10}, 0.3),
        ({"MetricName": "a"}, 0.1),
        ({"Metrics": [ONE]}, 0.1),
        ({"Metrics": [ONE, ONE, MATH]}, 0.2),
        ({"Metrics": [ONE, QUICK, MATH]}, 0.6),
        ({"Metrics": [ONE, BAND], "ThresholdMetricId": "ad1"}, 0.3),
    ],
)
def test_an_alarm_is_billed_by_the_metrics_it_watches(members: dict[str, Any], usd: float) -> None:
    cost = alarm(members)
    assert cost.usd == pytest.approx(usd)
    assert cost.is_known


@pytest.mark.parametrize("members", [{"Metrics": [QUERY]}, {"Metrics": {"Fn::If": []}}])
def test_an_alarm_on_metrics_that_are_not_told_has_no_known_price(members: dict[str, Any]) -> None:
    assert not alarm(members).is_known


@pytest.mark.parametrize(
    ("kind", "count", "amount"),
    [
        ("ml.c6i.large", 2, Amount(2 * 0.102 * HOURS_A_MONTH)),
        ("ml.c6i.large", 0, Amount()),
        ("ml.new.strange", 0, Amount()),
        ("ml.new.strange", 3, Amount(0, ("3 x ml.new.strange",))),
        (None, 3, Amount(0, ("3 x a type that is not known",))),
        ("ml.c6i.large", None, Amount(0, ("instances of which the number is not known",))),
        ("ml.c6i.large", object(), Amount(0, ("instances of which the number is not known",))),
    ],
)
def test_instances_cost_what_the_list_says_or_nobody_knows(
    kind: str | None, count: Any, amount: Amount
) -> None:
    assert instances(kind, count) == amount


def test_what_rests_on_a_doubtful_price_is_said() -> None:
    doubtful = next(name for name, each in price_list().services.items() if each.to_be_verified)
    (said,) = charge(doubtful, 1, "things").unverified
    assert said.startswith("things: ")
    assert charge(doubtful, 0, "things").unverified == ()
    assert charge("alarm", 1, "alarms").unverified == ()


def test_what_is_billed_by_the_hour_is_billed_all_month() -> None:
    assert hours("vpc.nat-hour", 2, "gateways").usd == pytest.approx(0.045 * 2 * 730)


def test_every_rate_says_what_it_is_for_and_is_no_zero() -> None:
    rates = [*price_list().services.values(), *price_list().jobs.values()]
    assert all(rate.usd > 0 and rate.per for rate in rates)
    assert price_list().services_source
