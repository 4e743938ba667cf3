"""What computes the importance of features, what compares it, and what hides either."""

from typing import Any

import pytest

from mlaudit.capabilities.features import feature_importances, feature_tests
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    BatchJob,
    Container,
    ModelPackage,
    Pipeline,
    PipelineRun,
    ProcessingJob,
    Resource,
    RunStep,
    Step,
    Tracker,
    TrainingJob,
)
from mlaudit.testing import OLD, RECENT, arn_of, build, gap, serving, view_of

PIPELINE = arn_of(Pipeline, "train")
RUN = f"{PIPELINE}/execution/abc"
SERVES = serving("e", build(Container, package_arn=arn_of(ModelPackage, "fraud/2")))
ABOUT = "MODEL_EXPLAINABILITY"
TRACKER = build(Tracker, "mlflow", product="MLflow app")


def package(**values: Any) -> ModelPackage:
    usual = {"group_name": "fraud", "generated_by": RUN}
    return build(ModelPackage, "fraud/2", **{**usual, **values})


def chain(*steps: tuple[str, str]) -> Pipeline:
    """A pipeline of steps in a row, each by its name and kind."""
    names = [name for name, _ in steps]
    made = (
        Step(name, kind, tuple(names[:at][-1:]), None, None, (), ())
        for at, (name, kind) in enumerate(steps)
    )
    return build(Pipeline, "train", steps=tuple(made))


def ran(at: Any = RECENT) -> PipelineRun:
    return build(PipelineRun, arn=RUN, pipeline_arn=PIPELINE, started_at=at, modified_at=at)


def checked(
    about: str = ABOUT, status: str = "Succeeded", baseline: str | None = "s3://b/old.json"
) -> RunStep:
    return build(
        RunStep,
        arn=f"{RUN}#Explain",
        run_arn=RUN,
        name="Explain",
        kind="clarifycheck",
        status=status,
        checks=about,
        baseline=baseline,
    )


def only(evidence: Evidence[Any]) -> Any:
    (found,) = evidence.items
    assert evidence.gaps == ()
    return found


FIT, REGISTER = ("Fit", "training"), ("Register", "registermodel")
CLARIFY, OWN, IF = ("Explain", "clarifycheck"), ("ShapValues", "processing"), ("If", "condition")
BARE = (*SERVES, package())


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (BARE, (False, None, False)),
        ((*SERVES, package(explainability_uri="s3://b/shap.json")), (True, None, False)),
        ((*SERVES, package(baselines={"Explainability": "s3://b/c.json"})), (True, None, False)),
        ((*SERVES, package(baselines={"Bias": "s3://b/c.json"})), (False, None, False)),
        ((*SERVES, package(metadata_keys=("feature_importance",))), (True, None, False)),
        ((*SERVES, package(metadata_keys=("input_shape",))), (False, None, False)),
        ((*BARE, checked()), (False, "Explain", True)),
        ((*BARE, checked(baseline=None)), (False, "Explain", True)),
        ((*BARE, checked(status="Failed")), (False, None, False)),
        ((*BARE, checked("MODEL_BIAS")), (False, None, False)),
        ((*BARE, chain(FIT, OWN, REGISTER), ran()), (False, "ShapValues", False)),
        ((*BARE, chain(FIT, OWN, REGISTER), ran(OLD)), (False, None, False)),
    ],
)
def test_importance_is_on_record_for_a_version(
    resources: tuple[Resource, ...], expected: tuple[bool, str | None, bool]
) -> None:
    found = only(feature_importances(view_of(*resources)))
    assert (found.registered, found.computed_in, found.of_version) == expected


def test_importance_in_a_tracker_is_a_gap_unless_it_is_on_record() -> None:
    found = feature_importances(view_of(*BARE, TRACKER))
    assert found.items == ()
    assert [each.code for each in found.gaps] == ["ResultsInTracker"]
    assert only(feature_importances(view_of(*BARE, TRACKER, checked()))).of_version


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListModelPackages",
        "sagemaker:ListPipelineExecutionSteps",
        "sagemaker:ListPipelines",
        "stepfunctions:ListExecutions",
    ],
)
def test_what_hides_importance_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    found = feature_importances(view_of(*BARE, gaps=[missing]))
    assert found.items == ()
    assert missing in found.gaps


