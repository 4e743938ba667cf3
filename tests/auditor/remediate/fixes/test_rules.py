"""Alarms that CloudWatch takes, with thresholds that mean what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from mlaudit.capabilities.alarms import Place, places
from mlaudit.remediate.fix import Choices
from mlaudit.remediate.fixes import rules
from mlaudit.resources import InferenceComponent, Resource
from mlaudit.testing import build, serving, view_of

ENDPOINT = serving("e")[0].arn
COMPONENT = build(InferenceComponent, "c", endpoint_arn=ENDPOINT, variant_name="main")
KINDS: dict[str, tuple[Resource, ...]] = {
    "instances": serving("e", instance_type="ml.g5.2xlarge"),
    "serverless": serving("e", instance_type=None, serverless_concurrency=5),
    "asynchronous": serving("e", config={"asynchronous": True}),
    "components": (*serving("e", model_name=None), COMPONENT),
}
SIGNALS = (rules.errors, rules.latency, rules.saturation, rules.traffic)

DAY, WEEK, HOUR, MINUTE = 86400, 604800, 3600, 60
"""Seconds. CloudWatch looks back a day, or a week by periods of an hour or more."""


def place(kind: str) -> Place:
    (found,) = places(view_of(*KINDS[kind]))
    return found


def every_rule(kind: str) -> Iterator[rules.Rule]:
    for signal in SIGNALS:
        yield from signal(place(kind), Choices())


@pytest.fixture(scope="module")
def put_alarm() -> Any:
    model = botocore.session.Session().get_service_model("cloudwatch")
    return model.operation_model("PutMetricAlarm").input_shape


@pytest.mark.parametrize("kind", KINDS)
def test_cloudwatch_takes_every_alarm(kind: str, put_alarm: Any) -> None:
    for rule in every_rule(kind):
        params = {"AlarmName": rule.name, **rule.members}
        report = ParamValidator().validate(params, put_alarm)
        assert not report.has_errors(), report.generate_report()
        queries = rule.members.get("Metrics", ())
        periods = [each["MetricStat"]["Period"] for each in queries if "MetricStat" in each]
        period = rule.members.get("Period") or max(periods)
        assert period % MINUTE == 0
        most = WEEK if period >= HOUR else DAY
        assert period * rule.members["EvaluationPeriods"] <= most
        assert 0 < rule.members["DatapointsToAlarm"] <= rule.members["EvaluationPeriods"]


@pytest.mark.parametrize("kind", KINDS)
def test_rules_of_a_place_have_names_of_their_own(kind: str) -> None:
    names = [each.name for each in every_rule(kind)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", KINDS)
def test_one_signal_at_least_is_seen_of_each(kind: str) -> None:
    for signal in SIGNALS:
        assert list(signal(place(kind), Choices()))


@pytest.mark.parametrize(
    ("kind", "metric", "threshold"),
    [
        ("instances", "CPUUtilization", 720.0),
        ("instances", "GPUUtilization", 90.0),
        ("instances", "DiskUtilization", 90.0),
        ("serverless", "ServerlessConcurrentExecutionsUtilization", 0.9),
        ("components", "MemoryUtilizationNormalized", 90.0),
    ],
)
def test_a_machine_is_full_at_nine_tenths_of_what_its_metric_can_reach(
    kind: str, metric: str, threshold: float
) -> None:
    found = {
        each.members["MetricName"]: each.members["Threshold"]
        for each in rules.saturation(place(kind), Choices())
    }
    assert found[metric] == pytest.approx(threshold)


def test_a_choice_sets_the_threshold() -> None:
    choices = Choices(latency_ms=250, error_percent=2)
    (slow,) = rules.latency(place("instances"), choices)
    assert slow.members["Threshold"] == 250_000.0  # microseconds
    (errors,) = rules.errors(place("instances"), choices)
    assert errors.members["Threshold"] == 2.0
    (waits,) = rules.latency(place("asynchronous"), choices)
    assert waits.members["Threshold"] == rules.WAIT_MINUTES * 60_000
