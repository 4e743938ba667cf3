"""What watches an endpoint, and what keeps it from working."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from mlaudit.capabilities.detectors import (
    CONTROL_TAG,
    concept_drift_controls,
    data_drift_controls,
    data_quality_controls,
    model_quality_controls,
)
from mlaudit.evidence import Evidence
from mlaudit.model import GapReason
from mlaudit.resources import (
    Alarm,
    Endpoint,
    Function,
    LogStream,
    MonitorDetails,
    MonitoringSchedule,
    Pipeline,
    PipelineRun,
    ProcessingJob,
    Resource,
    Trigger,
    WatchedMetric,
)
from mlaudit.sight import View
from mlaudit.testing import NOW, OLD, RECENT, arn_of, build, gap, serving, view_of

SERVES = serving("e")
TAGGED = {CONTROL_TAG: "data-quality+data-drift"}
DAILY = "cron(0 5 ? * * *)"
RECENTLY = "a success within twice its period"

PROVIDERS: dict[str, Callable[[View], Evidence[Any]]] = {
    "quality": data_quality_controls,
    "drift": data_drift_controls,
    "results": model_quality_controls,
    "concept": concept_drift_controls,
}

Lacks = list[tuple[str, ...]]


def monitor(
    kind: str | None = "DataQuality", status: str = "Scheduled", **values: Any
) -> tuple[Resource, ...]:
    name = f"s-{kind}"
    schedule = build(
        MonitoringSchedule, name, status=status, monitoring_type=kind, endpoint_name="e"
    )
    usual: dict[str, Any] = {
        "expression": DAILY,
        "constraints": True,
        "statistics": True,
        "ground_truth": True,
        "last_status": "Completed",
        "last_at": RECENT,
    }
    arn = f"{schedule.arn}#details"
    details = build(MonitorDetails, arn=arn, schedule_arn=schedule.arn, **{**usual, **values})
    return schedule, details


def flow(
    schedule: str | None = DAILY,
    *,
    on: bool = True,
    ran_at: datetime = RECENT,
    tag: str = "data-drift",
) -> tuple[Resource, ...]:
    arn = arn_of(Pipeline, "p")
    return (
        build(Pipeline, "p", tags={CONTROL_TAG: tag}),
        build(
            PipelineRun,
            arn=f"{arn}/execution/1",
            pipeline_arn=arn,
            started_at=ran_at,
            modified_at=ran_at,
        ),
        build(Trigger, "t", schedule=schedule, enabled=on, targets=(arn,)),
    )


def function(last_event_at: datetime | None = RECENT) -> tuple[Resource, ...]:
    holder = build(Function, "f", tags=TAGGED)
    trigger = build(Trigger, "t", schedule="rate(1 day)", targets=(holder.arn,))
    logged = build(
        LogStream, "s", group_name="/aws/lambda/f", last_event_at=last_event_at or RECENT
    )
    return (holder, trigger, logged) if last_event_at else (holder, trigger)


def jobs(*days_ago: float, status: str = "Completed") -> tuple[Resource, ...]:
    return tuple(
        build(
            ProcessingJob,
            f"j{number}",
            tags=TAGGED,
            status=status,
            ended_at=NOW - timedelta(days=ago),
        )
        for number, ago in enumerate(days_ago)
    )


def alarm(name: str, namespace: str = "own", state: str = "OK", endpoint: str = "e") -> Alarm:
    metric = WatchedMetric(namespace, name, "Maximum", {"EndpointName": endpoint})
    return build(Alarm, "a", watches=(metric,), state=state)


WORKS: Lacks = [()]
CASES: dict[str, tuple[str, tuple[Resource, ...], Lacks]] = {
    "nothing": ("quality", (), []),
    "a monitor": ("quality", monitor(), WORKS),
    "a monitor of no stated kind": ("quality", monitor(None), WORKS),
    "a monitor with violations": ("quality", monitor(last_status="CompletedWithViolations"), WORKS),
    "a monitor that failed": ("quality", monitor(last_status="Failed"), [(RECENTLY,)]),
    "a monitor that never ran": ("quality", monitor(last_status=None, last_at=None), [(RECENTLY,)]),
    "a monitor that ran long ago": (
        "quality",
        monitor(last_at=NOW - timedelta(days=2, minutes=1)),
        [(RECENTLY,)],
    ),
    "a monitor that ran two periods ago": (
        "quality",
        monitor(last_at=NOW - timedelta(days=2)),
        WORKS,
    ),
    "an hourly monitor": (
        "quality",
        monitor(expression="cron(0 * ? * * *)", last_at=NOW - timedelta(hours=3)),
        [(RECENTLY,)],
    ),
    "a monitor every six hours": (
        "quality",
        monitor(expression="cron(0 0/6 ? * * *)", last_at=NOW - timedelta(hours=12)),
        WORKS,
    ),
    "a monitor that runs once": ("quality", monitor(expression="NOW"), [(RECENTLY,)]),
    "a monitor that is stopped": ("quality", monitor(status="Stopped"), [("an active schedule",)]),
    "a monitor without constraints": ("quality", monitor(constraints=False), [("a baseline",)]),
    "a monitor without statistics": ("quality", monitor(statistics=False), WORKS),
    "drift without statistics": ("drift", monitor(statistics=False), [("a baseline",)]),
    "drift by statistics": ("drift", monitor(constraints=False), WORKS),
    "results by another monitor": ("results", monitor(), []),
    "results": ("results", monitor("ModelQuality", statistics=False), WORKS),
    "attributions": ("concept", monitor("ModelExplainability", statistics=False), WORKS),
    "attributions by another monitor": ("concept", monitor("ModelQuality"), []),
    "results without truth": (
        "results",
        monitor("ModelQuality", ground_truth=False),
        [("ground truth",)],
    ),
    "a pipeline": ("drift", flow(), WORKS),
    "a pipeline of another control": ("quality", flow(), []),
    "a pipeline of several controls": ("quality", flow(tag="data-drift, data-quality"), WORKS),
    "a pipeline without schedule": ("drift", flow(None), [("an active schedule",)]),
    "a pipeline whose schedule is off": ("drift", flow(on=False), [("an active schedule",)]),
    "a pipeline that ran long ago": ("drift", flow(ran_at=NOW - timedelta(days=3)), [(RECENTLY,)]),
    "a weekly pipeline": (
        "drift",
        flow("cron(0 5 ? * MON *)", ran_at=NOW - timedelta(days=14)),
        WORKS,
    ),
    "a monthly pipeline": (
        "drift",
        flow("cron(0 5 1 * ? *)", ran_at=NOW - timedelta(days=60)),
        WORKS,
    ),
    "a pipeline that ran before the window": ("drift", flow(ran_at=OLD), [(RECENTLY,)]),
    "a function": ("quality", function(), WORKS),
    "a function that never ran": ("quality", function(None), [(RECENTLY,)]),
    "a job after another": ("quality", jobs(8, 1), WORKS),
    "a job that stopped coming": ("quality", jobs(9, 8), [(RECENTLY,)]),
    "a single job": ("quality", jobs(1), [(RECENTLY,)]),
    "a job that failed": ("quality", jobs(8, 1, status="Failed"), []),
    "an alarm on a metric of one's own": ("drift", (alarm("feature_drift"),), WORKS),
    "an alarm without data": (
        "drift",
        (alarm("feature_drift", state="INSUFFICIENT_DATA"),),
        [("data",)],
    ),
    "an alarm on a metric of the system": ("drift", (alarm("drift", "AWS/SageMaker"),), []),
    "an alarm on another endpoint": ("drift", (alarm("drift", endpoint="x"),), []),
    "an alarm on accuracy": ("results", (alarm("Accuracy"),), WORKS),
    "an alarm on something like accuracy": ("results", (alarm("inaccuracy"),), []),
}


@pytest.mark.parametrize("case", CASES)
def test_detectors(case: str) -> None:
    control, resources, lacks = CASES[case]
    found = PROVIDERS[control](view_of(*SERVES, *resources))
    assert [[one.lacks for one in each.endpoint.detectors] for each in found.items] == [lacks]
    assert found.gaps == ()


def test_what_does_not_serve_needs_no_detector() -> None:
    assert data_quality_controls(view_of(build(Endpoint, "e", status="Failed"))).items == ()


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListMonitoringSchedules",
        "sagemaker:DescribeMonitoringSchedule",
        "sagemaker:DescribeDataQualityJobDefinition",
        "lambda:ListFunctions",
        "logs:DescribeLogStreams",
        "sagemaker:ListProcessingJobs",
        "scheduler:ListSchedules",
        "states:ListStateMachines".replace("states", "stepfunctions"),
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DescribeAnomalyDetectors",
    ],
)
@pytest.mark.parametrize("control", PROVIDERS)
def test_where_a_detector_may_hide_none_is_called_missing(control: str, operation: str) -> None:
    found = PROVIDERS[control](view_of(*SERVES, gaps=[gap(operation)]))
    assert found.items == ()
    assert gap(operation) in found.gaps


def test_a_detector_that_works_needs_no_other() -> None:
    seen = view_of(*SERVES, *monitor(), gaps=[gap("lambda:ListFunctions")])
    found = data_quality_controls(seen)
    assert len(found.items) == 1
    assert found.gaps == ()


def test_without_sight_of_endpoints_nothing_is_concluded() -> None:
    found = data_quality_controls(view_of(gaps=[gap("sagemaker:ListEndpoints")]))
    assert {each.reason for each in found.gaps} == {GapReason.DENIED}


@pytest.mark.parametrize(("kind", "count"), [("ModelQuality", 1), ("DataQuality", 0)])
def test_what_compares_results_stands_next_to_drift(kind: str, count: int) -> None:
    found = concept_drift_controls(view_of(*SERVES, *monitor(kind))).items[0]
    assert len(found.results.detectors) == count
