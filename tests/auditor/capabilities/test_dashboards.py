"""What is on dashboards, and where they may hide more."""

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit.capabilities.dashboards import shown_compute, shown_performance
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Alarm,
    Dashboard,
    Endpoint,
    InferenceComponent,
    Resource,
    Traffic,
    WatchedMetric,
)
from mlaudit.sight import View
from mlaudit.testing import arn_of, build, gap, serving, view_of

SERVES = serving("e")
HOSTS, MONITORED = "/aws/sagemaker/Endpoints", "aws/sagemaker/Endpoints/data-metrics"
HERE = {"EndpointName": "e", "VariantName": "main"}
CPU = WatchedMetric(HOSTS, "CPUUtilization", "Average", HERE)
ANY_HOST = WatchedMetric(HOSTS, "*", None, {"EndpointName": "*", "VariantName": "*"})
DISK = WatchedMetric("own", "disk_used_percent", "Maximum", {"EndpointName": "e"})
ELSEWHERE = WatchedMetric(HOSTS, "CPUUtilization", "Average", {"EndpointName": "x"})
MACHINES = WatchedMetric("AWS/EC2", "CPUUtilization", "Average", {"InstanceId": "i-1"})
LATENCY = WatchedMetric("AWS/SageMaker", "ModelLatency", "p99", HERE)
ACCURACY = WatchedMetric("own", "accuracy", "Average", {"EndpointName": "e"})
NULLS = WatchedMetric(MONITORED, "feature_null_age", "Average", {"Endpoint": "e"})
ALARM = build(Alarm, "full", watches=(CPU,))

BOTH, COMPUTE = (("d",), ("d",)), (("d",), ())


def board(*shows: WatchedMetric, name: str = "d", **values: Any) -> Dashboard:
    return build(Dashboard, name, shows=shows, **values)


Shown = tuple[tuple[str, ...], tuple[str, ...]]
CASES: dict[str, tuple[tuple[Resource, ...], Shown | None]] = {
    "no dashboard": ((), None),
    "an empty one": ((board(),), None),
    "another endpoint": ((board(ELSEWHERE),), None),
    "another service": ((board(MACHINES),), None),
    "latency": ((board(LATENCY),), None),
    "results only": ((board(ACCURACY),), None),
    "compute": ((board(CPU),), COMPUTE),
    "compute by search": ((board(ANY_HOST),), COMPUTE),
    "compute of one's own": ((board(DISK),), COMPUTE),
    "compute by an alarm": ((board(alarms=(ALARM.arn,)), ALARM), COMPUTE),
    "compute and latency": ((board(CPU, LATENCY),), COMPUTE),
    "compute and results": ((board(CPU, ACCURACY),), BOTH),
    "compute and what Model Monitor finds": ((board(CPU, NULLS),), BOTH),
    "on two dashboards": ((board(CPU), board(ACCURACY, name="other")), COMPUTE),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_shown(case: str) -> None:
    resources, shown = CASES[case]
    view = view_of(*SERVES, *resources)
    for found in (shown_compute(view), shown_performance(view)):
        places = [each.place for each in found.items]
        assert [(each.compute, each.whole) for each in places] == ([shown] if shown else [])
        codes = [] if shown else ["DashboardElsewhere"]
        assert [each.code for each in found.gaps] == codes


def test_the_place_is_named() -> None:
    (found,) = shown_compute(view_of(*SERVES, board(CPU))).items
    assert (found.place.arn, found.place.words) == (SERVES[0].arn, "endpoint e, variant main")


def test_a_component_is_a_place_of_its_own() -> None:
    component = build(
        InferenceComponent, "c", endpoint_arn=SERVES[0].arn, variant_name="main", model_name="e"
    )
    own = WatchedMetric(HOSTS, "GPUUtilization", None, {"InferenceComponentName": "c"})
    found = shown_compute(view_of(*SERVES, component, board(own)))
    assert [each.place.words for each in found.items] == ["endpoint e, variant main, component c"]


def test_what_does_not_serve_is_on_no_dashboard() -> None:
    assert shown_compute(view_of(build(Endpoint, "e", status="Failed"))) == Evidence()


@pytest.mark.parametrize("shows", [(), (CPU,)])
def test_a_dashboard_that_is_not_understood_may_show_the_rest(shows: Any) -> None:
    view = view_of(*SERVES, board(*shows, hides_metrics=True))
    assert len(shown_compute(view).items) == len(shows)
    found = shown_performance(view)
    assert found.items == ()
    assert "WidgetNotUnderstood" in {each.code for each in found.gaps}


def test_what_is_wholly_shown_needs_no_other_dashboard() -> None:
    view = view_of(*SERVES, board(CPU, ACCURACY), board(name="x", hides_metrics=True))
    assert len(shown_performance(view).items) == 1
    assert shown_performance(view).gaps == ()


PROVIDERS: dict[str, Callable[[View], Evidence[Any]]] = {
    "compute": shown_compute,
    "performance": shown_performance,
}


@pytest.mark.parametrize("provide", PROVIDERS)
@pytest.mark.parametrize(
    "operation",
    [
        "cloudwatch:ListDashboards",
        "cloudwatch:GetDashboard",
        "sagemaker:ListEndpoints",
        "sagemaker:ListInferenceComponents",
    ],
)
def test_without_sight_nothing_is_called_missing(operation: str, provide: str) -> None:
    found = PROVIDERS[provide](view_of(*SERVES, gaps=[gap(operation)]))
    assert found.items == ()
    assert gap(operation) in found.gaps


@pytest.mark.parametrize("alarms", [(arn_of(Alarm, "full"),), ()])
def test_alarms_out_of_sight_matter_where_a_dashboard_shows_any(alarms: Any) -> None:
    denied = gap("cloudwatch:DescribeAlarms")
    found = shown_compute(view_of(*SERVES, board(alarms=alarms), gaps=[denied]))
    assert (denied in found.gaps) is bool(alarms)


def traffic(requests: float) -> Traffic:
    arn = SERVES[0].arn
    return build(
        Traffic, arn=f"{arn}#main", endpoint_arn=arn, variant_name="main", requests=requests
    )


@pytest.mark.parametrize(("requests", "idle"), [(0.0, [True]), (1.0, [False])])
def test_a_place_that_nobody_asked_is_idle(requests: float, idle: list[bool]) -> None:
    found = shown_performance(view_of(*SERVES, board(CPU, ACCURACY), traffic(requests)))
    assert [each.place.idle for each in found.items] == idle


def test_a_place_whose_requests_could_not_be_seen_is_a_gap() -> None:
    hidden = gap("cloudwatch:GetMetricData")
    view = view_of(*SERVES, board(CPU, ACCURACY), gaps=[hidden])
    assert shown_performance(view) == Evidence((), (hidden,))
