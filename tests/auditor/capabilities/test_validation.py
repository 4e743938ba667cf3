"""What checks data before a model learns from it."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.validation import schema_validations
from mlaudit.resources import (
    Bucket,
    CatalogTable,
    DataQualityRuleset,
    Pipeline,
    PipelineRun,
    Resource,
    RunStep,
    Step,
    TrainingJob,
)
from mlaudit.testing import OLD, arn_of, build, gap, view_of

PIPELINE = arn_of(Pipeline, "p")
RUN = build(PipelineRun, "p/execution/1", pipeline_arn=PIPELINE)


def chain(*named: str) -> Pipeline:
    """A pipeline of steps in a row, each written as its name and kind."""
    steps: list[Step] = []
    for each in named:
        name, _, kind = each.partition(":")
        after = (steps[-1].name,) if steps else ()
        steps.append(Step(name, kind, after, None, None, (), ()))
    return build(Pipeline, "p", steps=tuple(steps))


def ran(name: str, baseline: str | None = "s3://b/c.json", about: str = "DATA_QUALITY") -> RunStep:
    arn = f"{RUN.arn}#{name}"
    return build(RunStep, arn=arn, run_arn=RUN.arn, name=name, checks=about, baseline=baseline)


CHECK = "Check:qualitycheck"
FLOWS: dict[str, tuple[tuple[str, ...], tuple[Resource, ...], Any]] = {
    "a quality check with a baseline": ((CHECK, "Fit:training"), (ran("Check"),), ("Check", True)),
    "a quality check without one": (
        (CHECK, "Fit:training"),
        (ran("Check", None),),
        ("Check", False),
    ),
    "a quality check that never ran": ((CHECK, "Fit:tuning"), (), ("Check", False)),
    "a quality check of the model": (
        ("Fit:training", CHECK),
        (ran("Check", about="MODEL_QUALITY"),),
        ("", False),
    ),
    "a quality check of the model that never ran": (("Fit:training", CHECK), (), ("", False)),
    "a quality check after functions that prepare": (
        ("Prepare:training", CHECK, "Fit:training"),
        (ran("Check"),),
        ("Check", True),
    ),
    "a named step with a condition": (
        ("ValidateSchema:processing", "Judge:condition", "Fit:training"),
        (),
        ("ValidateSchema", True),
    ),
    "a function that checks data": (
        ("Load:training", "check_data:training", "If:condition", "Fit:training"),
        (),
        ("check_data", True),
    ),
    "rules of Glue with a condition": (
        ("Rules:startdataqualityrulesetevaluationrun", "Judge:condition", "Fit:training"),
        (),
        ("Rules", True),
    ),
    "rules of Glue without one": (
        ("Rules:startdataqualityrulesetevaluationrun", "Fit:training"),
        (),
        ("Rules", False),
    ),
    "nothing": (("Fit:training", "Validate:processing"), (), ("", False)),
    "a condition alone": (("Judge:condition", "Fit:automl"), (), ("", False)),
}


@pytest.mark.parametrize(("named", "others", "expected"), FLOWS.values(), ids=FLOWS)
def test_a_workflow_checks_its_data_or_not(
    named: tuple[str, ...], others: tuple[Resource, ...], expected: tuple[str, bool]
) -> None:
    evidence = schema_validations(view_of(chain(*named), RUN, *others))
    assert [(", ".join(each.checks), each.stops) for each in evidence.items] == [expected]
    assert evidence.gaps == ()


@pytest.mark.parametrize(
    "named",
    [
        ("Prepare:processing", "Fit:training"),
        ("Validate:processing", "Fit:training"),
        ("Etl:startjobrun", "Judge:condition", "Fit:tuning"),
        ("CheckDataStatus:lambda", "Judge:condition", "Fit:training"),
        ("CreateValidationSet:processing", "Judge:condition", "Fit:training"),
    ],
    ids="-".join,
)
def test_code_in_front_of_training_may_check_anything(named: tuple[str, ...]) -> None:
    evidence = schema_validations(view_of(chain(*named), RUN))
    assert evidence.items == ()
    assert [(each.code, each.subject) for each in evidence.gaps] == [("CodeNotRead", PIPELINE)]


def test_every_training_needs_a_check() -> None:
    checked = chain("ValidateData:lambda", "Judge:condition", "Fit:training").steps
    bypass = Step("Bypass", "training", (), None, None, (), ())
    view = view_of(build(Pipeline, "p", steps=(*checked, bypass)), RUN)
    evidence = schema_validations(view)
    assert evidence.items == ()
    assert [each.code for each in evidence.gaps] == ["CodeNotRead"]
    bare = build(Pipeline, "p", steps=(Step("Fit", "training", (), None, None, (), ()), bypass))
    (found,) = schema_validations(view_of(bare, RUN)).items
    assert (found.checks, found.stops) == ((), False)


JOB = build(TrainingJob, "fit", inputs=("s3://lake/raw/train",))
TABLE = build(CatalogTable, "t", location="s3://lake/raw")
RULES = build(DataQualityRuleset, "rules", table_arn=TABLE.arn)
NEXT_DOOR = build(CatalogTable, "u", location="s3://lake/other")
LAKE = build(Bucket, "lake")


@pytest.mark.parametrize(
    ("table", "rules", "names"),
    [
        (TABLE, RULES, ("rules",)),
        (TABLE, build(DataQualityRuleset, "rules", table_arn="arn:other"), ()),
        (NEXT_DOOR, build(DataQualityRuleset, "rules", table_arn=NEXT_DOOR.arn), ()),
    ],
)
def test_rules_for_the_data_are_known(
    table: CatalogTable, rules: DataQualityRuleset, names: tuple[str, ...]
) -> None:
    view = view_of(chain("Fit:training"), RUN, JOB, LAKE, table, rules)
    assert [each.rules for each in schema_validations(view).items] == [names]


@pytest.mark.parametrize(
    "missing",
    [
        gap("sagemaker:ListPipelineExecutionSteps"),
        gap("glue:ListDataQualityRulesets"),
        gap("glue:GetTables"),
        gap("sagemaker:ListTrainingJobs"),
    ],
    ids=lambda each: each.operation,
)
def test_what_hides_a_check_or_rules_hides_a_bad_workflow(missing: Any) -> None:
    steps = ("Fit:training", CHECK) if "Steps" in missing.operation else ("Fit:training",)
    evidence = schema_validations(view_of(chain(*steps), RUN, gaps=[missing]))
    assert evidence.items == ()
    assert missing in evidence.gaps


def test_what_hides_rules_does_not_hide_a_good_workflow() -> None:
    view = view_of(
        chain(CHECK, "Fit:training"), RUN, ran("Check"), gaps=[gap("glue:ListDataQualityRulesets")]
    )
    evidence = schema_validations(view)
    assert [each.stops for each in evidence.items] == [True]
    assert evidence.gaps == ()


@pytest.mark.parametrize(("job", "codes"), [(JOB, ["CallerNotRead"]), (None, [])])
def test_training_that_no_workflow_ran_is_a_gap(job: TrainingJob | None, codes: list[str]) -> None:
    evidence = schema_validations(view_of(*([job] if job else [])))
    assert evidence.items == ()
    assert [each.code for each in evidence.gaps] == codes


def test_old_training_that_no_workflow_ran_is_none() -> None:
    assert schema_validations(view_of(build(TrainingJob, ended_at=OLD))).gaps == ()
