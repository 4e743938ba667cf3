"""How training runs are inspected and their hosts watched, and what hides either."""

from typing import Any

import pytest

from mlaudit.capabilities.inspection import host_watches, inspected_jobs
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Alarm,
    BatchJob,
    Dashboard,
    Fleet,
    Resource,
    Tracker,
    TrainingJob,
    TrainingTools,
    WatchedMetric,
)
from mlaudit.testing import OLD, build, gap, view_of

BUILT_IN = "438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1"


def large(*tools: str, **values: Any) -> tuple[Resource, ...]:
    job = build(TrainingJob, "fit", fleets=(Fleet("ml.g5.xlarge", 2),), **values)
    return job, build(TrainingTools, arn=f"{job.arn}#tools", job_arn=job.arn, tools=tools)


SMALL = build(TrainingJob, "small")
PLAIN = large(image=BUILT_IN)


def only(evidence: Evidence[Any]) -> Any:
    (found,) = evidence.items
    assert evidence.gaps == ()
    return found


def test_a_large_job_has_tools() -> None:
    found = only(inspected_jobs(view_of(*large("TensorBoard"), SMALL)))
    assert found.words == "training job fit on 2 x ml.g5.xlarge"
    assert found.tools == ("TensorBoard",)


def test_an_algorithm_of_sagemaker_without_tools_is_not_inspected() -> None:
    assert only(inspected_jobs(view_of(*PLAIN))).tools == ()


@pytest.mark.parametrize(
    ("resources", "code"),
    [
        (large(), "CodeNotRead"),
        (large(image="1.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.3"), "CodeNotRead"),
        (
            large(image=BUILT_IN, hyperparameters={"sagemaker_program": "(not kept)"}),
            "CodeNotRead",
        ),
        ((*PLAIN, build(Tracker, "mlflow")), "ResultsInTracker"),
        ((build(BatchJob, "fit", gpus=1),), "CodeNotRead"),
    ],
)
def test_what_may_inspect_a_job_out_of_sight_is_a_gap(
    resources: tuple[Resource, ...], code: str
) -> None:
    found = inspected_jobs(view_of(*resources))
    assert found.items == ()
    assert [each.code for each in found.gaps] == [code]


@pytest.mark.parametrize(
    "job", [build(BatchJob, "fit"), build(BatchJob, "fit", gpus=1, ended_at=OLD), SMALL]
)
def test_small_and_old_jobs_are_left_out(job: Resource) -> None:
    assert inspected_jobs(view_of(job)) == Evidence()


@pytest.mark.parametrize(
    "operation",
    ["sagemaker:DescribeTrainingJob", "sagemaker:ListTrainingJobs", "batch:ListJobs"],
)
def test_what_hides_a_job_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    assert missing in inspected_jobs(view_of(*large("TensorBoard"), gaps=[missing])).gaps


def test_a_tracker_out_of_sight_hides_how_a_job_is_inspected() -> None:
    missing = gap("sagemaker:ListMlflowApps")
    assert inspected_jobs(view_of(*PLAIN, gaps=[missing])) == Evidence((), (missing,))


def of_hosts(
    name: str = "GPUUtilization", host: str | None = None, of: str = "/aws/sagemaker/TrainingJobs"
) -> WatchedMetric:
    return WatchedMetric(of, name, "Average", {"Host": host} if host else {})


@pytest.mark.parametrize(
    ("metric", "counts"),
    [
        (of_hosts(), True),
        (of_hosts("*", "*"), True),
        (of_hosts("MemoryUtilization", "fit/algo-1"), True),
        (of_hosts(host="other/algo-1"), False),
        (of_hosts("validation:auc"), False),
        (of_hosts(of="/aws/sagemaker/Endpoints"), False),
    ],
)
def test_alarms_and_dashboards_have_the_use_of_hosts(
    metric: WatchedMetric,
    counts: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    alarm, dashboard = build(Alarm, "a", watches=(metric,)), build(Dashboard, "d", shows=(metric,))
    found = host_watches(view_of(*large(), others=(alarm, dashboard)))
    words = ["alarm a watches", "dashboard d shows"]
    assert [each.words for each in found.items] == (words if counts else [])
    assert [each.code for each in found.gaps] == ([] if counts else ["HostsShownElsewhere"])


def test_without_a_large_job_there_is_nothing_to_watch() -> None:
    alarm = build(Alarm, "a", watches=(of_hosts(),))
    assert host_watches(view_of(SMALL, alarm)) == Evidence()


@pytest.mark.parametrize(
    "operation", ["cloudwatch:DescribeAlarms", "cloudwatch:GetDashboard", "sagemaker:Search"]
)
def test_what_hides_a_watch_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    found = host_watches(view_of(*large(), gaps=[missing]))
    assert found.items == ()
    assert missing in found.gaps
