"""Collect the images that training and serving are made from, and their repositories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.resources import (
    Deployment,
    ImageRepository,
    Model,
    ModelPackage,
    StoredImage,
    TrainingJob,
)
from mlaudit.resources.images import image_name

LIST_REPOSITORIES = Operation(
    "ecr", "DescribeRepositories", "repositories", "nextToken", "nextToken", ("maxResults", 1000)
)
LIST_IMAGES = Operation(
    "ecr", "DescribeImages", "imageDetails", "nextToken", "nextToken", ("maxResults", 1000)
)


@collector(LIST_REPOSITORIES, LIST_IMAGES)
def images(
    reader: Reader,
    training: Sequence[TrainingJob],
    models: Sequence[Model],
    packages: Sequence[ModelPackage],
    deployments: Sequence[Deployment],
) -> Iterator[ImageRepository | StoredImage]:
    """The account's repositories of images in use, and which of these images they still hold.

    Such a repository is listed whole, as only that tells what it holds no longer.
    """
    containers = [one for each in models for one in each.containers]
    containers += [one for each in packages for one in each.containers]
    named = {each.image for each in containers} | {job.image for job in training}
    named |= {image for each in deployments for image in each.images.values()}
    names = {image_name(image) for image in named if image}
    digests = {name.digest for name in names} | {each.image_digest for each in containers}
    arns = [each.arn for some in (training, models, packages) for each in some]
    here = (arns[0].split(":")[4] if arns else "", reader.region)
    used = {each.place for each in names if (each.account, each.region) == here}
    listed = reader.items(LIST_REPOSITORIES) if used else ()
    found = [_repository(each, reader.region) for each in listed if each["repositoryUri"] in used]
    yield from found

    def fetch(repository: ImageRepository) -> list[StoredImage]:
        tags = {each.tag for each in names if each.place == repository.place and not each.digest}
        return [
            each
            for each in _stored_in(reader, repository)
            if each.digest in digests or tags & {*each.called}
        ]

    for some in reader.each(found, fetch):
        yield from some


def _repository(record: Record, region: str) -> ImageRepository:
    filters = record.get("imageTagMutabilityExclusionFilters") or ()
    return ImageRepository(
        arn=record["repositoryArn"],
        region=region,
        place=record["repositoryUri"],
        immutable=record["imageTagMutability"].startswith("IMMUTABLE"),
        exceptions=tuple(each["filter"] for each in filters),
    )


def _stored_in(reader: Reader, repository: ImageRepository) -> Iterator[StoredImage]:
    name = repository.place.partition("/")[2]
    for record in reader.items(LIST_IMAGES, repository.arn, repositoryName=name):
        yield StoredImage(
            arn=f"{repository.arn}@{record['imageDigest']}",
            region=repository.region,
            place=repository.place,
            digest=record["imageDigest"],
            called=tuple(record.get("imageTags") or ()),
        )
