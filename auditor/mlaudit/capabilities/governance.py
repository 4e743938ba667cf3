"""Who stands behind what serves."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import APPROVED, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import ModelPackage
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class SignOff:
    """The approval of a registered version that serves.

    Attributes:
        package: The version.
        words: The model and where it serves.
    """

    package: ModelPackage
    words: str

    @property
    def approved(self) -> bool:
        """Whether the version is approved."""
        return self.package.approval == APPROVED

    @property
    def changed(self) -> bool:
        """Whether anybody touched it after it was registered."""
        return self.package.modified_by is not None or self.package.approval_note

    @property
    def by_another(self) -> bool | None:
        """Whether the approver is not who registered it; ``None`` where it is not told."""
        made, changed = self.package.created_by, self.package.modified_by
        return None if made is None or changed is None else made != changed


@provider
def sign_offs(view: View) -> Evidence[SignOff]:
    """The approval of every version that serves; a model without a version is a gap.

    It may have been signed off in a system of its own.
    """
    seen = view.once(served_versions)
    items = tuple(SignOff(each.package, each.words) for each in seen.items if each.package)
    operation, region = "sagemaker:DescribeModelPackage", view.region.name
    unknown = tuple(
        Gap.unread(operation, region, "SignOffNotOnRecord", each.arn)
        for each in seen.items
        if each.package is None
    )
    return Evidence(items, tuple(dict.fromkeys((*seen.gaps, *unknown))))
