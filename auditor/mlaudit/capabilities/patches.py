"""Whether the images that serve and train are still patched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.dependencies import Dependency
from mlaudit.capabilities.environment import containers_of
from mlaudit.capabilities.registries import AWS_REGISTRIES
from mlaudit.capabilities.registry import served_versions
from mlaudit.evidence import Evidence
from mlaudit.lifecycle import Notice, images
from mlaudit.model import Gap
from mlaudit.resources import TrainingJob
from mlaudit.resources.images import ImageName, image_name
from mlaudit.sight import View

_VERSION = re.compile(r"\d+\.\d+(?:-\d+(?![\w.]))?")
"""The version of a framework at the beginning of a tag, with the build of AWS where it has one."""


@dataclass(frozen=True, slots=True)
class ImageInUse:
    """An image that something serves or was trained in.

    Attributes:
        uses: What uses it, and until when AWS patches it.
        fixed: Whether its name says which version it is.
    """

    uses: Dependency
    fixed: bool


@provider
def images_in_use(view: View) -> Evidence[ImageInUse]:
    """The images of what serves, and of the training jobs of the window.

    Of an image that AWS does not provide, or that its table of versions does not have, nothing
    tells whether it is patched: a gap, unless its name alone is at fault.
    """
    versions = view.once(served_versions)
    gaps = [*versions.gaps, *view.gaps(TrainingJob)]
    items: list[ImageInUse] = []
    for arn, words, image in _images(view):
        name = image_name(image or "")
        notice = _notice(name)
        fixed = bool(name.digest) or name.tag != "latest"
        if notice is None and (fixed or not image):
            gaps.append(Gap.unread("ecr:DescribeImages", view.region.name, "PatchesNotTold", arn))
        else:
            said = f"{words} is on {name.place.rpartition('/')[2]}:{name.tag}"
            judged_on = view.window.end.date()
            items.append(ImageInUse(Dependency(arn, said, notice, judged_on), fixed))
    return Evidence(tuple(dict.fromkeys(items)), tuple(dict.fromkeys(gaps)))


def _images(view: View) -> Iterator[tuple[str, str, str | None]]:
    for version in view.once(served_versions).items:
        found = [each.image for each in containers_of(version)]
        for image in found or [None]:
            yield version.arn, version.words, image
    for job in view.items(TrainingJob):
        if view.window.covers(job.ended_at):
            yield job.arn, f"training job {job.name}", job.image


def _notice(name: ImageName) -> Notice | None:
    version = _VERSION.match(name.tag)
    if name.account not in AWS_REGISTRIES or version is None:
        return None
    repository = name.place.rpartition("/")[2]
    minor = version[0].partition("-")[0]
    return images().get(f"{repository}:{version[0]}") or images().get(f"{repository}:{minor}")
