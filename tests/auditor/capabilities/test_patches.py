"""Until when an image is patched is known by its name, or not at all."""

from dataclasses import replace

import pytest

from mlaudit.capabilities.patches import images_in_use
from mlaudit.resources import Container, ModelPackage, Resource, TrainingJob
from mlaudit.testing import OLD, arn_of, build, gap, serving, view_of

DLC = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
OWN = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
DIGEST = "@sha256:" + "a" * 64


def served(image: str | None) -> tuple[Resource, ...]:
    return serving("fraud", build(Container, image=image))


@pytest.mark.parametrize(
    ("image", "notice"),
    [
        (f"{DLC}/pytorch-inference:2.8.0-gpu-py312-cu129-ubuntu22.04-sagemaker", "2026-08-06"),
        (f"{DLC}/pytorch-inference:2.10-cpu-py312", "2027-01-21"),
        (f"{DLC}/pytorch-inference:2.1.0-cpu-py310", "2024-10-04"),
        (f"{DLC}/pytorch-inference:2.6.0-cpu-py312", "2026-06-30"),
        (f"{DLC}/pytorch-training:2.6.0-cpu-py312", "2026-01-29"),
        (f"{DLC}/tensorflow-inference:2.19.0-cpu", "2026-03-11"),
        ("141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5", "2026-11-17"),
    ],
)
def test_an_image_of_aws_is_known_by_its_version(image: str, notice: str) -> None:
    seen = images_in_use(view_of(*served(image)))
    (found,) = seen.items
    assert (seen.gaps, found.fixed) == ((), True)
    assert found.uses.notice
    assert str(found.uses.notice.day) == notice
    assert found.uses.words.endswith(f"is on {image.rpartition('/')[2]}")


@pytest.mark.parametrize(
    "image",
    [
        f"{OWN}/pytorch-inference:2.8.0",
        f"{OWN}/fraud{DIGEST}",
        f"{DLC}/pytorch-inference:2.99.0-cpu",
        f"{DLC}/huggingface-pytorch-inference:2.6.0-transformers4.51",
        f"{DLC}/pytorch-inference:nightly",
        "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-4",
        None,
    ],
)
def test_of_any_other_image_nothing_is_known(image: str | None) -> None:
    model = served(image)[2]
    seen = images_in_use(view_of(*served(image)))
    assert seen.items == ()
    assert [(each.code, each.subject) for each in seen.gaps] == [("PatchesNotTold", model.arn)]


@pytest.mark.parametrize("image", [f"{OWN}/fraud:latest", f"{OWN}/fraud", f"{DLC}/x:latest"])
def test_a_name_without_a_version_is_at_fault_by_itself(image: str) -> None:
    (found,) = images_in_use(view_of(*served(image))).items
    assert not found.fixed


def test_a_model_that_names_a_version_serves_with_its_images() -> None:
    image = f"{DLC}/pytorch-inference:2.8.0"
    package = build(
        ModelPackage,
        arn=arn_of(ModelPackage, "fraud/1"),
        group_name="fraud",
        containers=(build(Container, image=image),),
    )
    own = serving("fraud", build(Container, package_arn=package.arn))
    (found,) = images_in_use(view_of(*own, package)).items
    assert found.uses.words.endswith("is on pytorch-inference:2.8.0")


def test_training_jobs_of_the_window_count() -> None:
    job = build(TrainingJob, "t", image=f"{DLC}/pytorch-training:2.8.0")
    old = replace(job, arn=f"{job.arn}2", ended_at=OLD)
    (found,) = images_in_use(view_of(job, old)).items
    assert found.uses.words == "training job t is on pytorch-training:2.8.0"


@pytest.mark.parametrize("operation", ["sagemaker:ListTrainingJobs", "sagemaker:ListModels"])
def test_what_cannot_be_seen_is_told(operation: str) -> None:
    assert gap(operation) in images_in_use(view_of(gaps=[gap(operation)])).gaps
