"""The search behind each model that serves."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.searches import model_searches, origins
from mlaudit.resources import (
    AutoMLJob,
    BatchJob,
    Container,
    Model,
    ModelPackage,
    ProcessingJob,
    Resource,
    StateMachine,
    Step,
    TrainingJob,
    TransformJob,
    TuningJob,
)
from mlaudit.testing import arn_of, build, gap, serving, view_of

AWS = "141502667606.dkr.ecr.eu-west-1.amazonaws.com"
ALGORITHM = f"{AWS}/sagemaker-xgboost:1.7-1"

ARTEFACT = "s3://b/fraud-1/output/model.tar.gz"
SERVES = serving("e", build(Container, model_data=ARTEFACT))
TUNING, AUTO = arn_of(TuningJob, "t"), "arn:aws:sagemaker:eu-west-1:123456789012:automl-job/a"


def trained(tuning: str | None = None, auto: str | None = None) -> TrainingJob:
    return build(
        TrainingJob,
        "fraud-1",
        image=ALGORITHM,
        artifact=ARTEFACT,
        tuning_job_arn=tuning,
        auto_ml_job_arn=auto,
    )


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        (trained(), [()]),
        (trained(TUNING), [("Random",)]),
        (trained(auto=AUTO), [("AutoML",)]),
        (trained(arn_of(TuningJob, "out-of-sight")), []),
    ],
)
def test_what_searched_for_its_hyperparameters(
    job: TrainingJob, expected: list[tuple[str, ...]]
) -> None:
    tuning, auto = build(TuningJob, "t", strategy="Random"), build(AutoMLJob, "a")
    found = model_searches(view_of(*SERVES, job, tuning, auto))
    assert [each.strategies for each in found.items] == expected


@pytest.mark.parametrize(
    "operation", ["sagemaker:ListHyperParameterTuningJobs", "sagemaker:ListModels"]
)
def test_what_could_not_be_seen_is_a_gap(operation: str) -> None:
    found = model_searches(view_of(*SERVES, trained(), gaps=[gap(operation)]))
    assert gap(operation) in found.gaps


DATA = "s3://b/job/output/model.tar.gz"
OTHER = "s3://b/other/output/model.tar.gz"
TUNED = build(TrainingJob, "tuned", artifact=DATA, tuning_job_arn=arn_of(TuningJob, "t"))
BY_HAND = build(TrainingJob, "by-hand", artifact=DATA, image=ALGORITHM)


def holding(*data: str | None) -> tuple[Resource, ...]:
    return serving("e", *(build(Container, model_data=each) for each in data))


PACKAGED = (
    *serving("e", build(Container, package_arn=arn_of(ModelPackage, "g/1"))),
    build(ModelPackage, "g/1", containers=(build(Container, model_data=DATA),)),
)
ORIGINS: dict[str, tuple[tuple[Resource, ...], list[bool] | None]] = {
    "tuned": ((*holding(DATA), TUNED), [True]),
    "tuned by AutoML": (
        (
            *holding(DATA),
            build(TrainingJob, "a", artifact=DATA, auto_ml_job_arn=arn_of(AutoMLJob, "a")),
        ),
        [True],
    ),
    "trained by hand": ((*holding(DATA), BY_HAND), [False]),
    "by a package": ((*PACKAGED, TUNED), [True]),
    "of nothing known": (holding(DATA), None),
    "without an artefact": (holding(None), None),
    "one of two tuned": ((*holding(OTHER, DATA), TUNED), [True]),
    "one of two by hand, the other unknown": ((*holding(OTHER, DATA), BY_HAND), None),
    "one by hand, one without artefact": ((*holding(None, DATA), BY_HAND), [False]),
    "both by hand": (
        (*holding(OTHER, DATA), BY_HAND, build(TrainingJob, "o", artifact=OTHER, image=ALGORITHM)),
        [
            False,
        ],
    ),
    "by hand, and a package of another account": (
        (
            *serving(
                "e", build(Container, model_data=DATA), build(Container, package_arn="arn:other")
            ),
            BY_HAND,
        ),
        None,
    ),
    "trained by hand on what a tuned model scored": (
        (
            *holding(OTHER),
            build(TrainingJob, "o", artifact=OTHER, image=ALGORITHM, inputs=("s3://b/scores",)),
            build(TransformJob, "x", model_name="first", output="s3://b/scores", status="Failed"),
            build(Model, "first", containers=(build(Container, model_data=DATA),)),
            TUNED,
        ),
        [False],
    ),
}


@pytest.mark.parametrize(("resources", "expected"), ORIGINS.values(), ids=ORIGINS)
def test_the_origin_of_a_model_is_known_or_a_gap(
    resources: tuple[Resource, ...], expected: list[bool] | None
) -> None:
    evidence = origins(view_of(*resources))
    assert [bool(each.served.tuned_by) for each in evidence.items] == (expected or [])
    unknown = [(each.code, each.subject) for each in evidence.gaps]
    assert unknown == ([("OriginNotFound", arn_of(Model, "e"))] if expected is None else [])


def own(image: str, **values: Any) -> tuple[Resource, ...]:
    return (*holding(DATA), build(TrainingJob, "j", artifact=DATA, image=image, **values))


MACHINE = build(StateMachine, "m", steps=(Step("s", "runjob", (), None, None, (), ()),))
SEARCHED: dict[str, tuple[tuple[Resource, ...], bool]] = {
    "code of one's own": (own("123456789012.dkr.ecr.eu-west-1.amazonaws.com/fit:1"), True),
    "a script in an image of AWS": (own(f"{AWS}/pytorch-training:2.1"), True),
    "an algorithm told a script": (
        own(ALGORITHM, hyperparameters={"sagemaker_program": "fit.py"}),
        True,
    ),
    "an algorithm": (own(ALGORITHM), False),
    "a processing job beside it": (
        (*own(ALGORITHM), build(ProcessingJob, "p", image=f"{AWS}/sagemaker-scikit-learn:1.2")),
        True,
    ),
    "an analysis of AWS beside it": (
        (*own(ALGORITHM), build(ProcessingJob, "p", image=f"{AWS}/sagemaker-model-monitor:1")),
        False,
    ),
    "a Batch job beside it": ((*own(ALGORITHM), build(BatchJob, "b")), True),
    "a step on a cluster beside it": ((*own(ALGORITHM), MACHINE), True),
}


@pytest.mark.parametrize(("resources", "hidden"), SEARCHED.values(), ids=SEARCHED)
def test_code_of_ones_own_may_search_unseen(resources: tuple[Resource, ...], hidden: bool) -> None:  # noqa: FBT001 - a table
    evidence = origins(view_of(*resources))
    assert [each.code for each in evidence.gaps] == ["SearchNotRead"] * hidden
    assert [each.served.tuned_by for each in evidence.items] == [()] * (not hidden)


@pytest.mark.parametrize("operation", ["sagemaker:ListProcessingJobs", "batch:ListJobs"])
def test_a_search_in_jobs_that_were_not_seen_is_not_missing(operation: str) -> None:
    evidence = origins(view_of(*own(ALGORITHM), gaps=[gap(operation)]))
    assert (evidence.items, evidence.gaps) == ((), (gap(operation),))
