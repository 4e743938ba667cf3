"""Where results of runs go, and what hides that they do."""

from typing import Any

import pytest

from mlaudit.capabilities.detectors import CONTROL_TAG
from mlaudit.capabilities.results import registered_results, results_uses
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Container,
    Function,
    LogStream,
    ModelPackage,
    MonitorDetails,
    MonitoringSchedule,
    ProcessingJob,
    Resource,
    Tracker,
    Trigger,
)
from mlaudit.testing import OLD, RECENT, arn_of, build, gap, serving, view_of

REPORT, BASELINE = "s3://b/quality.json", "s3://b/baseline/constraints.json"
SERVES = serving("e", build(Container, package_arn=arn_of(ModelPackage, "fraud/2")))


def package(**values: Any) -> ModelPackage:
    return build(ModelPackage, "fraud/2", group_name="fraud", **values)


BARE = (*SERVES, package())
REPORTED = (*SERVES, package(quality_uri=REPORT))
COMPARED = (*SERVES, package(baselines={"ModelQuality": BASELINE}))
TRACKER = build(Tracker, "mlflow", product="MLflow app")


def only(evidence: Evidence[Any]) -> Any:
    (found,) = evidence.items
    assert evidence.gaps == ()
    return found


def function(control: str) -> tuple[Resource, ...]:
    holder = build(Function, "f", tags={CONTROL_TAG: control})
    return (
        holder,
        build(Trigger, "t", schedule="rate(1 day)", targets=(holder.arn,)),
        build(LogStream, "s", group_name="/aws/lambda/f", last_event_at=RECENT),
    )


@pytest.mark.parametrize(
    ("resources", "evaluated"),
    [
        (BARE, False),
        (REPORTED, True),
        ((*SERVES, package(metadata_keys=("auc",))), True),
        (COMPARED, False),
        (serving("e", build(Container, model_data="s3://b/by-hand.tar.gz")), False),
    ],
)
def test_results_are_registered_or_not(
    resources: tuple[Resource, ...],
    evaluated: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    assert only(registered_results(view_of(*resources))).evaluated is evaluated


def test_results_in_a_tracker_are_a_gap_unless_they_are_registered() -> None:
    found = registered_results(view_of(*BARE, TRACKER))
    assert found.items == ()
    assert [each.code for each in found.gaps] == ["ResultsInTracker"]
    assert only(registered_results(view_of(*REPORTED, TRACKER))).evaluated


@pytest.mark.parametrize("operation", ["sagemaker:ListModelPackages", "sagemaker:ListPartnerApps"])
def test_what_hides_results_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    assert registered_results(view_of(*BARE, gaps=[missing])) == Evidence((), (missing,))


def job(**values: Any) -> ProcessingJob:
    return build(ProcessingJob, "compare", **{"inputs": ("s3://b/baseline/",), **values})


def monitor(baseline: str) -> tuple[Resource, ...]:
    schedule = build(
        MonitoringSchedule,
        "s",
        status="Scheduled",
        monitoring_type="ModelQuality",
        endpoint_name="e",
    )
    details = build(
        MonitorDetails,
        arn=f"{schedule.arn}#details",
        schedule_arn=schedule.arn,
        expression="rate(1 day)",
        constraints=True,
        ground_truth=True,
        baselines=(baseline,),
        last_status="CompletedWithViolations",
        last_at=RECENT,
    )
    return schedule, details


@pytest.mark.parametrize(
    ("resources", "readable", "used_by"),
    [
        (BARE, False, None),
        (COMPARED, True, None),
        ((*SERVES, package(metadata_keys=("auc",))), True, None),
        ((*COMPARED, job()), True, "job compare"),
        ((*COMPARED, job(ended_at=OLD)), True, None),
        ((*REPORTED, job(inputs=(REPORT,))), True, "job compare"),
        ((*COMPARED, *monitor(BASELINE)), True, "Model Monitor schedule s"),
        ((*COMPARED, *monitor("s3://b/other.json")), True, None),
        ((*BARE, *function("model-quality")), False, None),
    ],
)
def test_registered_results_are_read_or_not(
    resources: tuple[Resource, ...],
    readable: bool,  # noqa: FBT001 -- a column of the table
    used_by: str | None,
) -> None:
    found = only(results_uses(view_of(*resources)))
    assert (found.readable, found.used_by) == (readable, used_by)


@pytest.mark.parametrize(
    "control", ["data-quality", "data-drift", "concept-drift", "model-quality"]
)
def test_what_a_function_reads_is_not_told(control: str) -> None:
    found = results_uses(view_of(*COMPARED, *function(control)))
    assert found.items == ()
    assert [each.code for each in found.gaps] == ["ReadsNotTold"]
    assert only(results_uses(view_of(*COMPARED, *function(control), job()))).used_by


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListModelPackages",
        "sagemaker:DescribeProcessingJob",
        "sagemaker:DescribeMonitoringSchedule",
        "lambda:ListFunctions",
        "cloudwatch:DescribeAlarms",
    ],
)
def test_what_hides_a_reader_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    found = results_uses(view_of(*COMPARED, gaps=[missing]))
    assert found.items == ()
    assert missing in found.gaps
