"""What guards rollouts and models, and whom it reaches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.detectors import CONTROL_TAG
from mlaudit.capabilities.guards import (
    guarded_rollouts,
    model_alarm_reaches,
    monitors,
    watched_endpoints,
)
from mlaudit.resources import (
    Alarm,
    Deployment,
    Endpoint,
    MonitorDetails,
    MonitoringSchedule,
    ProcessingJob,
    Resource,
    Topic,
    WatchedMetric,
)
from mlaudit.testing import RECENT, arn_of, build, gap, serving, view_of

ENDPOINT = arn_of(Endpoint, "e")
TOPIC = "arn:aws:sns:eu-west-1:123456789012:ops"
DEPLOYED = build(
    Deployment,
    arn=f"{ENDPOINT}#deployment",
    subject_arn=ENDPOINT,
    strategy="CANARY",
    alarm_names=("a", "b", "gone"),
)


@pytest.mark.parametrize(
    ("states", "silent"),
    [(("OK", "ALARM"), ()), (("OK", "INSUFFICIENT_DATA"), ("b",))],
)
def test_alarms_of_a_rollout_without_data_are_told(
    states: tuple[str, str], silent: tuple[str, ...]
) -> None:
    alarms = [build(Alarm, name, state=state) for name, state in zip("ab", states, strict=True)]
    found = guarded_rollouts(view_of(*serving("e"), DEPLOYED, *alarms))
    assert [(each.rollout.alarms, each.silent) for each in found.items] == [(("a", "b"), silent)]
    assert found.gaps == ()


@pytest.mark.parametrize("operation", ["cloudwatch:DescribeAlarms", "sagemaker:ListEndpoints"])
def test_a_rollout_whose_alarms_are_out_of_sight_is_a_gap(operation: str) -> None:
    found = guarded_rollouts(view_of(*serving("e"), DEPLOYED, gaps=[gap(operation)]))
    assert gap(operation) in found.gaps
    assert not any(each.silent for each in found.items)


def schedule(kind: str, status: str = "Scheduled", **values: Any) -> tuple[Resource, ...]:
    held = build(
        MonitoringSchedule, f"s-{kind}", status=status, monitoring_type=kind, endpoint_name="e"
    )
    usual: dict[str, Any] = {
        "expression": "cron(0 5 ? * * *)",
        "constraints": True,
        "statistics": True,
        "ground_truth": True,
        "last_status": "Completed",
        "last_at": RECENT,
    }
    details = build(
        MonitorDetails, arn=f"{held.arn}#details", schedule_arn=held.arn, **{**usual, **values}
    )
    return held, details


QUALITY, STOPPED = schedule("DataQuality"), schedule("ModelQuality", "Stopped")


def test_each_monitor_counts_once_with_the_least_it_lacks() -> None:
    view = view_of(*serving("e"), *schedule("DataQuality", statistics=False), *STOPPED)
    found = monitors(view)
    assert [(each.words, each.lacks) for each in found.items] == [
        ("endpoint e: Model Monitor schedule s-DataQuality", ()),
        ("endpoint e: Model Monitor schedule s-ModelQuality", ("an active schedule",)),
    ]
    assert found.gaps == ()


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListMonitoringSchedules",
        "sagemaker:DescribeMonitoringSchedule",
        "sagemaker:ListProcessingJobs",
        "events:ListRules",
    ],
)
def test_while_something_may_be_hidden_no_monitor_is_called_broken(operation: str) -> None:
    found = monitors(view_of(*serving("e"), *QUALITY, *STOPPED, gaps=[gap(operation)]))
    assert [each.words for each in found.items] == [
        "endpoint e: Model Monitor schedule s-DataQuality"
    ]
    assert gap(operation) in found.gaps


def test_one_that_works_for_every_control_does_not_make_the_others_known() -> None:
    tags = {CONTROL_TAG: "data-quality data-drift concept-drift model-quality"}
    runs = [
        build(ProcessingJob, f"check-{day}", tags=tags, ended_at=RECENT - timedelta(days=day))
        for day in (0, 1)
    ]
    found = monitors(view_of(*serving("e"), *runs, *STOPPED, gaps=[gap("events:ListRules")]))
    assert [each.words for each in found.items] == ["endpoint e: processing job check-0"]
    assert found.gaps == (gap("events:ListRules"),)


def alarm(name: str, namespace: str) -> Alarm:
    dimensions = {"EndpointName": "e", "VariantName": "main"}
    watched = WatchedMetric(namespace, "drift", "Average", dimensions)
    return build(Alarm, name, watches=(watched,), actions=(TOPIC,), state="OK")


def test_only_alarms_on_metrics_of_ones_own_speak_of_the_model() -> None:
    topic = build(Topic, arn=TOPIC, confirmed=1)
    seen = (*serving("e"), alarm("own", "fraud"), alarm("system", "AWS/SageMaker"), topic)
    found = model_alarm_reaches(view_of(*seen))
    assert [each.reach.words for each in found.items] == ["alarm own"]
    assert model_alarm_reaches(view_of(*serving("e"))).items == ()
    denied = gap("cloudwatch:DescribeAlarms")
    assert model_alarm_reaches(view_of(*seen, gaps=[denied])).gaps == (denied,)


def test_an_endpoint_is_watched_by_what_works() -> None:
    bare, broken = serving("bare"), schedule("DataQuality", "Stopped")
    found = watched_endpoints(view_of(*serving("e"), *QUALITY, *STOPPED, *bare))
    assert {each.words: (len(each.works), len(each.lacks)) for each in found.items} == {
        "endpoint e": (1, 1),
        "endpoint bare": (0, 0),
    }
    (alone,) = watched_endpoints(view_of(*serving("e"), *broken)).items
    assert (alone.works, len(alone.lacks)) == ((), 1)


def test_an_endpoint_is_not_called_bare_while_something_may_be_hidden() -> None:
    denied = gap("sagemaker:ListProcessingJobs")
    bare = serving("bare")
    found = watched_endpoints(view_of(*serving("e"), *QUALITY, *bare, gaps=[denied]))
    assert [each.words for each in found.items] == ["endpoint e"]
    assert denied in found.gaps
