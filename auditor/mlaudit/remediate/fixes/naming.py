"""What new things are called, and how they are marked: legal, unique, and the same every time."""

from __future__ import annotations

import hashlib
import re

from mlaudit.remediate.fix import Sight
from mlaudit.workloads import WORKLOAD_TAG

MANAGED_BY_TAG = "mlaudit:managed-by"
MANAGED_BY = "remediate"

_ILLEGAL = re.compile(r"[^A-Za-z0-9]+")
_TAGGABLE = re.compile(r"[\w\s.:/=+\-@]{1,256}")
"""What AWS takes as the value of a tag."""

SHORT = 63
"""What the names of endpoint configurations may have at most (SageMaker API)."""
LONG = 250
"""What the names of alarms, topics and policies may have, and a little less."""


def name_for(sight: Sight, *parts: str, most: int = LONG) -> str:
    """A name of letters, digits and hyphens that starts with the workload's.

    Where it is not all that was given, or could be read in two ways, it ends in a digest of that.

    Args:
        sight: The workload it is for; for the platform, the region stands in its place.
        *parts: What tells it from other new things of the workload.
        most: How long it may be.
    """
    whose = sight.view.workload or sight.view.region.name
    words = (_ILLEGAL.sub("-", each).strip("-") for each in ("mlaudit", whose, *parts))
    plain = "-".join(dict.fromkeys(each for each in words if each))  # no word twice
    if not parts and plain == f"mlaudit-{whose}" and len(plain) <= most:
        return plain
    digest = hashlib.sha256("\0".join((whose, *parts)).encode()).hexdigest()[:8]
    return f"{plain[: most - len(digest) - 1].rstrip('-')}-{digest}"


def tags_for(sight: Sight) -> dict[str, str]:
    """The tags of what is made for one workload.

    A name that no tag can have, such as one this tool told apart by a number, is left out.
    """
    own = {MANAGED_BY_TAG: MANAGED_BY}
    name = sight.view.workload
    return own | {WORKLOAD_TAG: name} if name and _TAGGABLE.fullmatch(name) else own


def tag_list_for(sight: Sight) -> list[dict[str, str]]:
    """The same as most services want them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags_for(sight).items())]
