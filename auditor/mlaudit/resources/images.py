"""Container images and where they are kept. No field has a default."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

_IMAGE = re.compile(
    r"(?P<place>(?:(?P<registry>[^/]+\.[^/]+)/)?[^:@]+)"
    r"(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]+))?"
)
_ECR = re.compile(r"(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z.-]+")


@dataclass(frozen=True, slots=True)
class ImageName:
    """What an image is called by.

    Attributes:
        place: The registry and the repository.
        account: The account of the registry; ``None`` where it is not ECR.
        region: The region of the registry; ``None`` where it is not ECR.
        tag: The tag it is taken by; ``latest`` where there is neither tag nor digest.
        digest: What names this very image; ``None`` where only a tag does.
    """

    place: str
    account: str | None
    region: str | None
    tag: str
    digest: str | None


def image_name(image: str) -> ImageName:
    """Read an image's name."""
    match = _IMAGE.fullmatch(image)
    place = match["place"] if match else image
    ecr = _ECR.fullmatch((match and match["registry"]) or "")
    return ImageName(
        place=place,
        account=ecr and ecr["account"],
        region=ecr and ecr["region"],
        tag=(match and match["tag"]) or "latest",
        digest=match and match["digest"],
    )


@dataclass(frozen=True, slots=True)
class ImageRepository:
    """A repository of images that what trains or serves is made from (``DescribeRepositories``)."""

    arn: str
    region: str
    place: str
    """Its registry and name, as the names of its images begin."""
    immutable: bool
    """Whether a tag stands for one image for good."""
    exceptions: tuple[str, ...]
    """Patterns of the tags for which it is the other way round."""

    def holds(self, tag: str) -> bool:
        """Whether a tag stands for one image for good."""
        return self.immutable != any(fnmatchcase(tag, each) for each in self.exceptions)


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image of a repository that something trains or serves with (``DescribeImages``)."""

    arn: str
    """The ARN of its repository, followed by ``@`` and its digest."""
    region: str
    place: str
    digest: str
    called: tuple[str, ...]
    """Its tags."""
