"""Attacks on what serves that its own team made, to see it withstand them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.detectors import CONTROL_TAG
from mlaudit.capabilities.provenance import artefacts_of
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import Model, ProcessingJob
from mlaudit.sight import View

_ATTACKS = re.compile(
    r"adversari|red[-_]?team|jailbreak|counterfit|textattack|foolbox|(?<![a-z])(?:garak|pyrit)",
    re.IGNORECASE,
)
"""Names and images of jobs, or values of the tag ``mlaudit:control``, that speak of attacks."""


@dataclass(frozen=True, slots=True)
class AttackedModel:
    """A model that serves, with the jobs that attacked it or another version.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        job: The newest job that attacked this version; ``None`` without one.
        before: The newest that attacked something else.
        at: When the first of these ended.
    """

    arn: str
    words: str
    job: str | None
    before: str | None
    at: datetime | None


@provider
def attacked_models(view: View) -> Evidence[AttackedModel]:
    """Every model that serves and that a job of the window attacked.

    An attack is on this version when it read its artefact, or came after the model was made. Most
    attacks are made by people, or leave no job: a model without one is a gap.
    """
    seen = view.once(served_versions)
    gaps = list(seen.gaps)
    items = []
    for version in seen.items:
        found = _attacked(view, version)
        if found.job or (found.before and view.sees(ProcessingJob)):
            items.append(found)
        else:
            operation, region = "sagemaker:ListProcessingJobs", view.region.name
            gaps += view.gaps(ProcessingJob)
            gaps.append(Gap.unread(operation, region, "AttackedElsewhere", version.arn))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _attacked(view: View, version: ServedVersion) -> AttackedModel:
    attacks = sorted(_attacks(view))
    model = view.region.get(Model, version.arn)
    mine: dict[str, datetime] = {}
    others: dict[str, datetime] = {}
    for ended_at, name, inputs in attacks:
        read = bool(artefacts_of(version) & {*inputs})
        since = model is not None and ended_at >= model.created_at
        (mine if read or since else others)[name] = ended_at
    return AttackedModel(
        arn=version.arn,
        words=version.words,
        job=next(reversed(mine), None),
        before=next(reversed(others), None),
        at=next(reversed((mine or others).values()), None),
    )


def _attacks(view: View) -> Iterator[tuple[datetime, str, tuple[str, ...]]]:
    """When each attack of the window ended, its name, and what it read."""
    for job in view.items(ProcessingJob):
        said = " ".join([job.name, job.image or "", job.tags.get(CONTROL_TAG, "")])
        ended_at = job.ended_at if job.status == "Completed" else None
        if ended_at and view.window.covers(ended_at) and _ATTACKS.search(said):
            yield ended_at, job.name, job.inputs
