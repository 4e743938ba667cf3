"""What is recorded is looked at, by the baseline of what serves, and somebody hears of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.monitoring import STACK
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]

ZERO = ["serverless", "async", "batch"]


@pytest.fixture
def steps(make: Make, resources: Read) -> Callable[..., list[dict[str, Any]]]:
    """Give the steps of the monitoring pipeline of a manifest."""

    def steps(**settings: Any) -> list[dict[str, Any]]:
        (made,) = resources(STACK, make(**settings), "AWS::SageMaker::Pipeline").values()
        body = json.loads(made["PipelineDefinition"]["PipelineDefinitionBody"]["Fn::Sub"][0])
        listed: list[dict[str, Any]] = body["Steps"]
        return listed

    return steps


@pytest.mark.parametrize(
    ("targets", "watched"),
    [
        (ZERO, ["Drift-async", "Drift-batch"]),
        (["realtime"], ["Drift-realtime"]),
        (
            ["realtime", "multi-model", "serial"],
            ["Drift-realtime", "Drift-multi-model", "Drift-serial"],
        ),
    ],
)
def test_there_is_a_step_for_every_mode_that_is_recorded(
    steps: Callable[..., Any], targets: list[str], watched: list[str]
) -> None:
    assert [each["Name"] for each in steps(targets=targets)] == watched


def test_where_nothing_is_recorded_no_job_pretends_to_look(make: Make, resources: Read) -> None:
    manifest = make(targets=["serverless"])
    assert resources(STACK, manifest, "AWS::SageMaker::Pipeline") == {}
    assert template(STACK, manifest).get("Parameters") is None


def option(step: dict[str, Any], name: str) -> str:
    arguments = step["Arguments"]["AppSpecification"]["ContainerArguments"]
    value: str = arguments[arguments.index(name) + 1]
    return value


def test_captures_are_read_where_endpoints_put_them(steps: Callable[..., Any]) -> None:
    (step,) = steps(targets=["realtime"])
    assert option(step, "--captured") == "capture/consumer-credit-realtime/"
    assert option(step, "--endpoint") == "consumer-credit-realtime"


def test_files_are_read_where_callers_and_jobs_put_them(steps: Callable[..., Any]) -> None:
    found = {each["Name"]: each for each in steps(targets=ZERO)}
    assert option(found["Drift-batch"], "--answers") == "scored/batch/results/"
    assert option(found["Drift-async"], "--answers") == "scored/async/answers/"


def test_a_job_reads_the_baseline_of_the_version_that_serves(
    make: Make, resources: Read, steps: Callable[..., Any]
) -> None:
    (step,) = steps(targets=["realtime"])
    inputs = {
        each["InputName"]: each["S3Input"]["S3Uri"]
        for each in step["Arguments"]["ProcessingInputs"]
    }
    assert inputs["baseline"] == {"Get": "Parameters.BaselineUri"}
    (schedule,) = resources(STACK, make(), "AWS::Scheduler::Schedule").values()
    told = schedule["Target"]["SageMakerPipelineParameters"]["PipelineParameterList"]
    assert {"Name": "BaselineUri", "Value": {"Ref": "BaselineUri"}} in told


@pytest.mark.parametrize(
    ("targets", "claims"),
    [(["realtime", "batch"], True), (ZERO, False), (["realtime", "components"], False)],
)
def test_the_pipeline_claims_to_control_endpoints_only_if_it_sees_them_all(
    make: Make, resources: Read, steps: Callable[..., Any], targets: list[str], *, claims: bool
) -> None:
    (pipeline,) = resources(STACK, make(targets=targets), "AWS::SageMaker::Pipeline").values()
    found = {each["Key"]: each["Value"] for each in pipeline["Tags"]}
    assert found["mlaudit:workload"] == "consumer-credit"
    assert ("data-drift" in found.get("mlaudit:control", "").split()) == claims
    for step in steps(targets=targets):
        jobs = {each["Key"] for each in step["Arguments"]["Tags"]}
        assert "mlaudit:workload" in jobs
        assert "mlaudit:control" not in jobs


def test_every_measure_of_every_recorded_mode_has_an_alarm(make: Make, resources: Read) -> None:
    manifest = make(targets=ZERO, monitoring={"psi_max": 0.3, "quality_min": 0.71})
    found = resources(STACK, manifest, "AWS::CloudWatch::Alarm").values()
    named = {each["AlarmName"]: each for each in found if "AlarmName" in each}
    whats = ("data-quality", "drift", "attribution", "quality")
    assert named.keys() == {
        f"consumer-credit-{what}-{mode}" for what in whats for mode in ("async", "batch")
    }
    assert named["consumer-credit-drift-batch"]["Threshold"] == 0.3
    worse = named["consumer-credit-quality-async"]
    assert (worse["Threshold"], worse["ComparisonOperator"]) == (0.71, "LessThanThreshold")


def test_a_composite_alarm_names_alarms_that_are_there(make: Make, resources: Read) -> None:
    alarms = resources(STACK, make(), "AWS::CloudWatch::Alarm").values()
    known = {each.get("AlarmName") for each in alarms}
    composites = resources(STACK, make(), "AWS::CloudWatch::CompositeAlarm").values()
    assert composites
    for each in composites:
        assert set(re.findall(r'ALARM\("([^"]+)"\)', each["AlarmRule"])) <= known


EVERYTHING = [
    "realtime", "serverless", "async", "batch", "components", "streaming", "multi-model", "serial"
]  # fmt: skip


def dashboard(made: dict[str, Any]) -> dict[str, Any]:
    (found,) = made.values()
    body: dict[str, Any] = json.loads(found["DashboardBody"]["Fn::Sub"])
    return body


def test_the_dashboard_shows_machines_and_answers_of_every_endpoint(
    make: Make, resources: Read
) -> None:
    manifest = make(targets=EVERYTHING)
    shown = dashboard(resources(STACK, manifest, "AWS::CloudWatch::Dashboard"))
    lines = [
        line
        for widget in shown["widgets"]
        for line in widget["properties"]["metrics"]
        if isinstance(line[0], str)
    ]
    for mode in ("realtime", "serverless", "async", "multi-model", "serial"):
        endpoint = f"consumer-credit-{mode}"
        own = {line[1] for line in lines if endpoint in line}
        assert {"MemoryUtilization", "ModelLatency"} <= own, mode
        if mode != "serverless":
            assert ("DriftPsiMax" in own) == (mode != "components")


def test_both_versions_of_an_ab_test_are_shown(make: Make, resources: Read) -> None:
    manifest = make(targets=["realtime"], realtime={"second_percent": 10})
    shown = dashboard(resources(STACK, manifest, "AWS::CloudWatch::Dashboard"))
    of_second = {
        line[1]
        for widget in shown["widgets"]
        for line in widget["properties"]["metrics"]
        if "Second" in line
    }
    assert {"CPUUtilization", "Invocations", "ModelLatency"} <= of_second


def test_the_dashboard_shows_both_variants_of_a_test(make: Make, resources: Read) -> None:
    manifest = make(targets=["realtime"], realtime={"second_percent": 10})
    shown = dashboard(resources(STACK, manifest, "AWS::CloudWatch::Dashboard"))
    lines = [line for each in shown["widgets"] for line in each["properties"]["metrics"]]
    for variant in ("Primary", "Second"):
        own = {line[1] for line in lines if variant in line}
        assert {"CPUUtilization", "ModelLatency"} <= own, variant


def test_widgets_do_not_lie_on_each_other(make: Make, resources: Read) -> None:
    shown = dashboard(resources(STACK, make(targets=EVERYTHING), "AWS::CloudWatch::Dashboard"))
    places = [(each["x"], each["y"]) for each in shown["widgets"]]
    assert len(set(places)) == len(places)
    assert {x for x, _ in places} == {0, 8, 16}


@pytest.mark.parametrize(
    ("setting", "kind"),
    [("dashboard", "AWS::CloudWatch::Dashboard"), ("tracing", "AWS::XRay::SamplingRule")],
)
def test_what_is_not_wanted_is_not_made(
    make: Make, resources: Read, setting: str, kind: str
) -> None:
    assert resources(STACK, make(), kind)
    assert not resources(STACK, make(monitoring={setting: False}), kind)


COMPONENTS = {"tenants": ["retail", "business"]}


def test_the_log_of_all_that_answers_is_searched_for_what_is_unusual(
    make: Make, resources: Read
) -> None:
    manifest = make(targets=[*ZERO, "components"], components=COMPONENTS)
    found = resources(STACK, manifest, "AWS::Logs::LogAnomalyDetector").values()
    groups = {each["LogGroupArnList"][0]["Fn::Sub"].rpartition("log-group:")[2] for each in found}
    assert groups == {
        "/aws/sagemaker/Endpoints/consumer-credit-serverless",
        "/aws/sagemaker/Endpoints/consumer-credit-async",
        "/aws/sagemaker/InferenceComponents/consumer-credit-retail",
        "/aws/sagemaker/InferenceComponents/consumer-credit-business",
    }


def test_the_traffic_of_all_that_answers_is_compared_with_its_past(
    make: Make, resources: Read
) -> None:
    manifest = make(targets=[*ZERO, "components"], components=COMPONENTS)
    found = resources(STACK, manifest, "AWS::CloudWatch::AnomalyDetector").values()
    assert {each["Dimensions"][0]["Value"] for each in found} == {
        "consumer-credit-serverless",
        "consumer-credit-async",
        "consumer-credit-retail",
        "consumer-credit-business",
    }
