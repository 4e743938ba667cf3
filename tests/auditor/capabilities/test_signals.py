"""Which of the four signals an alarm is about."""

from __future__ import annotations

import pytest

from mlaudit.capabilities.alarms import Watch
from mlaudit.capabilities.signals import (
    is_on_errors,
    is_on_saturation,
    is_on_traffic,
    latency_statistics,
)
from mlaudit.resources import WatchedMetric


def watch(*names: str, statistic: str | None = "Sum") -> Watch:
    metrics = (WatchedMetric("AWS/SageMaker", each, statistic, {}) for each in names)
    return Watch("alarm a", tuple(metrics), has_data=True)


@pytest.mark.parametrize(
    ("names", "saturation", "traffic", "errors"),
    [
        (("CPUUtilization",), True, False, False),
        (("ServerlessConcurrentExecutionsUtilization",), True, False, False),
        (("Invocations",), False, True, False),
        (("ApproximateBacklogSizePerInstance",), False, True, False),
        (("Invocation5XXErrors",), False, False, True),
        (("InvocationFailures",), False, False, True),
        (("Invocation5XXErrors", "Invocations"), False, False, True),
        (("Invocations", "CPUUtilization"), True, False, False),
    ],
)
def test_signals_by_the_names_of_metrics(
    names: tuple[str, ...], *, saturation: bool, traffic: bool, errors: bool
) -> None:
    seen = watch(*names)
    assert (is_on_saturation(seen), is_on_traffic(seen), is_on_errors(seen)) == (
        saturation,
        traffic,
        errors,
    )


@pytest.mark.parametrize(
    ("statistic", "high"),
    [("p95", True), ("p99.9", True), ("Maximum", True), ("p50", False), (None, False)],
)
def test_the_slowest_answers_are_told_from_the_mean(statistic: str | None, *, high: bool) -> None:
    seen = watch("ModelLatency", "Invocations", statistic=statistic)
    assert latency_statistics(seen, high=high) == [statistic or "mean"]
    assert latency_statistics(seen, high=not high) == []
