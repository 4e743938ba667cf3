"""What AWS retires is found wherever a workload uses it."""

from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.dependencies import dependencies
from mlaudit.resources import (
    EndpointConfig,
    Function,
    LabelingJob,
    MonitoringSchedule,
    Pipeline,
    ProcessingJob,
    Resource,
    Step,
    TrainingJob,
)
from mlaudit.testing import NOW, OLD, RECENT, build, gap, serving, view_of

CLARIFY = "306415355426.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-clarify-processing:1.0"
STEP = build(Step, "bias", kind="clarifycheck")


def used(*resources: Resource) -> list[tuple[str, str | None]]:
    found = dependencies(view_of(*resources)).items
    return [(each.words, each.notice.id if each.notice else None) for each in found]


@pytest.mark.parametrize(
    ("resource", "words", "service"),
    [
        (
            build(MonitoringSchedule, "m", status="Scheduled"),
            "schedule m runs on SageMaker Model Monitor",
            "model_monitor",
        ),
        (
            build(TrainingJob, "t", debugger=True),
            "training job t is watched by SageMaker Debugger",
            "debugger",
        ),
        (
            build(EndpointConfig, "e", explains=True),
            "endpoint configuration e explains answers by SageMaker Clarify",
            "clarify",
        ),
        (
            build(Pipeline, "p", steps=(STEP,)),
            "step bias of pipeline p runs on SageMaker Clarify",
            "clarify",
        ),
        (
            build(ProcessingJob, "j", image=CLARIFY),
            "processing job j runs on SageMaker Clarify",
            "clarify",
        ),
        (
            build(LabelingJob, "l"),
            "labelling job l runs on SageMaker Ground Truth",
            "ground_truth",
        ),
        (
            build(Function, "f", runtime="python3.9"),
            "function f is on python3.9",
            "python3.9",
        ),
    ],
)
def test_a_service_with_a_notice_is_found(resource: Resource, words: str, service: str) -> None:
    assert used(resource) == [(words, service)]


@pytest.mark.parametrize(
    "resource",
    [
        build(MonitoringSchedule, "m", status="Stopped"),
        build(TrainingJob, "t", debugger=False),
        build(TrainingJob, "t", debugger=True, ended_at=OLD),
        build(ProcessingJob, "j", image="own:1"),
        build(Pipeline, "p", steps=(replace(STEP, kind="qualitycheck"),)),
        build(Function, "image"),
        *serving()[:2],
    ],
)
def test_where_none_is_used_one_item_says_so(resource: Any) -> None:
    assert used(resource) == [("none of 1 resources uses what AWS closes or ends", None)]


def test_a_function_on_a_runtime_that_lasts_has_no_notice() -> None:
    (found,) = dependencies(view_of(build(Function, "f", runtime="python3.14"))).items
    assert (found.notice, found.judged_on) == (None, NOW.date())
    assert found.warning is None
    assert not found.is_over


def test_with_nothing_to_look_at_there_is_no_item() -> None:
    assert dependencies(view_of()).items == ()


@pytest.mark.parametrize(
    "operation",
    [
        "lambda:ListFunctions",
        "sagemaker:ListMonitoringSchedules",
        "sagemaker:ListLabelingJobs",
        "sagemaker:ListProcessingJobs",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:ListPipelines",
        "sagemaker:ListTrainingJobs",
    ],
)
def test_what_cannot_be_seen_is_told(operation: str) -> None:
    denied = gap(operation)
    seen = view_of(build(Function, "f", runtime="python3.14"), gaps=[denied])
    assert dependencies(seen).gaps == (denied,)


def test_a_job_of_the_window_counts_and_an_older_one_does_not() -> None:
    jobs = [
        build(TrainingJob, "new", debugger=True, ended_at=RECENT),
        build(TrainingJob, "old", debugger=True, ended_at=OLD),
    ]
    assert [words for words, _ in used(*jobs)] == [
        "training job new is watched by SageMaker Debugger"
    ]


def test_the_newest_job_stands_for_all_of_its_kind() -> None:
    jobs = [build(ProcessingJob, name, image=CLARIFY) for name in ("a", "b")]
    older = replace(jobs[1], created_at=OLD)
    assert used(jobs[0], older) == [
        ("processing job a, the newest of 2, runs on SageMaker Clarify", "clarify")
    ]
