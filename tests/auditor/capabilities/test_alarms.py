"""Which alarms watch what serves, and whom they reach."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from mlaudit.capabilities.alarms import AlarmReach, alarm_reaches, alarmed_places, watched_places
from mlaudit.resources import (
    Alarm,
    AnomalyDetector,
    ComponentTraffic,
    CompositeAlarm,
    InferenceComponent,
    Resource,
    Topic,
    Traffic,
    Trigger,
    WatchedMetric,
)
from mlaudit.testing import ACCOUNT, REGION, arn_of, build, gap, serving, view_of

SERVES = serving("e")
ON_VARIANT = {"EndpointName": "e", "VariantName": "main"}
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:page"
SCALING = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:scalingPolicy:1"


def metric(dimensions: Mapping[str, str], name: str = "Invocation5XXErrors") -> WatchedMetric:
    return WatchedMetric("AWS/SageMaker", name, "Sum", dimensions)


def alarm(name: str = "a", dimensions: Mapping[str, str] = ON_VARIANT, **values: Any) -> Alarm:
    usual: dict[str, Any] = {"watches": (metric(dimensions),), "state": "OK"}
    return build(Alarm, name, **{**usual, **values})


def topic(confirmed: int = 1, pending: int = 0, arn: str = TOPIC) -> Topic:
    return build(Topic, arn=arn, confirmed=confirmed, pending=pending)


def component(name: str) -> InferenceComponent:
    arn = arn_of(type(SERVES[0]), "e")
    return build(InferenceComponent, name, endpoint_arn=arn, variant_name="main")


HOLDS = (*serving("e", model_name=None), component("i"), component("j"))
VARIANT = "endpoint e, variant main"

PLACES: dict[str, tuple[tuple[Resource, ...], dict[str, list[str]]]] = {
    "nothing": ((), {}),
    "no alarm": (SERVES, {VARIANT: []}),
    "an endpoint that does not serve": (serving("e", endpoint={"status": "Failed"}), {}),
    "an alarm on the variant": ((*SERVES, alarm()), {VARIANT: ["a"]}),
    "an alarm on the endpoint": (
        (*SERVES, alarm(dimensions={"EndpointName": "e"})),
        {VARIANT: ["a"]},
    ),
    "an alarm on all endpoints": (
        (*SERVES, alarm(dimensions={"EndpointName": "*"})),
        {VARIANT: ["a"]},
    ),
    "an alarm on another variant": (
        (*SERVES, alarm(dimensions={"EndpointName": "e", "VariantName": "other"})),
        {VARIANT: []},
    ),
    "an alarm on another endpoint": (
        (*SERVES, alarm(dimensions={"EndpointName": "other"})),
        {VARIANT: []},
    ),
    "an alarm on something else": ((*SERVES, alarm(dimensions={})), {VARIANT: []}),
    "an alarm that only scales": ((*SERVES, alarm(actions=(SCALING,))), {VARIANT: []}),
    "an alarm of target tracking": ((*SERVES, alarm("TargetTracking-x")), {VARIANT: []}),
    "an alarm that scales and tells": (
        (*SERVES, alarm(actions=(SCALING, TOPIC))),
        {VARIANT: ["a"]},
    ),
    "an alarm on one of two components": (
        (*HOLDS, alarm(dimensions={"InferenceComponentName": "i"})),
        {f"{VARIANT}, component i": ["a"], f"{VARIANT}, component j": []},
    ),
    "an alarm on a variant with components": (
        (*HOLDS, alarm()),
        {f"{VARIANT}, component i": ["a"], f"{VARIANT}, component j": ["a"]},
    ),
}


@pytest.mark.parametrize("case", PLACES)
def test_places_and_their_alarms(case: str) -> None:
    resources, expected = PLACES[case]
    found = alarmed_places(view_of(*resources))
    assert {
        each.words: [one.words.removeprefix("alarm ") for one in each.watches]
        for each in found.items
    } == expected
    assert found.gaps == ()


def test_an_alarm_without_data_does_not_judge() -> None:
    seen = view_of(*SERVES, alarm(state="INSUFFICIENT_DATA"), alarm("b", state="ALARM"))
    watches = alarmed_places(seen).items[0].watches
    assert [(each.words, each.has_data) for each in watches] == [
        ("alarm a", False),
        ("alarm b", True),
    ]


def test_only_metrics_of_the_place_count() -> None:
    both = (metric(ON_VARIANT), metric({"EndpointName": "other"}, "ModelLatency"))
    watch = alarmed_places(view_of(*SERVES, alarm(watches=both))).items[0].watches[0]
    assert [each.name for each in watch.metrics] == ["Invocation5XXErrors"]


@pytest.mark.parametrize("provider", [alarmed_places, alarm_reaches])
@pytest.mark.parametrize(
    "operation",
    [
        "cloudwatch:DescribeAlarms",
        "sagemaker:ListEndpoints",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:ListInferenceComponents",
    ],
)
def test_what_is_denied_is_a_gap_and_no_alarm_is_called_missing(
    provider: Any, operation: str
) -> None:
    found = provider(view_of(*SERVES, gaps=[gap(operation)]))
    assert gap(operation) in found.gaps
    if "Alarms" in operation or "Components" in operation:
        assert found.items == ()


@pytest.mark.parametrize("provider", [alarmed_places, alarm_reaches])
def test_an_alarm_whose_query_is_not_understood_may_watch_anything(provider: Any) -> None:
    found = provider(view_of(*SERVES, alarm(watches=(), hides_metrics=True)))
    assert found.items == ()
    assert [each.words for each in found.gaps] == ["which metrics a reads by its query"]


def composite(name: str, *watches: str, actions: tuple[str, ...] = ()) -> CompositeAlarm:
    return build(CompositeAlarm, name, watches=watches, actions=actions)


def rule(*targets: str, enabled: bool = True, **more: Any) -> Trigger:
    pattern = {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}
    return build(
        Trigger, "r", enabled=enabled, pattern=json.dumps({**pattern, **more}), targets=targets
    )


HEARD = ("topic on-call with 1 confirmed",)
PAGED = ("lambda page",)
REACHES: dict[str, tuple[tuple[Resource, ...], tuple[str, ...]]] = {
    "no action": ((alarm(),), ()),
    "a topic": ((alarm(actions=(TOPIC,)), topic()), HEARD),
    "a topic nobody listens to": ((alarm(actions=(TOPIC,)), topic(0)), ()),
    "a topic nobody has confirmed": ((alarm(actions=(TOPIC,)), topic(0, 1)), ()),
    "a topic that is gone": ((alarm(actions=(TOPIC,)),), ()),
    "a function": ((alarm(actions=(FUNCTION,)),), PAGED),
    "a machine that is stopped": ((alarm(actions=("arn:aws:automate:x:ec2:stop",)),), ()),
    "an alarm on it": ((alarm(), composite("c", "a", actions=(TOPIC,)), topic()), HEARD),
    "an alarm on it by its ARN": (
        (alarm(), composite("c", arn_of(Alarm, "a"), actions=(FUNCTION,))),
        PAGED,
    ),
    "an alarm on an alarm on it": (
        (alarm(), composite("c", "a"), composite("d", "c", actions=(FUNCTION,))),
        PAGED,
    ),
    "alarms on each other": ((alarm(), composite("c", "a", "d"), composite("d", "c")), ()),
    "an alarm on another": ((alarm(), composite("c", "b", actions=(FUNCTION,))), ()),
    "a rule": ((alarm(), rule(TOPIC), topic()), HEARD),
    "a rule that is off": ((alarm(), rule(FUNCTION, enabled=False)), ()),
    "a rule on its name": ((alarm(), rule(FUNCTION, detail={"alarmName": ["a"]})), PAGED),
    "a rule on the start of its name": (
        (alarm(), rule(FUNCTION, detail={"alarmName": [{"prefix": "a"}]})),
        PAGED,
    ),
    "a rule on names like its own": (
        (alarm(), rule(FUNCTION, detail={"alarmName": [{"wildcard": "*a"}]})),
        PAGED,
    ),
    "a rule on another": ((alarm(), rule(FUNCTION, detail={"alarmName": ["b"]})), ()),
    "a rule on the end of alarms": (
        (alarm(), rule(FUNCTION, detail={"state": {"value": ["OK"]}})),
        (),
    ),
    "a rule on something else": (
        (alarm(), build(Trigger, "r", pattern='{"source": ["aws.s3"]}', targets=(FUNCTION,))),
        (),
    ),
    "a rule on an alarm on it": (
        (alarm(), composite("c", "a"), rule(FUNCTION, detail={"alarmName": ["c"]})),
        PAGED,
    ),
}


@pytest.mark.parametrize("case", REACHES)
def test_whom_an_alarm_reaches(case: str) -> None:
    resources, reaches = REACHES[case]
    found = alarm_reaches(view_of(*SERVES, *resources))
    assert [each.reaches for each in found.items] == [reaches]
    assert found.gaps == ()


def test_an_endpoint_without_an_alarm_is_named() -> None:
    found = alarm_reaches(view_of(*SERVES)).items
    assert found == (AlarmReach(SERVES[0].arn, VARIANT, False, (), 0),)


def test_those_who_have_not_confirmed_are_counted() -> None:
    found = alarm_reaches(view_of(*SERVES, alarm(actions=(TOPIC,)), topic(0, 2)))
    assert found.items[0].pending == 2


@pytest.mark.parametrize(
    ("operation", "subject"),
    [
        ("sns:ListSubscriptionsByTopic", TOPIC),
        ("sns:ListSubscriptionsByTopic", None),
        ("events:ListRules", None),
    ],
)
def test_an_alarm_that_may_reach_somebody_unseen_is_not_called_silent(
    operation: str, subject: str | None
) -> None:
    denied = gap(operation, subject)
    found = alarm_reaches(view_of(*SERVES, alarm(actions=(TOPIC,)), gaps=[denied]))
    assert found.items == ()
    assert denied in found.gaps


@pytest.mark.parametrize(
    ("operation", "subject"),
    [("sns:ListSubscriptionsByTopic", TOPIC + "-other"), ("events:ListRules", None)],
)
def test_what_hides_nothing_of_an_alarm_is_no_gap(operation: str, subject: str | None) -> None:
    denied = gap(operation, subject)
    seen = view_of(*SERVES, alarm(actions=(TOPIC,)), topic(), gaps=[denied])
    found = alarm_reaches(seen)
    assert [each.reaches for each in found.items] == [HEARD]
    assert found.gaps == ()


def detector(dimensions: Mapping[str, str], *, trained: bool = True) -> AnomalyDetector:
    return build(AnomalyDetector, watches=(metric(dimensions, "Invocations"),), trained=trained)


@pytest.mark.parametrize(
    ("found", "watches"),
    [
        (detector(ON_VARIANT), [("alarm a", True), ("anomaly detector of Invocations", True)]),
        (
            detector(ON_VARIANT, trained=False),
            [("alarm a", True), ("anomaly detector of Invocations", False)],
        ),
        (detector({"EndpointName": "other"}), [("alarm a", True)]),
    ],
)
def test_detectors_watch_like_alarms(
    found: AnomalyDetector, watches: list[tuple[str, bool]]
) -> None:
    seen = watched_places(view_of(*SERVES, alarm(), found)).items[0].place.watches
    assert [(each.words, each.has_data) for each in seen] == watches


def test_without_sight_of_detectors_nothing_is_called_missing() -> None:
    denied = gap("cloudwatch:DescribeAnomalyDetectors")
    found = watched_places(view_of(*SERVES, alarm(), gaps=[denied]))
    assert found.items == ()
    assert found.gaps == (denied,)


def traffic(requests: float) -> Traffic:
    arn = f"{SERVES[0].arn}#main"
    return build(
        Traffic, arn=arn, endpoint_arn=SERVES[0].arn, variant_name="main", requests=requests
    )


@pytest.mark.parametrize(("requests", "judges"), [(0.0, False), (1.0, True)])
def test_an_alarm_judges_nothing_where_nobody_asks(requests: float, judges: bool) -> None:  # noqa: FBT001 - a table
    view = view_of(*SERVES, alarm(), traffic(requests))
    for place in (
        *alarmed_places(view).items,
        *(each.place for each in watched_places(view).items),
    ):
        assert [each.has_data for each in place.watches] == [judges]
        assert ("no request" in place.words) is not judges


def test_what_answers_by_components_is_not_counted_by_variant() -> None:
    view = view_of(*HOLDS, alarm(), traffic(0))
    assert all(each.watches[0].has_data for each in alarmed_places(view).items)


def asked(requests: float) -> ComponentTraffic:
    arn = component("i").arn
    return build(ComponentTraffic, arn=f"{arn}#requests", component_arn=arn, requests=requests)


@pytest.mark.parametrize(("requests", "judges"), [(0.0, False), (1.0, True)])
def test_an_alarm_on_a_component_judges_nothing_where_nobody_asks_it(
    requests: float, *, judges: bool
) -> None:
    view = view_of(*HOLDS, alarm(dimensions={"InferenceComponentName": "i"}), asked(requests))
    (found,) = (each for each in alarmed_places(view).items if each.watches)
    assert [each.has_data for each in found.watches] == [judges]
    assert ("no request" in found.words) is not judges


def test_without_sight_of_the_requests_to_a_component_nothing_is_told_of_it() -> None:
    hidden = gap("cloudwatch:GetMetricData")
    watch = alarm(dimensions={"InferenceComponentName": "i"})
    found = alarmed_places(view_of(*HOLDS, watch, gaps=[hidden]))
    assert [each.watches for each in found.items if each.watches] == []
    assert hidden in found.gaps


@pytest.mark.parametrize("provided", [alarmed_places, watched_places])
def test_without_sight_of_requests_only_a_place_that_answered_is_told(provided: Any) -> None:
    hidden = gap("cloudwatch:GetMetricData")
    unseen = provided(view_of(*SERVES, alarm(), gaps=[hidden]))
    assert (unseen.items, unseen.gaps) == ((), (hidden,))
    seen = provided(view_of(*SERVES, alarm(), traffic(1), gaps=[hidden]))
    assert (len(seen.items), seen.gaps) == (1, ())
