"""Training on many machines, tuning, shapes, and the frameworks of a region."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlaudit.capabilities.frameworks import FrameworkRange, framework_range
from mlaudit.capabilities.images import Framework, framework_of
from mlaudit.capabilities.training import (
    parallel_training,
    training_shapes,
    tuning_runs,
    tuning_strategies,
)
from mlaudit.resources import (
    BatchJob,
    Container,
    Fleet,
    HostUse,
    Model,
    Pipeline,
    Resource,
    RunStep,
    Step,
    TrainingJob,
    TuningJob,
)
from mlaudit.sight import View
from mlaudit.testing import OLD, arn_of, build, gap, serving, view_of

DLC = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
TORCH = f"{DLC}/pytorch-training:2.1.0-gpu-py310"
TORCH_1 = f"{DLC}/pytorch-training:1.13.1-gpu-py39"
BOOST = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
OWN = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/fraud"


def host(job: str, name: str, percent: float | None) -> HostUse:
    arn = arn_of(TrainingJob, job)
    return build(HostUse, arn=f"{arn}#{name}", host=name, job_arn=arn, percent=percent)


FLEET = (Fleet("ml.g5.xlarge", 2),)
PARALLEL: dict[
    str, tuple[tuple[Resource, ...], list[tuple[str, bool, tuple[float, ...] | None]]]
] = {
    "busy": (
        (build(TrainingJob, "j", fleets=FLEET), host("j", "1", 80.0), host("j", "2", 70.0)),
        [("2 x ml.g5.xlarge", True, (80.0, 70.0))],
    ),
    "of unknown use": (
        (build(TrainingJob, "j", fleets=FLEET), host("j", "1", 80.0), host("j", "2", None)),
        [("2 x ml.g5.xlarge", True, None)],
    ),
    "failed": (
        (build(TrainingJob, "j", fleets=FLEET, status="Failed"), host("j", "1", 1.0)),
        [("2 x ml.g5.xlarge", False, (1.0,))],
    ),
    "on one machine": ((build(TrainingJob, "j", fleets=(Fleet("ml.m5.large", 1),)),), []),
    "before the window": (
        (build(TrainingJob, "j", fleets=FLEET, ended_at=OLD), host("j", "1", 80.0)),
        [("2 x ml.g5.xlarge before the window", True, None)],
    ),
    "failed before the window": (
        (build(TrainingJob, "j", fleets=FLEET, ended_at=OLD, status="Failed"),),
        [],
    ),
    "on one machine before the window": (
        (build(TrainingJob, "j", fleets=(Fleet("ml.m5.large", 1),), ended_at=OLD),),
        [],
    ),
    "running": (
        (build(TrainingJob, "j", fleets=FLEET, ended_at=None), host("j", "1", 80.0)),
        [],
    ),
    "in AWS Batch": (
        (build(BatchJob, "b", nodes=2, gpus=4),),
        [("2 nodes with 4 GPUs each in AWS Batch", True, None)],
    ),
    "in AWS Batch on one device": ((build(BatchJob, "b", gpus=1),), []),
    "in AWS Batch before the window": ((build(BatchJob, "b", nodes=2, ended_at=OLD),), []),
}


@pytest.mark.parametrize(("resources", "expected"), PARALLEL.values(), ids=PARALLEL)
def test_training_runs_on_many_devices(
    resources: tuple[Resource, ...], expected: list[tuple[str, bool, tuple[float, ...] | None]]
) -> None:
    evidence = parallel_training(view_of(*resources))
    assert [(each.shape, each.succeeded, each.use) for each in evidence.items] == expected
    assert evidence.gaps == ()


def test_unseen_use_of_hosts_is_a_gap() -> None:
    missing = gap("cloudwatch:GetMetricData", arn_of(TrainingJob, "j"))
    evidence = parallel_training(view_of(build(TrainingJob, "j", fleets=FLEET), gaps=[missing]))
    assert evidence.items == ()
    assert evidence.gaps == (missing,)


@pytest.mark.parametrize(
    "operation",
    [
        "batch:DescribeJobs",
        "sagemaker:ListPipelineExecutionSteps",
        "stepfunctions:DescribeStateMachine",
    ],
)
def test_what_hides_whose_a_job_is_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    assert parallel_training(view_of(gaps=[missing])).gaps == (missing,)


def test_tuning_runs_are_recent_or_not() -> None:
    jobs = (
        build(TuningJob, "new"),
        build(TuningJob, "old", ended_at=OLD),
        build(TuningJob, "runs", status="InProgress", ended_at=None),
    )
    found = tuning_runs(view_of(*jobs)).items
    assert [(each.completed, each.recent) for each in found] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_strategies_are_those_of_everybody_in_the_window() -> None:
    others = [
        build(TuningJob, "r", strategy="Random"),
        build(TuningJob, "old", strategy="Grid", ended_at=OLD),
        build(TuningJob, "failed", strategy="Hyperband", status="Failed"),
    ]
    view = view_of(build(TuningJob, "b"), others=others)
    assert [each.strategies for each in tuning_strategies(view).items] == [("Bayesian", "Random")]
    assert tuning_strategies(view_of()).items == ()


LEARNS = build(Step, "s", parameters=("Instances",))


def learning_pipeline(parameter: str = "Instances") -> Pipeline:
    step = replace(LEARNS, kind="training", parameters=(parameter,))
    return build(Pipeline, "p", steps=(step,))


SHAPES: dict[str, tuple[tuple[Resource, ...], list[tuple[tuple[str, ...], tuple[str, ...]]]]] = {
    "nothing": ((), []),
    "two sizes": (
        (
            build(TrainingJob, "1", fleets=(Fleet("ml.m5.large", 1),)),
            build(TrainingJob, "2", fleets=(Fleet("ml.m5.large", 2),)),
        ),
        [(("1 x ml.m5.large", "2 x ml.m5.large"), ())],
    ),
    "a failure does not count": (
        (build(TrainingJob, "1", fleets=FLEET, status="Failed"),),
        [],
    ),
    "a pipeline that could": ((learning_pipeline(),), [((), ("Instances",))]),
    "a pipeline with another parameter": ((learning_pipeline("Epochs"),), [((), ())]),
}


@pytest.mark.parametrize(("resources", "expected"), SHAPES.values(), ids=SHAPES)
def test_training_has_shapes(
    resources: tuple[Resource, ...],
    expected: list[tuple[tuple[str, ...], tuple[str, ...]]],
) -> None:
    evidence = training_shapes(view_of(*resources))
    assert [(each.shapes, each.parameters) for each in evidence.items] == expected
    assert evidence.gaps == ()


IMAGES = [
    (TORCH, "pytorch", "2", False, False),
    (TORCH + "@sha256:abc", "pytorch", "2", False, False),
    (f"{DLC}/pytorch-training@sha256:abc", "pytorch", "", False, False),
    (BOOST, "xgboost", "1", False, False),
    ("x/sagemaker-scikit-learn:1.2-1-cpu-py3", "scikit-learn", "1", False, False),
    ("host:5000/acme/pytorch:7", "pytorch", "", False, False),
    ("host:5000/acme/pytorch:v2.0", "pytorch", "2", False, False),
    (
        "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1",
        "linear-learner",
        "",
        False,
        True,
    ),
    (f"{OWN}:7", "fraud", "", True, False),
    ("sparkling", "sparkling", "", True, False),
]


@pytest.mark.parametrize(("image", "name", "version", "custom", "built_in"), IMAGES)
def test_an_image_tells_its_framework(
    image: str, name: str, version: str, *, custom: bool, built_in: bool
) -> None:
    assert framework_of(image) == Framework(name, version, custom=custom, built_in=built_in)


@pytest.mark.parametrize("image", [None, "", "::", "@"])
def test_what_is_no_image_tells_none(image: str | None) -> None:
    assert framework_of(image) is None


def trained(name: str, image: str, *, in_pipeline: bool = True) -> tuple[Resource, ...]:
    job = build(TrainingJob, name, image=image)
    step = build(RunStep, name, run_arn=arn_of(Pipeline, "p"), made_arn=job.arn)
    return (job, step) if in_pipeline else (job,)


def served(name: str, image: str | None) -> tuple[Resource, ...]:
    return serving(name, build(Container, image=image))


Range = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]
RANGES: dict[str, tuple[tuple[Resource, ...], list[Range]]] = {
    "nothing": ((), []),
    "two, by pipelines": (
        (*trained("1", TORCH), *trained("2", BOOST), *served("1", TORCH), *served("2", BOOST)),
        [(("pytorch 2", "xgboost 1"), ("pytorch 2", "xgboost 1"), ("pytorch 2", "xgboost 1"), ())],
    ),
    "two versions": (
        (*trained("1", TORCH), *trained("2", TORCH_1, in_pipeline=False)),
        [(("pytorch 1", "pytorch 2"), ("pytorch 2",), (), ())],
    ),
    "an unknown version is no second one": (
        (*trained("1", "acme/pytorch:latest"), *served("1", TORCH)),
        [((), (), ("pytorch 2",), ())],
    ),
    "an unknown version alone": (
        (*trained("1", "acme/pytorch:latest"), *served("1", "acme/pytorch:7")),
        [(("pytorch",), ("pytorch",), ("pytorch",), ())],
    ),
    "an image of one's own": (trained("1", OWN), [((), (), (), ("fraud",))]),
}


def everywhere(view: View) -> View:
    return View(view.region, None)


@pytest.mark.parametrize(("resources", "expected"), RANGES.values(), ids=RANGES)
def test_frameworks_are_trained_and_served(
    resources: tuple[Resource, ...], expected: list[Range]
) -> None:
    evidence = framework_range(everywhere(view_of(*resources)))
    assert [_facts(each) for each in evidence.items] == expected
    assert evidence.gaps == ()


def _facts(found: FrameworkRange) -> Range:
    return (found.trained, found.trained_in_pipeline, found.served, found.custom)


def test_a_job_of_an_unknown_image_is_a_gap() -> None:
    job = build(TrainingJob, "j", algorithm="marketplace")
    evidence = framework_range(everywhere(view_of(job)))
    assert evidence.items == ()
    assert [(each.code, each.subject) for each in evidence.gaps] == [("ImageNotKnown", job.arn)]


def test_a_model_of_an_unknown_image_is_a_gap() -> None:
    evidence = framework_range(everywhere(view_of(*served("e", None))))
    assert evidence.items == ()
    assert [each.subject for each in evidence.gaps] == [arn_of(Model, "e")]


def test_unseen_jobs_are_a_gap() -> None:
    missing = gap("sagemaker:ListPipelineExecutionSteps")
    assert framework_range(everywhere(view_of(gaps=[missing]))).gaps == (missing,)
