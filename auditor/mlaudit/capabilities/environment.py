"""What models were trained in and serve in: container images, and whether they can be had again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.provenance import Provenance, provenances
from mlaudit.capabilities.registries import AWS_REGISTRIES
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation
from mlaudit.resources import (
    Container,
    Deployment,
    Endpoint,
    ImageRepository,
    InferenceComponent,
    StoredImage,
)
from mlaudit.resources.images import ImageName, image_name
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Environment:
    """The images behind a model that serves.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        images: All of them, by name.
        gone: Those that are in their repository no longer.
        loose: Those that are known by a tag alone which may stand for another image by now.
        trained: Whether anything in it was trained by oneself, unlike what AWS provides.
        whole: Whether the jobs that trained it, and so their images, are all known.
        at: When the newest of the jobs ended.
    """

    arn: str
    words: str
    images: tuple[str, ...]
    gone: tuple[str, ...]
    loose: tuple[str, ...]
    trained: bool
    whole: bool
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@dataclass(frozen=True, slots=True)
class _Use:
    """An image that something was trained in or serves in, and the digests on record for it."""

    image: str
    name: ImageName
    digests: frozenset[str]


@provider
def environments(view: View) -> Evidence[Environment]:
    """Every model that serves with its images; one with an image out of sight is a gap.

    Which image a tag stood for is on record for what an endpoint deployed and for a registered
    version, and it is as good as on record where tags cannot be moved. AWS keeps the images it
    provides, and patches them under the same tag. An image in another account or another registry
    cannot be described.
    """
    traced = view.once(provenances)
    versions = view.once(served_versions)
    gaps = [*versions.gaps, *traced.gaps]
    told = {each.arn: each for each in traced.items}
    for gap in traced.gaps:
        told.pop(gap.subject or "", None)
    deployed = _deployed(view)
    items: list[Environment] = []
    for version in versions.items:
        if version.arn in told:
            uses = tuple(_uses(version, deployed))
            hidden = [gap for use in uses for gap in _hidden(view, version.arn, use)]
            gaps += hidden
            if not hidden:
                items.append(_environment(view, told[version.arn], uses))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _deployed(view: View) -> Mapping[str, set[str]]:
    """What the images of the workload's endpoints stood for when they were deployed."""
    found: dict[str, set[str]] = defaultdict(set)
    places = {each.arn for each in view.items(Endpoint)}
    places |= {each.arn for each in view.items(InferenceComponent)}
    for deployment in view.region.all(Deployment):
        if deployment.subject_arn in places:
            for image, resolved in deployment.images.items():
                found[image].add(resolved)
    return found


def _uses(version: ServedVersion, deployed: Mapping[str, set[str]]) -> Iterator[_Use]:
    """The images of its training jobs, and those of its containers or of the version they name."""
    for image in dict.fromkeys(job.image for job in version.jobs if job.image):
        yield _use(image, set())
    for container in containers_of(version):
        if container.image:
            digests = {image_name(one).digest for one in deployed.get(container.image, ())}
            yield _use(container.image, digests | {container.image_digest})


def containers_of(version: ServedVersion) -> list[Container]:
    """The containers that serve: those of the model, or of the version that they name."""
    served = [each for each in version.containers if not each.package_arn]
    if len(served) < len(version.containers) and version.package:
        served += version.package.containers
    return served


def _use(image: str, digests: set[str | None]) -> _Use:
    name = image_name(image)
    found = digests | {name.digest}
    return _Use(
        image, name, frozenset(each for each in found if each and each.startswith("sha256:"))
    )


def _hidden(view: View, model: str, use: _Use) -> tuple[Gap, ...]:
    """What keeps it from being known whether an image can be had again."""
    name, region = use.name, view.region.name
    if name.account is None:
        return (Gap.unread("ecr:DescribeImages", region, "ImageOutsideEcr", model),)
    if name.account in AWS_REGISTRIES:
        return () if use.digests else view.gaps(Deployment)
    here = (model.split(":")[4], region)
    if (name.account, name.region) != here:
        reason = GapReason.OTHER_ACCOUNT
        return (Gap("ecr:DescribeImages", region, "ImageElsewhere", reason, None, model),)
    found = view.gaps(Deployment, ImageRepository, StoredImage)
    mine = {each.arn for each in _repositories(view, name)}
    return tuple(gap for gap in found if gap.subject in mine or not _is_repository(gap.subject))


def _is_repository(subject: str | None) -> bool:
    return ":ecr:" in (subject or "")


def _repositories(view: View, name: ImageName) -> tuple[ImageRepository, ...]:
    return view.region.by(ImageRepository, "place").get(name.place, ())


def _environment(view: View, origin: Provenance, uses: tuple[_Use, ...]) -> Environment:
    return Environment(
        arn=origin.arn,
        words=origin.words,
        images=tuple(sorted({each.image for each in uses})),
        gone=tuple(sorted({each.image for each in uses if _is_gone(view, each)})),
        loose=tuple(sorted({each.image for each in uses if _is_loose(view, each)})),
        trained=origin.trained,
        whole=origin.whole,
        at=origin.at,
    )


def _is_gone(view: View, use: _Use) -> bool:
    """Whether its repository lacks one of its digests, or its tag where no digest is on record."""
    if use.name.account in AWS_REGISTRIES:
        return False
    stored = view.region.by(StoredImage, "place").get(use.name.place, ())
    if use.digests:
        return not use.digests <= {each.digest for each in stored}
    return not any(use.name.tag in each.called for each in stored)


def _is_loose(view: View, use: _Use) -> bool:
    holds = any(each.holds(use.name.tag) for each in _repositories(view, use.name))
    return not use.digests and not holds
