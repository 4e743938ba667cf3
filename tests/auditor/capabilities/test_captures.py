"""What is kept of the data and of the evaluation of each version, and what hides it."""

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.captures import captured_schemas, evaluated_versions
from mlaudit.capabilities.detectors import CONTROL_TAG
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Container,
    Function,
    LogStream,
    ModelPackage,
    MonitorDetails,
    MonitoringSchedule,
    Pipeline,
    PipelineRun,
    ProcessingJob,
    Resource,
    RunStep,
    Step,
    Tracker,
    TrainingJob,
    Trigger,
)
from mlaudit.testing import OLD, RECENT, arn_of, build, gap, serving, view_of

ARTEFACT = "s3://b/fraud-1/output/model.tar.gz"
SCHEMA = "s3://b/schema/constraints.json"
PIPELINE = arn_of(Pipeline, "train")
RUN = f"{PIPELINE}/execution/abc"
TRACKER = build(Tracker, "mlflow", product="MLflow app")


def package(number: int = 2, **values: Any) -> ModelPackage:
    usual = {
        "arn": arn_of(ModelPackage, f"fraud/{number}"),
        "group_name": "fraud",
        "containers": (build(Container, model_data=ARTEFACT),),
        "generated_by": RUN,
    }
    return build(ModelPackage, f"fraud/{number}", **{**usual, **values})


def trained(*metrics: str, name: str = "fraud-1", artefact: str = ARTEFACT) -> TrainingJob:
    return build(TrainingJob, name, artifact=artefact, metrics=metrics)


SERVES = serving("e", build(Container, package_arn=package().arn))
JOB = trained()
PLAIN = (*SERVES, package(), JOB)
KNOWN = (*SERVES, package(data_quality_uri=SCHEMA), JOB)


def monitor(
    *baselines: str, status: str = "Scheduled", last: str = "Completed", at: Any = RECENT
) -> tuple[Resource, ...]:
    schedule = build(
        MonitoringSchedule, "s", status=status, monitoring_type="DataQuality", endpoint_name="e"
    )
    details = build(
        MonitorDetails,
        arn=f"{schedule.arn}#details",
        schedule_arn=schedule.arn,
        expression="cron(0 5 ? * * *)",
        constraints=True,
        baselines=baselines,
        last_status=last,
        last_at=at,
    )
    return schedule, details


def function() -> tuple[Resource, ...]:
    holder = build(Function, "f", tags={CONTROL_TAG: "data-quality"})
    return (
        holder,
        build(Trigger, "t", schedule="rate(1 day)", targets=(holder.arn,)),
        build(LogStream, "s", group_name="/aws/lambda/f", last_event_at=RECENT),
    )


def check_step(checks: str = "DATA_QUALITY", status: str = "Succeeded") -> RunStep:
    return build(
        RunStep,
        arn=f"{RUN}#check",
        run_arn=RUN,
        kind="qualitycheck",
        checks=checks,
        status=status,
        results=(SCHEMA,),
    )


READER = build(ProcessingJob, "compare", inputs=("s3://b/schema",))


def only(evidence: Evidence[Any]) -> Any:
    (found,) = evidence.items
    assert evidence.gaps == ()
    return found


SCHEMAS: dict[str, tuple[tuple[Resource, ...], tuple[str, ...], str | None, str | None]] = {
    "nowhere": (PLAIN, (), None, None),
    "with the version": (KNOWN, (SCHEMA,), None, None),
    "as its baseline": (
        (*SERVES, package(baselines={"ModelDataQuality": SCHEMA, "Bias": "s3://b/bias"}), JOB),
        (SCHEMA,),
        None,
        None,
    ),
    "by a step of its run": ((*PLAIN, check_step()), (SCHEMA,), None, None),
    "by a step on the model": ((*PLAIN, check_step("MODEL_QUALITY")), (), None, None),
    "by a step that failed": ((*PLAIN, check_step(status="Failed")), (), None, None),
    "read by a job": ((*KNOWN, READER), (SCHEMA,), "job compare", None),
    "read by a job that failed": (
        (*KNOWN, build(ProcessingJob, "compare", inputs=(SCHEMA,), status="Failed")),
        (SCHEMA,),
        None,
        None,
    ),
    "read by a job long ago": (
        (*KNOWN, build(ProcessingJob, "compare", inputs=(SCHEMA,), ended_at=OLD)),
        (SCHEMA,),
        None,
        None,
    ),
    "in a monitor": (
        (*KNOWN, *monitor(SCHEMA)),
        (SCHEMA,),
        "Model Monitor schedule s",
        "Model Monitor schedule s",
    ),
    "in a stopped monitor": ((*KNOWN, *monitor(SCHEMA, status="Stopped")), (SCHEMA,), None, None),
    "in a failing monitor": ((*KNOWN, *monitor(SCHEMA, last="Failed")), (SCHEMA,), None, None),
    "in a monitor of old": ((*KNOWN, *monitor(SCHEMA, at=OLD)), (SCHEMA,), None, None),
    "in a monitor with another": (
        (*KNOWN, *monitor("s3://b/other.json")),
        (SCHEMA,),
        None,
        "Model Monitor schedule s",
    ),
    "only in a monitor": ((*PLAIN, *monitor(SCHEMA)), (), None, "Model Monitor schedule s"),
    "only in a function": ((*PLAIN, *function()), (), None, "function f"),
}


@pytest.mark.parametrize(
    ("resources", "stored", "used_by", "watched_by"), SCHEMAS.values(), ids=SCHEMAS
)
def test_a_schema_is_stored_and_used(
    resources: tuple[Resource, ...],
    stored: tuple[str, ...],
    used_by: str | None,
    watched_by: str | None,
) -> None:
    found = only(captured_schemas(view_of(*resources)))
    assert (found.stored, found.used_by, found.watched_by) == (stored, used_by, watched_by)
    assert found.words == "model e on endpoint e"


