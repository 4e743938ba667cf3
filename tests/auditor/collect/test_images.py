"""Where images are kept, and which of those in use are still there."""

from typing import Any

import pytest

from mlaudit.collect import deployments, images
from mlaudit.model import Gap, GapReason
from mlaudit.resources import (
    Container,
    Deployment,
    Endpoint,
    ImageRepository,
    InferenceComponent,
    Model,
    ModelPackage,
    StoredImage,
    TrainingJob,
)
from mlaudit.resources.images import ImageName, image_name
from mlaudit.testing import ACCOUNT, RECENT, REGION, build

DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)
HOST = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (f"{HOST}/fit:1", ImageName(f"{HOST}/fit", ACCOUNT, REGION, "1", None)),
        (f"{HOST}/a/b", ImageName(f"{HOST}/a/b", ACCOUNT, REGION, "latest", None)),
        (
            f"{HOST}/fit@sha256:0f",
            ImageName(f"{HOST}/fit", ACCOUNT, REGION, "latest", "sha256:0f"),
        ),
        (
            f"{HOST}/fit:1@sha256:0f",
            ImageName(f"{HOST}/fit", ACCOUNT, REGION, "1", "sha256:0f"),
        ),
        (
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/fit:1",
            ImageName(
                "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/fit",
                ACCOUNT,
                "cn-north-1",
                "1",
                None,
            ),
        ),
        ("ghcr.io/a/b:1", ImageName("ghcr.io/a/b", None, None, "1", None)),
        ("fit:1", ImageName("fit", None, None, "1", None)),
        ("a:b:c@d", ImageName("a:b:c@d", None, None, "latest", None)),
    ],
)
def test_a_name_is_read(image: str, expected: ImageName) -> None:
    assert image_name(image) == expected


@pytest.mark.parametrize(
    ("immutable", "exceptions", "tag", "holds"),
    [
        (True, (), "1", True),
        (False, (), "1", False),
        (True, ("dev-*",), "dev-1", False),
        (True, ("dev-*",), "1", True),
        (False, ("v*",), "v1", True),
    ],
)
def test_a_tag_holds_unless_it_is_excepted(
    *, immutable: bool, exceptions: tuple[str, ...], tag: str, holds: bool
) -> None:
    repository = ImageRepository("arn", REGION, "place", immutable, exceptions)
    assert repository.holds(tag) is holds


def record(name: str, mutability: str = "MUTABLE", **more: Any) -> dict[str, Any]:
    return {
        "repositoryArn": f"{ARN}/{name}",
        "repositoryUri": f"{HOST}/{name}",
        "imageTagMutability": mutability,
        **more,
    }


def listed(params: Any) -> Any:
    if params["repositoryName"] == "denied":
        return DENIED
    return {
        "imageDetails": [
            {"imageDigest": f"sha256:{number}", "imageTags": [str(number)]} for number in range(5)
        ]
        + [{"imageDigest": "sha256:9"}]
    }


JOB = build(TrainingJob, image=f"{HOST}/team/fit:1")
MODEL = build(Model, containers=(build(Container, image=f"{HOST}/denied:2"), build(Container)))
PACKAGE = build(
    ModelPackage,
    containers=(build(Container, image=f"{HOST}/team/fit:2", image_digest="sha256:9"),),
)
DEPLOYED = build(
    Deployment, arn="arn:d", images={f"{HOST}/team/fit:3": f"{HOST}/team/fit@sha256:3"}
)


def test_what_is_in_use_is_looked_for_in_its_repository(reader_of: Any, answers: Any) -> None:
    exclusion = [{"filterType": "WILDCARD", "filter": "dev-*"}]
    repositories = [
        record(
            "team/fit", "IMMUTABLE_WITH_EXCLUSION", imageTagMutabilityExclusionFilters=exclusion
        ),
        record("denied"),
        record("other"),
    ]
    api = answers(DescribeRepositories={"repositories": repositories}, DescribeImages=listed)
    reader = reader_of(api)
    found = list(images.images.run(reader, [JOB], [MODEL], [PACKAGE], [DEPLOYED]))
    assert found == [
        ImageRepository(f"{ARN}/team/fit", REGION, f"{HOST}/team/fit", True, ("dev-*",)),
        ImageRepository(f"{ARN}/denied", REGION, f"{HOST}/denied", False, ()),
        *(
            StoredImage(
                f"{ARN}/team/fit@sha256:{number}",
                REGION,
                f"{HOST}/team/fit",
                f"sha256:{number}",
                (str(number),) * (number != 9),
            )
            for number in (1, 2, 3, 9)
        ),
    ]
    assert [gap.subject for gap in reader.ledger.gaps] == [f"{ARN}/denied"]


@pytest.mark.parametrize(
    "image",
    [
        "fit:1",
        "ghcr.io/team/fit:1",
        f"999999999999.dkr.ecr.{REGION}.amazonaws.com/fit:1",
        f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/fit:1",
    ],
)
def test_nothing_is_asked_about_images_that_are_elsewhere(
    image: str, reader_of: Any, answers: Any
) -> None:
    api = answers()
    assert (
        list(images.images.run(reader_of(api), [build(TrainingJob, image=image)], [], [], [])) == []
    )
    assert api.asked == []


@pytest.mark.parametrize(
    ("resolved", "expected"),
    [
        ("fit@sha256:1", {"fit:1": "fit@sha256:1"}),
        ("fit:1", {}),
        (None, {}),
    ],
)
def test_an_endpoint_tells_what_a_tag_stood_for(
    resolved: str | None, expected: dict[str, str], reader_of: Any, answers: Any
) -> None:
    image = {"SpecifiedImage": "fit:1"} | ({"ResolvedImage": resolved} if resolved else {})
    variants = [{"VariantName": "a", "DeployedImages": [image]}, {"VariantName": "b"}]
    reader = reader_of(
        answers(
            DescribeEndpoint={"ProductionVariants": variants, "LastModifiedTime": RECENT},
            DescribeInferenceComponent={
                "Specification": {"Container": {"DeployedImage": image}},
                "LastModifiedTime": RECENT,
            },
        )
    )
    (endpoint,) = deployments.endpoint_deployments.run(reader, [build(Endpoint, "e")])
    (component,) = deployments.component_deployments.run(reader, [build(InferenceComponent, "c")])
    assert (endpoint.images, component.images) == (expected, expected)  # type: ignore[attr-defined]
