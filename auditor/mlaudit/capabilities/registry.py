"""The versions that serve, as the model registry knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import ServedModel, served_models
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation
from mlaudit.resources import Container, Model, ModelPackage, TrainingJob
from mlaudit.sight import View

APPROVED = "Approved"


@dataclass(frozen=True, slots=True)
class ServedVersion:
    """A model that serves, and the registered version it is.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        containers: What of the model the version stands for.
        package: The version; ``None`` where no version of a registry holds what it serves.
        jobs: The training jobs that made what it serves.
        approved: The approved versions of its group, itself included.
    """

    arn: str
    words: str
    containers: tuple[Container, ...]
    package: ModelPackage | None
    jobs: tuple[TrainingJob, ...]
    approved: tuple[ModelPackage, ...]

    @property
    def name(self) -> str | None:
        """The registered version's name, such as ``fraud/2``."""
        return self.package.arn.partition(":model-package/")[2] if self.package else None

    @property
    def records(self) -> frozenset[str]:
        """What is on record for the version, of data, model, evaluation and code."""
        return frozenset(_records(self))

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        at: datetime | None = self.package.created_at if self.package else None
        return Observation(self.arn, grade, f"{self.words} {fact}", at)


RECORDS = ("data", "model", "evaluation", "code")
"""What a registry is asked to carry for a version."""

_SAYS = {
    "data": re.compile(r"data|feature", re.IGNORECASE),
    "evaluation": re.compile(r"metric|eval|accuracy|auc|f1|rmse|score", re.IGNORECASE),
    "code": re.compile(r"commit|git|revision", re.IGNORECASE),
}
"""Names of customer metadata that speak of the same."""


def says(package: ModelPackage, kind: str) -> bool:
    """Whether customer metadata of a version speaks of its data, evaluation or code."""
    return any(_SAYS[kind].search(key) for key in package.metadata_keys)


def _records(version: ServedVersion) -> Iterator[str]:
    package = version.package
    if package is None:
        return
    yield from (kind for kind in _SAYS if says(package, kind))
    if package.data_quality_uri or any(job.inputs for job in version.jobs):
        yield "data"
    if any(each.image for each in package.containers):
        yield "model"
    if package.quality_uri:
        yield "evaluation"
    if package.commit:
        yield "code"


@provider
def served_versions(view: View) -> Evidence[ServedVersion]:
    """Every model that serves, with its version; one whose version is out of sight is a gap.

    A model of several containers that run one after the other is one version: what prepares its
    input needs none of its own. One whose containers are called by name has a version for each.
    """
    seen = view.once(served_models)
    items: list[ServedVersion] = []
    gaps = [*seen.gaps, *view.gaps(ModelPackage, TrainingJob)]
    told = view.sees(ModelPackage, TrainingJob)
    for served in seen.items if told else ():
        for part in _parts(served.model):
            hidden = _hidden(view, served.model, part)
            gaps += hidden
            if not hidden:
                items.append(_version(view, served, part))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _parts(model: Model) -> tuple[tuple[Container, ...], ...]:
    if model.execution_mode == "Direct":
        return tuple((each,) for each in model.containers)
    return (model.containers,)


def _hidden(view: View, model: Model, part: tuple[Container, ...]) -> list[Gap]:
    """What keeps the version of a model from being known, where it has no other."""
    named = [each.package_arn for each in part if each.package_arn]
    if any(view.region.get(ModelPackage, arn) for arn in named):
        return []
    region = view.region.name
    if any(each.multi_model for each in part):
        return [Gap.unread("sagemaker:DescribeModel", region, "ModelsNotListed", model.arn)]
    account = model.arn.split(":")[4]
    for arn in named:
        foreign = arn.split(":")[4:5] != [account]
        reason = GapReason.OTHER_ACCOUNT if foreign else GapReason.GONE
        code = "OtherAccount" if foreign else "Deleted"
        return [Gap("sagemaker:DescribeModelPackage", region, code, reason, None, model.arn)]
    return []


def _version(view: View, served: ServedModel, part: tuple[Container, ...]) -> ServedVersion:
    package = _package(view, served.model, part)
    containers = (*part, *(package.containers if package else ()))
    artefacts = {each.model_data for each in containers if each.model_data}
    jobs = view.lineage.upstream(served.model.arn, TrainingJob)
    group = package.group_name if package else None
    return ServedVersion(
        arn=served.model.arn,
        words=f"model {served.model.name} {served.where}",
        containers=part,
        package=package,
        jobs=tuple(job for job in jobs if job.artifact in artefacts),
        approved=tuple(
            each
            for each in (view.region.by(ModelPackage, "group_name").get(group, ()) if group else ())
            if each.approval == APPROVED and each.status == "Completed"
        ),
    )


def _package(view: View, model: Model, part: tuple[Container, ...]) -> ModelPackage | None:
    """The version a container names, else the newest that holds the same artefact."""
    artefacts = {each.model_data for each in part if each.model_data}
    named = [view.region.get(ModelPackage, each.package_arn or "") for each in part]
    same = [
        each
        for each in view.lineage.into(model.arn, ModelPackage)
        if artefacts & {one.model_data for one in each.containers}
    ]
    found = [each for each in named if each] or same
    return max(found, key=lambda each: (each.approval == APPROVED, each.created_at), default=None)
