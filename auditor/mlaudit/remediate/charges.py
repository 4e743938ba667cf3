"""What single things cost, by the price list that comes with mlaudit; unknown where it has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlaudit.prices import HOURS_A_MONTH, Rate, price_list
from mlaudit.remediate.bill import Amount

_MINUTE = 60


def charge(name: str, units: float, what: str) -> Amount:
    """What some units of a rate cost.

    Args:
        name: The name of the rate in the price list.
        units: How many.
        what: What it is for, in words.
    """
    return _amount(price_list().services[name], units, what)


def hours(name: str, count: float, what: str) -> Amount:
    """What something that is billed by the hour costs a month, all month long."""
    return charge(name, count * HOURS_A_MONTH, what)


def instances(kind: Any, count: Any) -> Amount:
    """What instances that serve cost a month, all month long."""
    if not isinstance(count, int):
        return Amount(0, ("instances of which the number is not known",))
    price = price_list().hosting.get(kind) if isinstance(kind, str) else None
    if price is None and count:
        named = kind if isinstance(kind, str) else "a type that is not known"
        return Amount(0, (f"{count} x {named}",))
    return Amount((price or 0) * count * HOURS_A_MONTH)


def alarm(members: Mapping[str, Any]) -> Amount:
    """What an alarm costs a month, by its members in the words of ``PutMetricAlarm``.

    Every metric that an alarm watches is billed (CloudWatch pricing, metric math and anomaly
    detection): those of metric math each, and those of a band as one on anomalies.
    """
    queries = members.get("Metrics") or ()
    if not isinstance(queries, Sequence):
        return Amount(0, ("an alarm of which the metrics are not known",))
    texts = [str(each.get("Expression", "")) for each in queries]
    if any("SELECT" in text.upper().split() for text in texts):
        return Amount(0, ("an alarm that finds its metrics by a query",))
    watched = [each["MetricStat"] for each in queries if "MetricStat" in each] or [members]
    if any(text.startswith("ANOMALY_DETECTION_BAND") for text in texts):
        return charge("alarm.anomaly", len(watched), "alarms on anomalies")
    quick = any(_is_quick(each.get("Period")) for each in watched)
    return charge("alarm.high-resolution" if quick else "alarm", len(watched), "alarms")


def _is_quick(period: Any) -> bool:
    return isinstance(period, int) and period < _MINUTE


def _amount(rate: Rate, units: float, what: str) -> Amount:
    doubt = f"{what}: {rate.usd:.10g} USD {rate.per}"
    return Amount(rate.usd * units, (), (doubt,) if rate.to_be_verified and units else ())
