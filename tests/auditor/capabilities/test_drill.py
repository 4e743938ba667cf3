"""How far what serves is traced: which links are on record, missing, or out of sight."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlaudit.capabilities.drill import Drill, Link, drills, repeatabilities
from mlaudit.evidence import Evidence
from mlaudit.resources import (
    Bucket,
    Container,
    ImageRepository,
    LogGroup,
    LogStream,
    ModelPackage,
    Pipeline,
    Resource,
    RunStep,
    StateMachine,
    Step,
    StoredImage,
    Tracker,
    TrainingJob,
)
from mlaudit.testing import ACCOUNT, OLD, RECENT, REGION, arn_of, build, gap, serving, view_of

ARTEFACT = "s3://b/fraud-1/output/model.tar.gz"
PLACE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/fit"
IMAGE = f"{PLACE}:1"
RUN = f"{arn_of(Pipeline, 'train')}/execution/abc"
GROUP = "/aws/sagemaker/TrainingJobs"

HELD = build(Container, image=IMAGE, model_data=ARTEFACT)
PACKAGE = build(
    ModelPackage,
    arn=arn_of(ModelPackage, "fraud/1"),
    group_name="fraud",
    version=1,
    approval="Approved",
    commit="4f1c9a0",
    containers=(HELD,),
)
JOB = build(
    TrainingJob,
    "fraud-1",
    artifact=ARTEFACT,
    image=IMAGE,
    inputs=("s3://b/train",),
    hyperparameters={"eta": "0.1"},
)
BUCKET = build(Bucket, "b", versioned=True)
REPOSITORY = ImageRepository(
    f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/fit",
    REGION,
    PLACE,
    immutable=True,
    exceptions=(),
)
STORED = StoredImage(f"{REPOSITORY.arn}@sha256:1", REGION, PLACE, "sha256:1", ("1",))
STEPS = tuple(
    build(RunStep, arn=f"{RUN}#{kind}", run_arn=RUN, kind=kind, made_arn=made)
    for kind, made in (("training", JOB.arn), ("registermodel", PACKAGE.arn))
)
PIPELINE = build(Pipeline, "train", arn=arn_of(Pipeline, "train"))
LOGS = build(LogGroup, GROUP, retention_days=365)
STREAM = build(LogStream, "fraud-1/algo-1", group_name=GROUP, last_event_at=RECENT)
TRACKER = build(Tracker, "mlflow", product="MLflow server")
SERVED = serving("e", build(Container, package_arn=PACKAGE.arn))

ALL: tuple[Resource, ...] = (
    *SERVED,
    PACKAGE,
    JOB,
    BUCKET,
    REPOSITORY,
    STORED,
    *STEPS,
    PIPELINE,
    LOGS,
    STREAM,
)


def having(*instead: Resource, without: tuple[Resource, ...] = ()) -> tuple[Resource, ...]:
    """All facts, with others in place of those of the same ARN, and without some."""
    named = {each.arn: each for each in (*ALL, *instead)}
    return tuple(each for arn, each in named.items() if arn not in {one.arn for one in without})


def only(evidence: Evidence[Drill]) -> Drill:
    (found,) = evidence.items
    assert evidence.gaps == ()
    return found


def test_every_link_is_on_record() -> None:
    found = only(drills(view_of(*ALL)))
    assert (found.complete, found.found, found.missing) == (True, tuple(Link), ())
    assert (found.words, found.at) == ("model e on endpoint e", RECENT)


OLD_JOB = replace(JOB, ended_at=OLD)


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (having(replace(BUCKET, versioned=False)), (Link.DATA,)),
        (having(replace(REPOSITORY, immutable=False)), (Link.IMAGE,)),
        (having(without=(STORED,)), (Link.IMAGE,)),
        (having(replace(PACKAGE, commit=None)), (Link.COMMIT,)),
        (having(replace(JOB, hyperparameters={})), (Link.SETTINGS,)),
        (having(without=STEPS), (Link.RUN,)),
        (having(without=(STREAM,)), (Link.LOGS,)),
        (having(replace(LOGS, retention_days=1), replace(JOB, ended_at=OLD)), (Link.LOGS,)),
        (having(OLD_JOB, without=(LOGS, STREAM)), (Link.LOGS,)),
        # its stream is older than what is listed, and its group keeps it
        (having(OLD_JOB, without=(STREAM,)), ()),
        (having(OLD_JOB, replace(LOGS, retention_days=None), without=(STREAM,)), ()),
    ],
)
def test_a_link_is_missing_by_its_own_fact(
    facts: tuple[Resource, ...], missing: tuple[Link, ...]
) -> None:
    assert only(drills(view_of(*facts))).missing == missing


def test_a_commit_that_a_tracker_may_hold_is_not_missing() -> None:
    unnamed = replace(PACKAGE, commit=None)
    for facts in (having(unnamed, TRACKER), having(unnamed, replace(JOB, mlflow_arn="arn:m"))):
        found = drills(view_of(*facts))
        assert found.items == ()
        assert [each.code for each in found.gaps] == ["SourceNotOnRecord"]


def test_what_was_put_there_by_hand_is_traced_to_nothing() -> None:
    placed = serving("e", build(Container, image=IMAGE, model_data="s3://b/by-hand.tar.gz"))
    found = only(drills(view_of(*placed, REPOSITORY, STORED, LOGS)))
    assert (found.found, found.missing) == ((), tuple(Link))


def test_what_aws_provides_is_not_traced() -> None:
    uri = "s3://jumpstart-cache-prod-eu-west-1/model.tar.gz"
    provided = serving("e", build(Container, image="ghcr.io/a/b:1", model_data=uri))
    assert drills(view_of(*provided)) == Evidence((), ())


def test_what_is_seen_settles_a_drill_that_is_short_anyway() -> None:
    """One link is missing and three are there, so it is traced in part whatever the rest is."""
    machine = build(
        StateMachine, "m", steps=(build(Step, "fit", kind="training"),), tags={"a": "b"}
    )
    facts = having(
        replace(BUCKET, versioned=False),
        machine,
        without=STEPS,
    )
    found = drills(view_of(*facts))
    (model,) = found.items
    assert model.missing == (Link.DATA,)
    assert Link.RUN not in model.found
    assert [each.code for each in found.gaps] == ["RunNotTied"]


@pytest.mark.parametrize(
    "operation",
    [
        "s3:GetBucketVersioning",
        "ecr:DescribeRepositories",
        "ecr:DescribeImages",
        "sagemaker:DescribeTrainingJob",
        "sagemaker:ListModelPackages",
        "sagemaker:ListPipelineExecutionSteps",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
    ],
)
def test_a_link_that_cannot_be_seen_is_not_missing(operation: str) -> None:
    denied = gap(operation)
    found = drills(view_of(*ALL, gaps=[denied]))
    assert not [each for each in found.items if each.missing]
    assert denied in found.gaps


def test_without_sight_of_trackers_a_missing_commit_is_not_known() -> None:
    denied = gap("sagemaker:ListMlflowTrackingServers")
    found = drills(view_of(*having(replace(PACKAGE, commit=None)), gaps=[denied]))
    assert found.items == ()
    assert denied in found.gaps
    assert drills(view_of(*ALL, gaps=[denied])).gaps == ()


SEEDED = replace(JOB, hyperparameters={"random_state": "7"})


@pytest.mark.parametrize(
    ("changed", "loose"),
    [
        ((), ()),
        ((replace(BUCKET, versioned=False),), (Link.DATA,)),
        ((replace(REPOSITORY, immutable=False),), (Link.IMAGE,)),
        ((replace(PACKAGE, commit=None),), (Link.COMMIT,)),
        ((replace(BUCKET, versioned=False), JOB), (Link.DATA,)),
    ],
)
def test_training_can_be_repeated_by_what_is_fixed(
    changed: tuple[Resource, ...], loose: tuple[Link, ...]
) -> None:
    (found,) = repeatabilities(view_of(*having(SEEDED, *changed))).items
    assert found.loose == loose
    assert {*found.fixed, *loose} == {Link.DATA, Link.IMAGE, Link.COMMIT}


def test_logs_and_runs_do_not_matter_for_repeating() -> None:
    facts = having(SEEDED, without=(LOGS, STREAM, *STEPS))
    seen = repeatabilities(view_of(*facts, gaps=[gap("logs:DescribeLogStreams")]))
    assert [each.loose for each in seen.items] == [()]
    assert seen.gaps == ()


@pytest.mark.parametrize("name", ["seed", "RandomSeed", "random_state", "mini_seed"])
def test_a_seed_is_known_by_the_name_of_a_hyperparameter(name: str) -> None:
    job = replace(JOB, hyperparameters={name: "7"})
    seen = repeatabilities(view_of(*having(job)))
    assert [each.loose for each in seen.items] == [()]


def test_a_seed_that_is_not_on_record_may_stand_in_the_code() -> None:
    seen = repeatabilities(view_of(*ALL))
    assert seen.items == ()
    assert [(each.code, each.subject) for each in seen.gaps] == [("SeedNotOnRecord", SERVED[2].arn)]


@pytest.mark.parametrize(
    "operation", ["s3:GetBucketVersioning", "ecr:DescribeImages", "sagemaker:ListModelPackages"]
)
def test_what_is_out_of_sight_is_neither_fixed_nor_loose(operation: str) -> None:
    denied = gap(operation)
    seen = repeatabilities(view_of(*having(SEEDED), gaps=[denied]))
    assert not [each for each in seen.items if each.loose]
    assert denied in seen.gaps


def test_what_aws_provides_is_not_repeated() -> None:
    uri = "s3://jumpstart-cache-prod-eu-west-1/model.tar.gz"
    provided = serving("e", build(Container, image="ghcr.io/a/b:1", model_data=uri))
    assert repeatabilities(view_of(*provided)) == Evidence((), ())