TESTS: dict[str, tuple[tuple[Resource, ...], tuple[str, ...], bool]] = {
    "a check with a baseline": (
        (chain(FIT, CLARIFY, REGISTER), ran(), checked()),
        ("Explain",),
        True,
    ),
    "a check without one": (
        (chain(FIT, CLARIFY, REGISTER), ran(), checked(baseline=None)),
        ("Explain",),
        False,
    ),
    "a check that failed": (
        (chain(FIT, CLARIFY, REGISTER), ran(), checked(status="Failed")),
        ("Explain",),
        False,
    ),
    "a check that never ran": ((chain(FIT, CLARIFY, REGISTER),), ("Explain",), False),
    "a step with a condition": ((chain(FIT, OWN, IF, REGISTER), ran()), ("ShapValues",), True),
    "a step without one": ((chain(FIT, OWN, REGISTER), ran()), ("ShapValues",), False),
    "a condition before the step": (
        (chain(FIT, IF, OWN, REGISTER), ran()),
        ("ShapValues",),
        False,
    ),
    "a condition after registration": (
        (chain(FIT, OWN, REGISTER, IF), ran()),
        ("ShapValues",),
        False,
    ),
    "a condition where nothing is let out": ((chain(FIT, OWN, IF), ran()), ("ShapValues",), True),
    "nothing": ((chain(REGISTER), ran()), (), False),
}


@pytest.mark.parametrize(("resources", "steps", "stops"), TESTS.values(), ids=TESTS)
def test_a_workflow_tests_features_by(
    resources: tuple[Resource, ...],
    steps: tuple[str, ...],
    stops: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    found = only(feature_tests(view_of(*resources)))
    assert (found.steps, found.stops) == (steps, stops)


@pytest.mark.parametrize(
    "resources",
    [
        (chain(FIT, ("Evaluate", "processing"), REGISTER),),
        (chain(("Reshape", "processing"), REGISTER),),
        (chain(("Check", "clarifycheck"), REGISTER),),
        (chain(CLARIFY, REGISTER), ran(), checked("MODEL_BIAS")),
    ],
)
def test_a_step_that_no_name_tells_may_test_features(resources: tuple[Resource, ...]) -> None:
    found = feature_tests(view_of(*resources))
    assert found.items == ()
    assert [(each.code, each.subject) for each in found.gaps] == [("TestsNotNamed", PIPELINE)]


def test_training_out_of_any_order_may_be_followed_by_a_test() -> None:
    found = feature_tests(view_of(build(TrainingJob, "by-hand")))
    assert [each.code for each in found.gaps] == ["CallerNotRead"]


ALGORITHM = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"


@pytest.mark.parametrize(
    ("beside", "codes"),
    [
        ((), []),
        ((build(ProcessingJob, "p"),), ["CallerNotRead"]),
        ((build(BatchJob, "b"),), ["CallerNotRead"]),
        ((build(TrainingJob, "own"),), ["CallerNotRead"]),
    ],
)
def test_an_algorithm_of_aws_alone_computes_no_importance(
    beside: tuple[Resource, ...], codes: list[str]
) -> None:
    found = feature_tests(view_of(build(TrainingJob, "by-hand", image=ALGORITHM), *beside))
    assert [each.code for each in found.gaps] == codes


@pytest.mark.parametrize("operation", ["sagemaker:ListProcessingJobs", "batch:ListJobs"])
def test_what_hides_jobs_that_may_compute_importance_is_a_gap(operation: str) -> None:
    job = build(TrainingJob, "by-hand", image=ALGORITHM)
    assert gap(operation) in feature_tests(view_of(job, gaps=[gap(operation)])).gaps


@pytest.mark.parametrize(
    "operation", ["sagemaker:ListPipelines", "sagemaker:ListPipelineExecutions"]
)
def test_what_hides_workflows_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    found = feature_tests(view_of(chain(FIT, OWN, REGISTER), gaps=[missing]))
    assert missing in found.gaps


def test_a_check_is_not_called_idle_while_its_runs_are_unseen() -> None:
    missing = gap("sagemaker:ListPipelineExecutionSteps")
    assert feature_tests(view_of(chain(FIT, CLARIFY, REGISTER), ran(), gaps=[missing])).items == ()


def test_nothing_makes_nothing() -> None:
    assert feature_tests(view_of()) == Evidence()
    assert feature_importances(view_of(package())) == Evidence()
