"""What finds unusual requests and answers, and what keeps them."""

from typing import Any

import pytest

from mlaudit.capabilities.anomalies import anomaly_controls
from mlaudit.capabilities.detectors import CONTROL_TAG
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Alarm,
    AnomalyDetector,
    DataCapture,
    Endpoint,
    InferenceComponent,
    LogAnomalyDetector,
    Pipeline,
    PipelineRun,
    Resource,
    Traffic,
    Trigger,
    WatchedMetric,
)
from mlaudit.testing import RECENT, arn_of, build, gap, serving, view_of

CAPTURE = {"data_capture": build(DataCapture, enabled=True)}
SERVES, KEEPS = serving("e"), serving("e", config=CAPTURE)
NOT_KEPT = "AnomaliesKeptElsewhere"


def detector(name: str, namespace: str = "own", *, trained: bool = True, on: str = "e") -> Any:
    metric = WatchedMetric(namespace, name, "Maximum", {"EndpointName": on})
    return build(AnomalyDetector, arn="anomaly-detector/x", watches=(metric,), trained=trained)


def of_logs(group: str = "Endpoints/e", status: str = "ANALYZING") -> LogAnomalyDetector:
    return build(LogAnomalyDetector, "d", group_names=(f"/aws/sagemaker/{group}",), status=status)


def alarm(name: str) -> Alarm:
    metric = WatchedMetric("own", name, "Sum", {"EndpointName": "e"})
    return build(Alarm, "a", watches=(metric,), state="OK")


def flow(tag: str = "anomalies") -> tuple[Resource, ...]:
    arn = arn_of(Pipeline, "p")
    run = {"started_at": RECENT, "modified_at": RECENT}
    return (
        build(Pipeline, "p", tags={CONTROL_TAG: tag}),
        build(PipelineRun, arn=f"{arn}/execution/1", pipeline_arn=arn, **run),
        build(Trigger, "t", schedule="rate(1 day)", targets=(arn,)),
    )


def traffic(requests: float) -> Traffic:
    arn = SERVES[0].arn
    return build(
        Traffic, arn=f"{arn}#main", endpoint_arn=arn, variant_name="main", requests=requests
    )


Lacks = list[tuple[str, ...]]
OF_SYSTEM = "a metric of inputs or answers"
CASES: dict[str, tuple[tuple[Resource, ...], Lacks]] = {
    "nothing": ((), []),
    "a log": ((of_logs(),), [()]),
    "a log that is not known yet": ((of_logs(status="TRAINING"),), [("a model of its log",)]),
    "the log of what nobody asked": ((of_logs(), traffic(0)), [("requests in the window",)]),
    "the log of what was asked": ((of_logs(), traffic(1)), [()]),
    "another log": ((of_logs("Endpoints/x"),), []),
    "a metric of one's own": ((detector("score"),), [()]),
    "a metric that is not known yet": ((detector("score", trained=False),), [("a trained model",)]),
    "a metric of the system": ((detector("Invocations", "AWS/SageMaker"),), [(OF_SYSTEM,)]),
    "a metric elsewhere": ((detector("score", on="x"),), []),
    "an alarm on outliers": ((alarm("outlier_count"),), [()]),
    "an alarm on what is out of range": ((alarm("InputsOutOfRange"),), [()]),
    "an alarm on something else": ((alarm("revenue"),), []),
    "a pipeline": (flow(), [()]),
    "a pipeline that does something else": (flow("data-drift"), []),
}


@pytest.mark.parametrize("case", CASES)
def test_detectors(case: str) -> None:
    resources, lacks = CASES[case]
    found = anomaly_controls(view_of(*KEEPS, *resources))
    assert [[one.lacks for one in each.endpoint.detectors] for each in found.items] == [lacks]
    assert found.gaps == ()


KEPT: dict[str, tuple[dict[str, Any], tuple[Resource, ...], bool]] = {
    "by data capture": (CAPTURE, (detector("score"),), True),
    "by an asynchronous endpoint": ({"asynchronous": True}, (detector("score"),), True),
    "by the log": ({}, (detector("score"), of_logs()), True),
    "by nothing that is seen": ({}, (detector("score"),), False),
    "by data capture that is off": (
        {"data_capture": build(DataCapture, enabled=False)},
        (detector("score"),),
        False,
    ),
    "by a log that is not known yet": ({}, (detector("score"), of_logs(status="PAUSED")), False),
    "not at all, and none is found": ({}, (), True),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_is_found_and_may_be_kept_elsewhere_is_a_gap(case: str) -> None:
    config, resources, told = KEPT[case]
    found = anomaly_controls(view_of(*serving("e", config=config), *resources))
    assert len(found.items) == told
    assert [each.code for each in found.gaps] == ([] if told else [NOT_KEPT])


def test_the_log_of_a_component_is_its_endpoints() -> None:
    component = build(
        InferenceComponent, "c", endpoint_arn=SERVES[0].arn, variant_name="main", model_name="e"
    )
    view = view_of(*SERVES, component, of_logs("InferenceComponents/c"))
    assert [len(each.endpoint.detectors) for each in anomaly_controls(view).items] == [1]


def test_what_does_not_serve_needs_no_detector() -> None:
    assert anomaly_controls(view_of(build(Endpoint, "e", status="Failed"))) == Evidence()


@pytest.mark.parametrize(
    "operation",
    [
        "logs:ListLogAnomalyDetectors",
        "cloudwatch:DescribeAnomalyDetectors",
        "cloudwatch:DescribeAlarms",
        "sagemaker:ListInferenceComponents",
        "sagemaker:ListEndpoints",
    ],
)
def test_where_a_detector_may_hide_none_is_called_missing(operation: str) -> None:
    found = anomaly_controls(view_of(*KEEPS, gaps=[gap(operation)]))
    assert found.items == ()
    assert gap(operation) in found.gaps


def test_a_configuration_out_of_sight_may_keep_it() -> None:
    denied = gap("sagemaker:DescribeEndpointConfig")
    found = anomaly_controls(view_of(SERVES[0], *flow(), gaps=[denied]))
    assert found.items == ()
    assert denied in found.gaps


def test_a_log_of_what_may_not_have_been_asked_is_a_gap() -> None:
    hidden = gap("cloudwatch:GetMetricData")
    assert anomaly_controls(view_of(*KEEPS, of_logs(), gaps=[hidden])) == Evidence((), (hidden,))
    assert anomaly_controls(view_of(*KEEPS, of_logs(), traffic(1), gaps=[hidden])).items
