"""Tests of data that ran, and what monitoring has of their constraints."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.data_tests import data_tests, reused_constraints
from mlaudit.resources import (
    CatalogTable,
    Container,
    DataQualityResult,
    DataQualityRuleset,
    ModelPackage,
    MonitorDetails,
    MonitoringSchedule,
    Pipeline,
    PipelineRun,
    ProcessingJob,
    Resource,
    RunStep,
    StateMachine,
    Step,
    TrainingJob,
)
from mlaudit.testing import OLD, RECENT, arn_of, build, gap, serving, view_of

PIPELINE = arn_of(Pipeline, "p")
RUN = build(PipelineRun, "p/execution/1", pipeline_arn=PIPELINE)
CHECK = Step("Check", "qualitycheck", (), None, None, (), ())
FIT = Step("Fit", "training", ("Check",), None, None, (), ())
FLOW = build(Pipeline, "p", steps=(CHECK, FIT))
RULES_STEP = Step("Rules", "startdataqualityrulesetevaluationrun", (), None, None, (), ())
MACHINE = build(StateMachine, "m", steps=(RULES_STEP,))
JOB = build(TrainingJob, "fit", inputs=("s3://lake/raw/train",))
TABLE = build(CatalogTable, "t", database="lake", location="s3://lake/raw")
RULESET = build(DataQualityRuleset, "rules", table_arn=TABLE.arn)
ON_TABLE = (FLOW, JOB, TABLE)


def ran(**values: Any) -> RunStep:
    about = {"checks": "DATA_QUALITY", "baseline": "s3://b/c.json", **values}
    return build(RunStep, arn=f"{RUN.arn}#Check", run_arn=RUN.arn, name="Check", **about)


def result(passed: int, failed: int = 0, *, schema_only: bool = False) -> DataQualityResult:
    return build(
        DataQualityResult,
        arn=f"{TABLE.arn}#1",
        table_arn=TABLE.arn,
        passed=passed,
        failed=failed,
        schema_only=schema_only,
    )


NO_SUCCESS = "it has no success in the window"
TESTS: dict[str, tuple[tuple[Resource, ...], list[str]]] = {
    "a check that compared": ((FLOW, RUN, ran()), [""]),
    "a check that compared with nothing": (
        (FLOW, RUN, ran(baseline=None)),
        ["it has no constraints to compare with"],
    ),
    "a check that failed": ((FLOW, RUN, ran(status="Failed")), [NO_SUCCESS]),
    "a check of long ago": ((FLOW, RUN, ran(ended_at=OLD)), [NO_SUCCESS]),
    "a check that never ran": ((FLOW,), [NO_SUCCESS]),
    "a check of the model": ((FLOW, RUN, ran(checks="MODEL_QUALITY")), []),
    "a task that never ran": ((MACHINE,), [NO_SUCCESS]),
    "rules that hold": ((*ON_TABLE, RUN, ran(), RULESET, result(2)), ["", ""]),
    "rules that do not": (
        (*ON_TABLE, RUN, ran(), RULESET, result(2, 1)),
        ["", "1 of 3 rules failed"],
    ),
    "no rule": ((*ON_TABLE, RUN, ran(), result(0)), ["", "it tried no rule"]),
    "rules on the schema": (
        (*ON_TABLE, RUN, ran(), result(2, schema_only=True)),
        ["", "they look at the schema alone"],
    ),
    "rules that never ran": (
        (*ON_TABLE, RUN, ran(), RULESET),
        ["", "it has no result in the window"],
    ),
    "rules for other data": (
        (FLOW, build(TrainingJob, inputs=("s3://lake/else",)), TABLE, RUN, ran(), RULESET),
        [""],
    ),
}


@pytest.mark.parametrize(("resources", "lacks"), TESTS.values(), ids=TESTS)
def test_data_is_tested_or_something_lacks(
    resources: tuple[Resource, ...], lacks: list[str]
) -> None:
    evidence = data_tests(view_of(*resources))
    assert [each.lacks for each in evidence.items] == lacks
    assert [each.ran_at for each in evidence.items] == [None if each else RECENT for each in lacks]
    assert evidence.gaps == ()


def test_other_code_of_a_workflow_may_test_data() -> None:
    other = Step("Prepare", "processing", (), None, None, (), ())
    flow = build(Pipeline, "p", steps=(other, CHECK, FIT))
    evidence = data_tests(view_of(flow, RUN, ran()))
    assert [each.lacks for each in evidence.items] == [""]
    assert [each.code for each in evidence.gaps] == ["CodeNotRead"]


def test_training_out_of_order_may_follow_a_test() -> None:
    assert [each.code for each in data_tests(view_of(JOB)).gaps] == ["CallerNotRead"]


@pytest.mark.parametrize(
    "missing",
    [
        gap("sagemaker:ListPipelineExecutionSteps"),
        gap("glue:ListDataQualityRulesets"),
        gap("glue:BatchGetDataQualityResult"),
        gap("glue:GetTables"),
    ],
    ids=lambda each: each.operation,
)
def test_what_hides_a_test_is_a_gap(missing: Any) -> None:
    assert data_tests(view_of(FLOW, JOB, gaps=[missing])).gaps == (missing,)


CONSTRAINTS = "s3://lake/quality/constraints.json"
MODEL = "s3://lake/fit/output/model.tar.gz"
BARE = build(ModelPackage, "g/1", group_name="g", containers=(build(Container, model_data=MODEL),))
KEPT = build(
    ModelPackage,
    "g/1",
    group_name="g",
    containers=BARE.containers,
    baselines={"ModelDataQuality": CONSTRAINTS},
)
OTHER = build(
    ModelPackage,
    "g/1",
    group_name="g",
    containers=BARE.containers,
    baselines={"ModelQuality": CONSTRAINTS},
)
SERVED = serving("e", build(Container, package_arn=BARE.arn))
READER = build(ProcessingJob, "watch", inputs=("s3://lake/quality",))

REUSED: dict[str, tuple[tuple[Resource, ...], tuple[bool, str | None]]] = {
    "read": ((KEPT, READER), (True, "watch")),
    "registered": ((KEPT,), (True, None)),
    "read long ago": (
        (KEPT, build(ProcessingJob, inputs=(CONSTRAINTS,), ended_at=OLD)),
        (True, None),
    ),
    "of another kind": ((OTHER, READER), (False, None)),
    "none": ((BARE, READER), (False, None)),
}


@pytest.mark.parametrize(("resources", "expected"), REUSED.values(), ids=REUSED)
def test_monitoring_has_the_constraints_or_not(
    resources: tuple[Resource, ...], expected: tuple[bool, str | None]
) -> None:
    evidence = reused_constraints(view_of(*SERVED, *resources))
    assert [(each.registered, each.read_by) for each in evidence.items] == [expected]
    assert evidence.gaps == ()


SCHEDULE = build(MonitoringSchedule, "s", monitoring_type="DataQuality", endpoint_name="e")
DETAILS = build(MonitorDetails, arn=f"{SCHEDULE.arn}#details", schedule_arn=SCHEDULE.arn)


def test_a_detector_of_another_make_may_reuse_them() -> None:
    evidence = reused_constraints(view_of(*SERVED, KEPT, SCHEDULE, DETAILS))
    assert evidence.items == ()
    assert [each.code for each in evidence.gaps] == ["ConstraintsNotTold"]
    seen = reused_constraints(view_of(*SERVED, KEPT, SCHEDULE, DETAILS, READER))
    assert [each.read_by for each in seen.items] == ["watch"]
    assert seen.gaps == ()


@pytest.mark.parametrize(
    "missing",
    [
        gap("sagemaker:ListProcessingJobs"),
        gap("sagemaker:ListMonitoringSchedules"),
        gap("sagemaker:ListModelPackages"),
    ],
    ids=lambda each: each.operation,
)
def test_what_hides_a_reader_hides_that_there_is_none(missing: Any) -> None:
    evidence = reused_constraints(view_of(*SERVED, KEPT, gaps=[missing]))
    assert evidence.items == ()
    assert missing in evidence.gaps
