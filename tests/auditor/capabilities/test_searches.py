"""The search behind each model that serves."""

from __future__ import annotations

import pytest

from mlaudit.capabilities.searches import model_searches
from mlaudit.resources import AutoMLJob, Container, TrainingJob, TuningJob
from mlaudit.testing import arn_of, build, gap, serving, view_of

ARTEFACT = "s3://b/fraud-1/output/model.tar.gz"
SERVES = serving("e", build(Container, model_data=ARTEFACT))
TUNING, AUTO = arn_of(TuningJob, "t"), "arn:aws:sagemaker:eu-west-1:123456789012:automl-job/a"


def trained(tuning: str | None = None, auto: str | None = None) -> TrainingJob:
    return build(
        TrainingJob, "fraud-1", artifact=ARTEFACT, tuning_job_arn=tuning, auto_ml_job_arn=auto
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
