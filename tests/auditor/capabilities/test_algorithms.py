"""What training runs: algorithms of AWS or code of one's own, in one piece or split."""

import pytest

from mlaudit.capabilities.algorithms import split_trainings, trainings
from mlaudit.model import Gap
from mlaudit.resources import AutoMLJob, BatchJob, Fleet, TrainingJob
from mlaudit.testing import OLD, REGION, build, gap, view_of

AWS = "141502667606.dkr.ecr.eu-west-1.amazonaws.com"
OWN = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
XGBOOST = f"{AWS}/sagemaker-xgboost:1.7-1"


@pytest.mark.parametrize(
    ("image", "parameters", "tags", "built_in"),
    [
        (f"{AWS}/linear-learner:1", {}, {}, "the algorithm linear-learner"),
        (f"{OWN}/linear-learner:1", {}, {}, None),
        (XGBOOST, {}, {}, "the algorithm xgboost"),
        (XGBOOST, {"sagemaker_program": "(not kept)"}, {}, None),
        (f"{AWS}/pytorch-training:2.1", {}, {}, None),
        (
            f"{AWS}/pytorch-training:2.1",
            {},
            {"sagemaker-sdk:jumpstart-model-id": "m"},
            "a model of JumpStart",
        ),
        (None, {}, {}, None),
    ],
)
def test_a_job_runs_an_algorithm_of_aws_or_not(
    image: str | None, parameters: dict[str, str], tags: dict[str, str], built_in: str | None
) -> None:
    job = build(TrainingJob, "j", image=image, hyperparameters=parameters, tags=tags)
    (found,) = trainings(view_of(job, build(TrainingJob, "old", ended_at=OLD))).items
    assert (found.words, found.built_in, found.completed) == ("training job j", built_in, True)


def test_auto_ml_is_of_aws() -> None:
    jobs = (build(AutoMLJob, "a", status="Failed"), build(AutoMLJob, "b", ended_at=OLD))
    (found,) = trainings(view_of(*jobs)).items
    assert (found.words, found.built_in, found.completed) == ("AutoML job a", "AutoML", False)


@pytest.mark.parametrize("operation", ["sagemaker:ListTrainingJobs", "sagemaker:ListAutoMLJobs"])
def test_what_could_not_be_seen_is_a_gap(operation: str) -> None:
    assert trainings(view_of(gaps=[gap(operation)])).gaps == (gap(operation),)


def unread(job: TrainingJob | BatchJob, operation: str) -> Gap:
    return Gap.unread(operation, REGION, "CodeNotRead", job.arn)


MANY, ONE = (Fleet("ml.p4d.24xlarge", 1),), (Fleet("ml.g5.xlarge", 1),)


@pytest.mark.parametrize(
    ("fleets", "parameters", "by", "doubted"),
    [
        (MANY, {"tensor_parallel_degree": "4"}, "tensor_parallel_degree", False),
        (MANY, {"mp_parameters": "(not kept)"}, "mp_parameters", False),
        (MANY, {"tensor_parallel_degree": "1"}, None, True),
        (MANY, {"epochs": "4"}, None, True),
        ((Fleet("ml.g5.xlarge", 2),), {"fsdp": "(not kept)"}, "fsdp", False),
        (ONE, {"tensor_parallel_degree": "4"}, None, False),
        ((Fleet("ml.m5.xlarge", 4),), {}, None, False),
    ],
)
def test_a_model_is_split_over_several_accelerators_as_hyperparameters_say(
    fleets: tuple[Fleet, ...], parameters: dict[str, str], by: str | None, *, doubted: bool
) -> None:
    job = build(TrainingJob, "j", fleets=fleets, hyperparameters=parameters)
    old = build(TrainingJob, "old", fleets=MANY, ended_at=OLD)
    found = split_trainings(view_of(job, old))
    assert [each.by for each in found.items] == ([by] if by else [])
    assert found.gaps == ((unread(job, "sagemaker:DescribeTrainingJob"),) if doubted else ())


def test_an_algorithm_of_aws_leaves_no_doubt() -> None:
    job = build(TrainingJob, "j", fleets=MANY, image=f"{AWS}/image-classification:1")
    assert split_trainings(view_of(job)).gaps == ()


@pytest.mark.parametrize(("nodes", "gpus", "doubted"), [(2, 1, True), (1, 8, True), (4, 0, False)])
def test_what_a_batch_job_does_is_not_known(nodes: int, gpus: int, *, doubted: bool) -> None:
    job = build(BatchJob, "b", nodes=nodes, gpus=gpus)
    found = split_trainings(view_of(job))
    assert found.gaps == ((unread(job, "batch:DescribeJobs"),) if doubted else ())
