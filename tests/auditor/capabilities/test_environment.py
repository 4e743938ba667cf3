"""The images of what serves: known for good, loose, gone or out of sight."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.environment import Environment, environments
from mlaudit.evidence import Evidence
from mlaudit.model import GapReason
from mlaudit.resources import (
    Container,
    Deployment,
    Endpoint,
    ImageRepository,
    Model,
    ModelPackage,
    Resource,
    StoredImage,
    TrainingJob,
)
from mlaudit.testing import ACCOUNT, REGION, arn_of, build, gap, serving, view_of

HOST = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
FIT, SERVE = f"{HOST}/fit:1", f"{HOST}/serve:1"
AWS = f"683313688378.dkr.ecr.{REGION}.amazonaws.com/sagemaker-xgboost:1.7-1"
ARTEFACT = "s3://b/fraud-1/output/model.tar.gz"
DIGEST = "sha256:1"


def repository(name: str, *, immutable: bool = True) -> ImageRepository:
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}"
    return ImageRepository(arn, REGION, f"{HOST}/{name}", immutable, ())


def stored(name: str, *tags: str, digest: str = DIGEST) -> StoredImage:
    return StoredImage(f"{repository(name).arn}@{digest}", REGION, f"{HOST}/{name}", digest, tags)


def job(image: str | None = FIT, **values: Any) -> TrainingJob:
    return build(TrainingJob, "fraud-1", artifact=ARTEFACT, image=image, **values)


def model(image: str = SERVE, **values: Any) -> tuple[Resource, ...]:
    return serving("e", build(Container, image=image, model_data=ARTEFACT, **values))


def deployed(image: str, resolved: str) -> Deployment:
    arn = arn_of(Endpoint, "e")
    return build(Deployment, arn=f"{arn}#deployment", subject_arn=arn, images={image: resolved})


IMMUTABLE = (repository("fit"), repository("serve"))
MUTABLE = (repository("fit", immutable=False), repository("serve", immutable=False))
STORED = (stored("fit", "1"), stored("serve", "1"))
DEPLOYED = deployed(SERVE, f"{HOST}/serve@{DIGEST}")


def only(evidence: Evidence[Environment]) -> Environment:
    (found,) = evidence.items
    assert evidence.gaps == ()
    return found


@pytest.mark.parametrize(
    ("facts", "gone", "loose"),
    [
        ((*model(), job(), *IMMUTABLE, *STORED), (), ()),
        ((*model(), job(), *MUTABLE, *STORED), (), (FIT, SERVE)),
        # what the endpoint took is on record, however its tag moves
        ((*model(), job(), *MUTABLE, *STORED, DEPLOYED), (), (FIT,)),
        # the tag has moved, and what was deployed is still there
        ((*model(), job(), *IMMUTABLE, stored("fit", "1"), stored("serve"), DEPLOYED), (), ()),
        # the tag stands for another image, and what was deployed is gone
        (
            (
                *model(),
                job(),
                *IMMUTABLE,
                stored("fit", "1"),
                stored("serve", "1", digest="sha256:2"),
                DEPLOYED,
            ),
            (SERVE,),
            (),
        ),
        ((*model(), job(), *IMMUTABLE, stored("serve", "1")), (FIT,), ()),
        ((*model(), job(), repository("serve"), stored("serve", "1")), (FIT,), (FIT,)),
        ((*model(), job(f"{HOST}/fit@{DIGEST}"), *MUTABLE, *STORED, DEPLOYED), (), ()),
        # AWS keeps its images and patches them under their tags
        ((*model(AWS), job(AWS)), (), (AWS,)),
        ((*model(AWS), job(f"{AWS}@{DIGEST}"), deployed(AWS, f"{AWS}@{DIGEST}")), (), ()),
        # a marketplace algorithm has no image of its own
        ((*model(), job(None), *IMMUTABLE, *STORED), (), ()),
    ],
)
def test_images(facts: tuple[Resource, ...], gone: tuple[str, ...], loose: tuple[str, ...]) -> None:
    found = only(environments(view_of(*facts)))
    assert (found.gone, found.loose, found.whole) == (gone, loose, True)
    assert found.words == "model e on endpoint e"


def test_a_registered_version_has_its_images_and_digests() -> None:
    held = build(Container, image=SERVE, model_data=ARTEFACT, image_digest=DIGEST)
    package = build(ModelPackage, arn=arn_of(ModelPackage, "fraud/1"), containers=(held,))
    named = serving("e", build(Container, package_arn=package.arn))
    found = only(environments(view_of(*named, package, job(), *MUTABLE, *STORED)))
    assert (found.images, found.loose) == ((FIT, SERVE), (FIT,))


def test_a_digest_of_another_workloads_endpoint_says_nothing() -> None:
    other = build(
        Deployment,
        arn="arn:other#deployment",
        subject_arn="arn:other",
        images={SERVE: f"{HOST}/serve@sha256:9"},
    )
    facts = (*model(), job(), *IMMUTABLE, *STORED)
    assert only(environments(view_of(*facts, others=[other]))).gone == ()


def test_what_was_put_there_by_hand_has_no_record_of_its_training() -> None:
    placed = serving("e", build(Container, image=SERVE, model_data="s3://b/by-hand.tar.gz"))
    found = only(environments(view_of(*placed, *IMMUTABLE, *STORED)))
    assert (found.trained, found.whole) == (True, False)


@pytest.mark.parametrize(
    ("image", "code", "reason"),
    [
        ("ghcr.io/team/fit:1", "ImageOutsideEcr", GapReason.CONTENT_NOT_READ),
        (
            f"999999999999.dkr.ecr.{REGION}.amazonaws.com/fit:1",
            "ImageElsewhere",
            GapReason.OTHER_ACCOUNT,
        ),
        (
            f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/fit:1",
            "ImageElsewhere",
            GapReason.OTHER_ACCOUNT,
        ),
    ],
)
def test_an_image_elsewhere_is_not_gone(image: str, code: str, reason: GapReason) -> None:
    found = environments(view_of(*model(), job(image), *IMMUTABLE, *STORED))
    assert found.items == ()
    assert [(each.code, each.reason, each.subject) for each in found.gaps] == [
        (code, reason, arn_of(Model, "e"))
    ]


def test_a_model_whose_job_is_out_of_sight_is_a_gap() -> None:
    found = environments(view_of(*model(), *IMMUTABLE, *STORED))
    assert found.items == ()
    assert [each.code for each in found.gaps] == ["OriginNotFound"]


@pytest.mark.parametrize(
    ("operation", "subject"),
    [
        ("ecr:DescribeRepositories", None),
        ("ecr:DescribeImages", repository("fit").arn),
        ("sagemaker:DescribeEndpoint", arn_of(Endpoint, "e")),
        ("sagemaker:DescribeTrainingJob", None),
        ("sagemaker:ListModelPackages", None),
    ],
)
def test_what_cannot_be_seen_is_neither_gone_nor_loose(operation: str, subject: str | None) -> None:
    denied = gap(operation, subject)
    found = environments(view_of(*model(), job(), *MUTABLE, gaps=[denied]))
    assert found.items == ()
    assert denied in found.gaps


def test_another_repository_does_not_matter() -> None:
    denied = gap("ecr:DescribeImages", repository("other").arn)
    facts = (*model(), job(), *IMMUTABLE, *STORED)
    assert only(environments(view_of(*facts, gaps=[denied]))).gone == ()
