"""What the checks of this section are shown: a model that serves, and its registered version."""

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit.capabilities.registry import ServedVersion
from mlaudit.resources import Container, Model, ModelPackage, TrainingJob
from mlaudit.testing import arn_of, build

ARTEFACT = "s3://b/fraud-1/output/model.tar.gz"


@pytest.fixture
def package() -> ModelPackage:
    """A version with everything on record."""
    return build(
        ModelPackage,
        arn=arn_of(ModelPackage, "fraud/2"),
        group_name="fraud",
        version=2,
        approval="Approved",
        containers=(build(Container, image="xgboost:1.7-1", model_data=ARTEFACT),),
        quality_uri="s3://b/evaluation.json",
        commit="0123abc",
        baselines={"ModelQuality": "s3://b/baseline.json"},
    )


@pytest.fixture
def job() -> TrainingJob:
    """The training job that made it."""
    return build(
        TrainingJob,
        "fraud-1",
        artifact=ARTEFACT,
        inputs=("s3://b/train",),
        hyperparameters={"eta": "0.1"},
    )


@pytest.fixture
def version(package: ModelPackage, job: TrainingJob) -> Callable[..., ServedVersion]:
    """Makes the model that serves; what a test does not say is there."""

    def make(**values: Any) -> ServedVersion:
        usual = {
            "arn": arn_of(Model, "fraud"),
            "words": "model fraud on endpoint fraud",
            "containers": package.containers,
            "package": package,
            "jobs": (job,),
            "approved": (package,),
        }
        return ServedVersion(**{**usual, **values})

    return make
