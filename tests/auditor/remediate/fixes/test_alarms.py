"""Which alarms are made of what serves, and whom they tell."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.errors import MlauditError
from mlaudit.model import Gap
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Choices, Sight
from mlaudit.remediate.fixes.alarms import alarms, guarding
from mlaudit.resources import (
    Alarm,
    AnomalyDetector,
    Endpoint,
    InferenceComponent,
    Resource,
    Topic,
    WatchedMetric,
)
from mlaudit.testing import ACCOUNT, REGION, arn_of, build, gap, serving, view_of

SERVES = serving("e")
ENDPOINT = SERVES[0].arn
ON_VARIANT = {"EndpointName": "e", "VariantName": "main"}
OWN_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:mlaudit-{REGION}"
ON_CALL = f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call"
SCALING = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:scalingPolicy:1"
HOSTS = "/aws/sagemaker/Endpoints"


def sight(*resources: Resource, gaps: tuple[Gap, ...] = (), **choices: Any) -> Sight:
    return Sight(view_of(*resources, gaps=gaps), {}, ACCOUNT, Choices(**choices))


def planned(*resources: Resource, gaps: tuple[Gap, ...] = (), **choices: Any) -> list[Change]:
    return list(alarms(sight(*resources, gaps=gaps, **choices)))


def metrics(changes: list[Change]) -> list[str]:
    """The metrics of the alarms, in the order of their names; those of expressions joined."""
    patches = [each.patch or {} for each in changes if each.kind == "cloudwatch.alarm"]
    return sorted(
        each.get("MetricName")
        or "/".join(one["MetricStat"]["Metric"]["MetricName"] for one in each["Metrics"][:-1])
        for each in patches
    )


def alarm(name: str, metric: str, statistic: str = "Sum", **values: Any) -> Alarm:
    watched = WatchedMetric("AWS/SageMaker", metric, statistic, ON_VARIANT)
    usual = {"watches": (watched,), "state": "OK", "actions": (ON_CALL,)}
    return build(Alarm, name, **{**usual, **values})


SATURATION = alarm("full", "CPUUtilization", "Maximum")
LATENCY = alarm("slow", "ModelLatency", "p99")
TRAFFIC = alarm("silent", "Invocations")
ERRORS = alarm("broken", "Invocation5XXErrors")
SOMEBODY = build(Topic, arn=ON_CALL, confirmed=1)
NOBODY = build(Topic, arn=ON_CALL)
ALL_FOUR = (SATURATION, LATENCY, TRAFFIC, ERRORS, SOMEBODY)
MACHINES = ["CPUUtilization", "DiskUtilization", "MemoryUtilization"]
RATE = "Invocation5XXErrors/Invocations"
COMPONENT = build(InferenceComponent, "c", endpoint_arn=ENDPOINT, variant_name="main")

CASES: dict[str, tuple[tuple[Resource, ...], list[str]]] = {
    "nothing": ((), []),
    "what does not serve": (serving("e", endpoint={"status": "Failed"}), []),
    "instances": (SERVES, [*MACHINES[:2], RATE, "Invocations", MACHINES[2], "ModelLatency"]),
    "an instance of an unknown size": (
        serving("e", instance_type="ml.new.strange"),
        ["DiskUtilization", RATE, "Invocations", "MemoryUtilization", "ModelLatency"],
    ),
    "a GPU": (
        (*serving("e", instance_type="ml.g5.xlarge"), LATENCY, TRAFFIC, ERRORS, SOMEBODY),
        ["CPUUtilization", "DiskUtilization", "GPUUtilization", "MemoryUtilization"],
    ),
    "serverless": (
        serving("e", instance_type=None, serverless_concurrency=5),
        [RATE, "Invocations", "ModelLatency", "ServerlessConcurrentExecutionsUtilization"],
    ),
    "asynchronous": (
        serving("e", config={"asynchronous": True}),
        [
            "ApproximateBacklogSizePerInstance",
            *MACHINES[:2],
            "InvocationFailures",
            MACHINES[2],
            "TimeInBacklog",
        ],
    ),
    "a component": (
        (*serving("e", model_name=None), COMPONENT),
        [
            "CPUUtilizationNormalized",
            RATE,
            "Invocations",
            "MemoryUtilizationNormalized",
            "ModelLatency",
        ],
    ),
    "all four signals": ((*SERVES, *ALL_FOUR), []),
    "all but saturation": ((*SERVES, LATENCY, TRAFFIC, ERRORS, SOMEBODY), MACHINES),
    "all but latency": ((*SERVES, SATURATION, TRAFFIC, ERRORS, SOMEBODY), ["ModelLatency"]),
    "only the mean of latency": (
        (*SERVES, alarm("mean", "ModelLatency", "Average"), SATURATION, TRAFFIC, ERRORS, SOMEBODY),
        ["ModelLatency"],
    ),
    "all but traffic": ((*SERVES, SATURATION, LATENCY, ERRORS, SOMEBODY), ["Invocations"]),
    "all but errors": ((*SERVES, SATURATION, LATENCY, TRAFFIC, SOMEBODY), [RATE]),
    "a detector on traffic": (
        (*SERVES, SATURATION, LATENCY, ERRORS, SOMEBODY,
         build(AnomalyDetector, watches=TRAFFIC.watches, trained=True)),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("resources", "expected"), CASES.values(), ids=CASES)
def test_signals_without_an_alarm_get_one(
    resources: tuple[Resource, ...], expected: list[str]
) -> None:
    changes = planned(*resources)
    assert metrics(changes) == expected
    assert {each.scope for each in changes} <= {each.arn for each in resources}
    assert len({str(each.key) for each in changes}) == len(changes)
    assert planned(*resources) == changes


@pytest.mark.parametrize(
    ("denied", "hidden"),
    [
        ("cloudwatch:DescribeAlarms", {"all"}),
        ("sagemaker:ListInferenceComponents", {"all"}),
        ("cloudwatch:DescribeAnomalyDetectors", {"Invocations"}),
        ("s3:GetBucketVersioning", set()),
    ],
)
def test_nothing_is_made_that_may_be_there(denied: str, hidden: set[str]) -> None:
    found = set(metrics(planned(*SERVES, gaps=(gap(denied),))))
    whole = set(metrics(planned(*SERVES)))
    assert found == (set() if "all" in hidden else whole - hidden)


def test_every_new_alarm_notifies_the_topic_that_is_made_before_it() -> None:
    topic, address, *rest = planned(*SERVES, notify=("on-call@example.com",))
    assert (topic.kind, dict(topic.key)) == ("sns.topic", {"TopicArn": OWN_TOPIC})
    assert address.key == {
        "TopicArn": OWN_TOPIC,
        "Protocol": "email",
        "Endpoint": "on-call@example.com",
    }
    assert all((each.patch or {})["AlarmActions"] == [OWN_TOPIC] for each in rest)
    assert all((each.patch or {})["Tags"] for each in rest)


@pytest.mark.parametrize(
    ("notify", "notified"), [((), [ON_CALL]), (("+41441234567",), [ON_CALL, OWN_TOPIC])]
)
def test_who_hears_already_hears_of_new_alarms_too(
    notify: tuple[str, ...], notified: list[str]
) -> None:
    changes = planned(*SERVES, SATURATION, LATENCY, TRAFFIC, SOMEBODY, notify=notify)
    (made,) = [each for each in changes if each.kind == "cloudwatch.alarm"]
    assert (made.patch or {})["AlarmActions"] == notified
    assert any(each.kind == "sns.topic" for each in changes) is (OWN_TOPIC in notified)


@pytest.mark.parametrize(
    ("topics", "notified"),
    [
        ((SOMEBODY,), ON_CALL),
        ((), ON_CALL),  # it may have listeners out of sight, in another account
        ((NOBODY,), OWN_TOPIC),
        ((build(Topic, arn=ON_CALL, pending=1),), OWN_TOPIC),
    ],
)
def test_a_topic_that_surely_tells_nobody_is_not_enough(
    topics: tuple[Topic, ...], notified: str
) -> None:
    changes = planned(*SERVES, SATURATION, LATENCY, TRAFFIC, *topics)
    (made,) = [each for each in changes if each.key.get("AlarmName", "").startswith("mlaudit-")]
    assert (made.patch or {})["AlarmActions"] == [notified]


def test_a_topic_that_is_there_keeps_its_tags() -> None:
    heard = alarm("slow", "ModelLatency", "p99", actions=(OWN_TOPIC,))
    changes = planned(*SERVES, heard, build(Topic, arn=OWN_TOPIC, pending=1))
    assert "cloudwatch.alarm" in {each.kind for each in changes}
    assert "sns.topic" not in {each.kind for each in changes}


@pytest.mark.parametrize(
    ("listening", "asked"), [({"confirmed": 1}, False), ({"pending": 1}, False), ({}, True)]
)
def test_an_address_is_added_where_too_few_listen(
    listening: dict[str, int], *, asked: bool
) -> None:
    some = [
        alarm(
            each.name, each.watches[0].name, each.watches[0].statistic or "", actions=(OWN_TOPIC,)
        )
        for each in ALL_FOUR
        if isinstance(each, Alarm)
    ]
    topic = build(Topic, arn=OWN_TOPIC, **listening)
    changes = planned(*SERVES, *some, topic, notify=("https://page.example.com/",))
    assert [each.kind for each in changes] == ["sns.subscription"] * asked


def test_an_address_that_nobody_knows_is_refused() -> None:
    with pytest.raises(MlauditError, match="'somebody'"):
        planned(*SERVES, notify=("somebody",))


HEARD = {
    "nobody listens": ((ON_CALL,), NOBODY, [[ON_CALL, OWN_TOPIC]]),
    "it only scales something else": ((SCALING, ON_CALL), NOBODY, [[SCALING, ON_CALL, OWN_TOPIC]]),
    "somebody listens": ((ON_CALL,), SOMEBODY, []),
    "somebody was asked": ((ON_CALL,), build(Topic, arn=ON_CALL, pending=1), []),
    "its actions may be switched off": ((), SOMEBODY, []),
}


@pytest.mark.parametrize(("actions", "topic", "expected"), HEARD.values(), ids=HEARD)
def test_alarms_that_tell_nobody_notify_the_topic_too(
    actions: tuple[str, ...], topic: Topic, expected: list[list[str]]
) -> None:
    deaf = alarm("deaf", "Invocation5XXErrors", actions=actions)
    changes = planned(*SERVES, SATURATION, LATENCY, TRAFFIC, deaf, topic)
    altered = [each for each in changes if each.key == {"AlarmName": "deaf"}]
    assert [(each.patch or {})["AlarmActions"] for each in altered] == expected


def test_an_alarm_of_somebody_else_is_left_alone() -> None:
    deaf = alarm("deaf", "Invocation5XXErrors")
    view = view_of(*SERVES, SATURATION, others=(deaf, NOBODY))
    changes = alarms(Sight(view, {}, ACCOUNT))
    assert "deaf" not in {each.key.get("AlarmName") for each in changes}


def test_a_slow_answer_is_what_was_chosen_and_processors_are_added_up() -> None:
    patches = {
        (each.patch or {}).get("MetricName"): each.patch or {}
        for each in planned(*serving("e", instance_type="ml.m5.xlarge"), latency_ms=250)
    }
    assert patches["ModelLatency"]["Threshold"] == 250_000.0
    assert patches["ModelLatency"]["ExtendedStatistic"] == "p95"
    assert patches["CPUUtilization"]["Threshold"] == 360.0
    assert patches["MemoryUtilization"]["Threshold"] == 90.0
    assert patches["Invocations"]["TreatMissingData"] == "breaching"


GUARDS = {
    "none": ((), {"slow", "errors"}, True),
    "both": ((LATENCY, ERRORS, SOMEBODY), {"slow", "broken"}, False),
    "one that rings now": (
        (LATENCY, alarm("broken", "Invocation5XXErrors", state="ALARM"), SOMEBODY),
        {"slow"},
        False,
    ),
}


@pytest.mark.parametrize(("resources", "named", "made"), GUARDS.values(), ids=GUARDS)
def test_alarms_on_errors_and_slow_answers_guard_an_update(
    resources: tuple[Resource, ...], named: set[str], *, made: bool
) -> None:
    names, changes = guarding(sight(*SERVES, *resources), ENDPOINT)
    assert {each.split("-")[-2] if "mlaudit" in each else each for each in names} == named
    assert bool(changes) is made


def test_the_alarms_of_one_endpoint_guard_no_other() -> None:
    names, changes = guarding(sight(*SERVES, *serving("f"), *ALL_FOUR), arn_of(Endpoint, "f"))
    assert not {"slow", "broken"} & {*names}
    assert {each.scope for each in changes} == {arn_of(Endpoint, "f")}


def test_nothing_guards_where_alarms_are_out_of_sight() -> None:
    denied = (gap("cloudwatch:DescribeAlarms"),)
    assert guarding(sight(*SERVES, gaps=denied), ENDPOINT) == ((), ())
