"""What a system may become: what somebody says of it stays, what is left open can be turned on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import yaml
from pydantic import ValidationError

from mlaudit_reference.capabilities import Capability, capabilities, turned_on
from mlaudit_reference.manifest import (
    Manifest,
    Profile,
    document_of,
    example,
    merged,
    read_manifest,
)

Document = Mapping[str, Any]

LEAN: Document = {
    "network": {"reach": "none"},
    "training": {"tracking": False},
    "delivery": {"enabled": False},
    "budget": {"ttl_days": None},
}
"""What profiles turn on and no item takes: it costs at rest, or is for its user to decide."""

LOG_DAYS = (30, 60, 90, 180, 365, 731, 1827)
"""For how many days a manifest can keep logs."""

LONGEST = 32
"""Characters of the name of a system."""

_BESIDE = "-ref"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Person:
    """What only its user says of a system that is derived; what is left out is not known.

    Attributes:
        notify: Who hears of alarms; the first of them answers for the system.
        log_days: How long logs are kept.
        monthly_usd: What may be spent a month.
        ttl_days: After how many days the stacks delete themselves.
        images: The images of training and of serving.
    """

    notify: tuple[str, ...] = ()
    log_days: int | None = None
    monthly_usd: float | None = None
    ttl_days: int | None = None
    images: tuple[str, str] | None = None

    @property
    def document(self) -> dict[str, Any]:
        """It as a part of a manifest."""
        found: dict[str, Any] = {}
        if self.notify:
            found |= {"owner": self.notify[0], "approvals": {"notify": list(self.notify)}}
        if self.log_days is not None:
            found["monitoring"] = {"log_days": _kept_for(self.log_days)}
        if self.images is not None:
            found["training"] = dict(zip(("image", "serving_image"), self.images, strict=True))
        budget = {"monthly_usd": self.monthly_usd, "ttl_days": self.ttl_days}
        if said := {name: each for name, each in budget.items() if each is not None}:
            found["budget"] = said
        return found


@dataclass(frozen=True)
class Draft:
    """What a system may become.

    Attributes:
        said: A part of a manifest that stays as it is, whatever is turned on.
        open: What holds for the rest unless something that is turned on says otherwise.
    """

    said: Document
    open: Document

    @cached_property
    def targets(self) -> frozenset[str]:
        """The ways to answer that it has in any case."""
        return frozenset((*self.open.get("targets", ()), *self.said.get("targets", ())))

    def manifest(self, on: Iterable[Capability]) -> Manifest | None:
        """The manifest with these turned on; ``None`` where that cannot be.

        It cannot be where they exclude each other, or where what is said keeps one of them off.
        """
        wanted = tuple(on)
        settings = [each.setting for each in wanted if not each.yours]
        document = merged(reduce(merged, settings, dict(self.open)), self.said)
        targets = self.targets.union(*(each.get("targets", ()) for each in settings))
        try:
            found = read_manifest({**document, "targets": sorted(targets)})
        except ValidationError:
            return None
        there = {each.id for each in turned_on(found)}
        return found if there.issuperset(each.id for each in wanted) else None


def derived(workload: str, person: Person, *, production: bool) -> Draft:
    """A system beside a workload of whose data nothing is known: its columns are an example's.

    All that completes items and can be turned off is off, so that only what is wanted comes on.

    Args:
        workload: The workload's name.
        person: What its user says.
        production: Whether its defaults are those of the profile ``production``, or of ``demo``.
    """
    profile = Profile.PRODUCTION if production else Profile.DEMO
    off = [each.without for each in capabilities() if each.without is not None and each.items]
    start = yaml.safe_load(example()) | {"profile": profile.value}
    open_: dict[str, Any] = reduce(merged, [*off, LEAN], start)
    return Draft(merged(_beside(workload), person.document), {**open_, "targets": ()})


def grown_from(manifest: Manifest, person: Person) -> Draft:
    """A system that was derived and deployed before: what it has stays on, and more may come."""
    identity = _beside(manifest.belongs_to)
    return Draft(merged(identity, person.document), document_of(manifest))


def taken(
    document: Document, workload: str, person: Person, there: Manifest | None = None
) -> Draft:
    """A system that its user describes: what the manifest says stays, more may be turned on.

    Of what else its user says, only what may be spent and for how long it lives is heeded. What was
    turned on before and the manifest does not speak of stays on.

    Args:
        document: The manifest as YAML gives it.
        workload: The workload that it is deployed for.
        person: What its user says beside it.
        there: What is deployed already, if anything is.

    Raises:
        pydantic.ValidationError: It says something that is not understood.
    """
    targets = sorted(read_manifest(document).targets)
    own = Person(monthly_usd=person.monthly_usd, ttl_days=person.ttl_days).document
    said = {**merged(document, own), "targets": targets}
    if document.get("name") != workload:
        said["workload"] = workload
    return Draft(said, document_of(there) if there else {})


def name_for(workload: str) -> str:
    """The name of the system beside a workload, always the same; no two workloads share one."""
    plain = re.sub(r"[^a-z0-9]+", "-", workload.lower()).strip("-")
    plain = plain if plain[:1].isalpha() else f"w-{plain}".strip("-")
    if plain == workload and len(plain) + len(_BESIDE) <= LONGEST:
        return plain + _BESIDE
    end = f"-{hashlib.sha256(workload.encode()).hexdigest()[:6]}{_BESIDE}"
    return plain[: LONGEST - len(end)].rstrip("-") + end


def is_name(text: str) -> bool:
    """Whether a system can be called so."""
    return bool(_NAME.fullmatch(text)) and len(text) <= LONGEST


def _beside(workload: str) -> dict[str, Any]:
    return {
        "name": name_for(workload),
        "workload": workload,
        "tags": {"mlaudit:managed-by": "remediate"},
    }


def _kept_for(days: int) -> int:
    """The least time that a manifest can say and that is not less, or else the longest."""
    return next((each for each in LOG_DAYS if each >= days), LOG_DAYS[-1])
