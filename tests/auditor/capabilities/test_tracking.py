"""Tracked runs, the source behind what serves, and who signed it off."""

from dataclasses import replace
from typing import Any

import pytest

from mlaudit.capabilities.governance import sign_offs
from mlaudit.capabilities.tracking import (
    STACK,
    declared_workflows,
    run_tracking,
    sources_of_models,
)
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Container,
    ModelPackage,
    Pipeline,
    Resource,
    StateMachine,
    TrackedRun,
    Tracker,
    TrainingJob,
    TuningJob,
)
from mlaudit.testing import OLD, arn_of, build, gap, serving, view_of


def job(name: str = "fit", **values: Any) -> TrainingJob:
    return build(TrainingJob, name, **values)


def run(arn: str) -> TrackedRun:
    return build(TrackedRun, arn=f"arn:run:{arn}", job_arn=arn)


ALGORITHM = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
TUNING = arn_of(TuningJob, "tune")
MLFLOW = build(Tracker, "flow", arn="arn:mlflow", product="MLflow app")
TRACKING: dict[str, tuple[tuple[Resource, ...], list[tuple[int, int]], list[str]]] = {
    "nothing trained": ((job(ended_at=OLD),), [], []),
    "in an experiment": ((job(), run(job().arn)), [(1, 1)], []),
    "tuned in an experiment": ((job(tuning_job_arn=TUNING), run(TUNING)), [(1, 1)], []),
    "by its own word": ((job(experiment="fraud"),), [(1, 1)], []),
    "in MLflow": ((job(mlflow_arn="arn:mlflow"),), [(1, 1)], []),
    "nowhere": ((job(),), [(1, 0)], ["RunsInTracker"]),
    "nowhere, with no network": ((job(isolated=True),), [(1, 0)], []),
    "nowhere, with no network, beside MLflow": (
        (job(isolated=True), MLFLOW),
        [(1, 0)],
        ["RunsInTracker"],
    ),
    "nowhere, with no network, beside another tracker": (
        (job(isolated=True), build(Tracker, "comet", product="Comet")),
        [(1, 0)],
        [],
    ),
    "nowhere, by an algorithm of AWS": ((job(image=ALGORITHM),), [(1, 0)], []),
    "nowhere, by a script in an image of AWS": (
        (job(image=ALGORITHM, hyperparameters={"sagemaker_program": "fit.py"}),),
        [(1, 0)],
        ["RunsInTracker"],
    ),
    "some": ((job(experiment="fraud"), job("b")), [(2, 1)], []),
    "some, with MLflow": ((job(experiment="fraud"), job("b"), MLFLOW), [(2, 1)], ["RunsInTracker"]),
    "nearly all, with MLflow": (
        (*(job(f"j{n}", experiment="fraud") for n in range(9)), job("z"), MLFLOW),
        [(10, 9)],
        [],
    ),
}


@pytest.mark.parametrize(("resources", "counts", "gaps"), TRACKING.values(), ids=TRACKING)
def test_training_jobs_are_tracked(
    resources: tuple[Resource, ...], counts: list[tuple[int, int]], gaps: list[str]
) -> None:
    evidence = run_tracking(view_of(*resources))
    assert [(each.jobs, each.tracked) for each in evidence.items] == counts
    assert [each.code for each in evidence.gaps] == gaps


@pytest.mark.parametrize(("team", "gaps"), [("a", []), ("b", ["RunsInTracker"])])
def test_of_the_platform_each_team_may_have_a_tracker_of_its_own(
    team: str, gaps: list[str]
) -> None:
    jobs = (job(experiment="fraud", tags={"team": "a"}), job("b", tags={"team": team}))
    platform = replace(view_of(*jobs), members=None)
    evidence = run_tracking(platform)
    assert [(each.jobs, each.tracked) for each in evidence.items] == [(2, 1)]
    assert [each.code for each in evidence.gaps] == gaps
    workload = run_tracking(view_of(*jobs))
    assert [each.code for each in workload.gaps] == []


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListTrainingJobs",
        "sagemaker:ListTrialComponents",
        "sagemaker:ListMlflowTrackingServers",
        "sagemaker:ListMlflowApps",
        "sagemaker:ListPartnerApps",
    ],
)
def test_what_hides_runs_is_a_gap(operation: str) -> None:
    assert run_tracking(view_of(job(isolated=True), gaps=[gap(operation)])).gaps == (
        gap(operation),
    )


def served(**values: Any) -> tuple[Resource, ...]:
    package = build(ModelPackage, "fraud/1", **values)
    return (*serving("e", build(Container, package_arn=package.arn)), package)


def codes(evidence: Evidence[Any]) -> list[str]:
    return [each.code for each in evidence.gaps]


def test_a_version_names_its_source() -> None:
    (found,) = sources_of_models(view_of(*served(commit="abc", repository="https://git"))).items
    assert (found.commit, found.repository) == ("abc", "https://git")


@pytest.mark.parametrize("resources", [served(), serving("e")])
def test_a_version_without_a_commit_is_a_gap(resources: tuple[Resource, ...]) -> None:
    evidence = sources_of_models(view_of(*resources))
    assert evidence.items == ()
    assert codes(evidence) == ["SourceNotOnRecord"]


@pytest.mark.parametrize("kind", [Pipeline, StateMachine])
def test_a_stack_made_a_workflow(kind: type[Pipeline | StateMachine]) -> None:
    made, other = build(kind, "a", tags={STACK: "fraud"}), build(kind, "b")
    evidence = declared_workflows(view_of(made, other))
    assert [(each.name, each.stack) for each in evidence.items] == [("a", "fraud")]
    assert evidence.gaps == ()
    assert codes(declared_workflows(view_of(other))) == ["DeployedByUnknown"]
    assert declared_workflows(view_of()) == Evidence()


@pytest.mark.parametrize(
    "operation", ["sagemaker:ListPipelines", "stepfunctions:ListStateMachines"]
)
def test_unseen_workflows_are_a_gap(operation: str) -> None:
    assert declared_workflows(view_of(gaps=[gap(operation)])).gaps == (gap(operation),)


@pytest.mark.parametrize(
    ("values", "by_another"),
    [
        ({"created_by": "pipeline", "modified_by": "ada"}, True),
        ({"created_by": "ada", "modified_by": "ada"}, False),
        ({"created_by": "ada"}, None),
        ({"modified_by": "ada"}, None),
    ],
)
def test_a_version_is_signed_off(values: dict[str, Any], by_another: bool | None) -> None:  # noqa: FBT001 - a table
    evidence = sign_offs(view_of(*served(approval="Approved", **values)))
    assert [(each.approved, each.by_another) for each in evidence.items] == [(True, by_another)]
    assert evidence.gaps == ()


def test_a_model_in_no_registry_may_be_signed_off_elsewhere() -> None:
    assert codes(sign_offs(view_of(*serving("e")))) == ["SignOffNotOnRecord"]


@pytest.mark.parametrize("provider", [sign_offs, sources_of_models])
def test_unseen_versions_are_a_gap(provider: Any) -> None:
    missing = gap("sagemaker:ListModelPackages")
    evidence = provider(view_of(*served(), gaps=[missing]))
    assert evidence.items == ()
    assert missing in evidence.gaps
