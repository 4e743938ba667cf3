"""Which models that serve are in a registry, as far as AWS would have to show it."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.provenance import artefacts_of
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """A model that serves: a version of the registry of AWS, or certainly of none."""

    version: ServedVersion


@provider
def registered_versions(view: View) -> Evidence[RegisteredVersion]:
    """Every such model.

    One that the registry of AWS does not know, and whose artefact no training job in sight made,
    may come from a registry that AWS does not show, such as one of MLflow: a gap.
    """
    seen = view.once(served_versions)
    items = tuple(RegisteredVersion(each) for each in seen.items if not _may_be_elsewhere(each))
    operation, region = "sagemaker:DescribeModel", view.region.name
    gaps = (
        Gap.unread(operation, region, "RegistryElsewhere", each.arn)
        for each in seen.items
        if _may_be_elsewhere(each)
    )
    return Evidence(items, tuple(dict.fromkeys((*seen.gaps, *gaps))))


def _may_be_elsewhere(version: ServedVersion) -> bool:
    """Whether a model lies where no training job of the account put it.

    A model that AWS provides comes from no registry of one's own. One without an artefact has it
    in its image, or loads it when it starts.
    """
    if version.package:
        return False
    loose = artefacts_of(version) - {job.artifact for job in version.jobs}
    return bool(loose) or not any(each.model_data for each in version.containers)
