"""Keep what models are made of: earlier versions of data, and images that a tag stands for."""

from __future__ import annotations

from collections.abc import Iterator

from mlaudit.capabilities.data import bucket_of, data_stores, jobs_of_window, written_by
from mlaudit.capabilities.environment import environments
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Sight
from mlaudit.resources import ImageRepository
from mlaudit.resources.images import image_name


def bucket_versioning(sight: Sight) -> Iterator[Change]:
    """Switch on versioning where a bucket forgets what the workload's data looked like."""
    view = sight.view
    users: dict[str, str] = {}
    for job in jobs_of_window(view):
        for uri in (*job.inputs, *written_by(job)):
            users[bucket_of(uri)] = max(job.arn, users.get(bucket_of(uri), ""))
    for store in view.once(data_stores).items:
        if store.unkept:  # so its bucket was seen, and has no versions
            yield Change(
                kind="s3.versioning",
                key={"Bucket": store.name},
                region=view.region.name,
                scope=users[store.name],
                about=f"keep earlier versions of what is in bucket {store.name}",
                patch={"Status": "Enabled"},
            )


def image_immutability(sight: Sight) -> Iterator[Change]:
    """Let no tag be moved in repositories of images that a model is known by a tag of."""
    view = sight.view
    planned: dict[str, str] = {}
    for model in view.once(environments).items:
        for image in model.loose:
            planned.setdefault(image_name(image).place, model.arn)
    for place, arn in sorted(planned.items()):
        for repository in view.region.by(ImageRepository, "place").get(place, ()):
            if not repository.exceptions:  # these are somebody's choice
                name = place.partition("/")[2]
                yield Change(
                    kind="ecr.repository",
                    key={"repositoryName": name},
                    region=view.region.name,
                    scope=arn,
                    about=f"let no tag of repository {name} be moved to another image",
                    patch={"imageTagMutability": "IMMUTABLE"},
                )