@pytest.mark.parametrize(
    ("resources", "code"),
    [((*KNOWN, *function()), "ReadsNotTold"), ((*PLAIN, TRACKER), "ResultsInTracker")],
)
def test_a_schema_that_may_be_used_or_kept_out_of_sight_is_a_gap(
    resources: tuple[Resource, ...], code: str
) -> None:
    found = captured_schemas(view_of(*resources))
    assert found.items == ()
    assert [each.code for each in found.gaps] == [code]


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListModelPackages",
        "sagemaker:ListProcessingJobs",
        "sagemaker:DescribeMonitoringSchedule",
        "sagemaker:ListMonitoringSchedules",
        "sagemaker:ListPipelineExecutionSteps",
        "lambda:ListFunctions",
        "cloudwatch:DescribeAlarms",
    ],
)
def test_an_unused_schema_is_not_known_while_anything_is_hidden(operation: str) -> None:
    missing = gap(operation)
    found = captured_schemas(view_of(*KNOWN, gaps=[missing]))
    assert found.items == ()
    assert missing in found.gaps


def test_a_tracker_out_of_sight_hides_only_a_schema_that_is_nowhere() -> None:
    missing = gap("sagemaker:ListMlflowApps")
    assert captured_schemas(view_of(*PLAIN, gaps=[missing])) == Evidence((), (missing,))
    assert only(captured_schemas(view_of(*KNOWN, gaps=[missing]))).stored == (SCHEMA,)


def gate(ran_at: Any = RECENT) -> tuple[Resource, ...]:
    steps = (
        Step("fit", "training", (), None, None, (), ()),
        Step("evaluate", "processing", ("fit",), None, None, (), ()),
        Step("register", "registermodel", ("evaluate",), None, None, (), ()),
    )
    run = build(PipelineRun, arn=RUN, pipeline_arn=PIPELINE, started_at=ran_at, modified_at=ran_at)
    return build(Pipeline, "train", steps=steps), run


Result = tuple[bool, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
RESULTS: dict[str, tuple[tuple[Resource, ...], Result]] = {
    "nowhere": (PLAIN, (False, (), (), ())),
    "in the registry": (
        (*SERVES, package(quality_uri="s3://b/quality.json"), JOB),
        (True, (), (), ()),
    ),
    "in metadata": ((*SERVES, package(metadata_keys=("auc",)), JOB), (True, (), (), ())),
    "from training": (
        (*SERVES, package(), trained("train:auc", "validation:auc", "Test_F1", "value")),
        (False, ("Test_F1", "validation:auc"), ("train:auc", "value"), ()),
    ),
    "from training data": (
        (*SERVES, package(), trained("train:auc", "latest")),
        (False, (), ("latest", "train:auc"), ()),
    ),
    "of an unregistered model": (
        (*serving("e", build(Container, model_data=ARTEFACT)), trained("val_loss")),
        (False, ("val_loss",), (), ()),
    ),
    "in a step": ((*PLAIN, *gate()), (False, (), (), ("evaluate",))),
    "in a step of old": ((*PLAIN, *gate(OLD)), (False, (), (), ())),
}


@pytest.mark.parametrize(("resources", "expected"), RESULTS.values(), ids=RESULTS)
def test_an_evaluation_is_on_record(resources: tuple[Resource, ...], expected: Result) -> None:
    found = only(evaluated_versions(view_of(*resources)))
    assert (found.reported, found.validation, found.metrics, found.tested_in) == expected


@pytest.mark.parametrize(
    ("values", "counted"),
    [
        ({}, True),
        ({"created_at": OLD - timedelta(days=1)}, False),
        ({"status": "Failed"}, False),
        ({"group_name": None}, False),
    ],
)
def test_new_versions_are_asked_too(values: dict[str, Any], counted: bool) -> None:  # noqa: FBT001 -- a column of the table
    other, artefact = trained("val:auc", name="fraud-2", artefact="s3://b/2"), "s3://b/2"
    new = package(3, containers=(build(Container, model_data=artefact),), **values)
    found = evaluated_versions(view_of(*PLAIN, other, new))
    words = [(each.words, each.validation) for each in found.items]
    assert (
        words == [("model e on endpoint e", ()), ("version fraud/3", ("val:auc",))][: 1 + counted]
    )
    assert found.gaps == ()


def test_a_version_made_out_of_sight_is_a_gap_unless_it_is_reported() -> None:
    found = evaluated_versions(view_of(*SERVES, package()))
    assert found.items == ()
    assert [each.code for each in found.gaps] == ["OriginNotFound"]
    assert only(evaluated_versions(view_of(*SERVES, package(quality_uri="s3://b/q")))).reported


def test_results_in_a_tracker_are_a_gap() -> None:
    found = evaluated_versions(view_of(*PLAIN, TRACKER))
    assert [each.code for each in found.gaps] == ["ResultsInTracker"]
    assert found.items == ()


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListModelPackages",
        "sagemaker:ListTrainingJobs",
        "sagemaker:ListMlflowTrackingServers",
        "sagemaker:ListPipelines",
        "sagemaker:ListPipelineExecutions",
    ],
)
def test_what_hides_an_evaluation_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    found = evaluated_versions(view_of(*PLAIN, gaps=[missing]))
    assert found.items == ()
    assert missing in found.gaps


def test_nothing_serves_nothing() -> None:
    assert captured_schemas(view_of(package(), JOB)) == Evidence()
    assert evaluated_versions(view_of(JOB)) == Evidence()
