"""Model cards of the versions that serve."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import APPROVED, ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import Model, ModelCard, ModelPackage
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class CardedVersion:
    """An approved version that serves, with a card that is about it.

    Attributes:
        arn: The card.
        words: The version and the card, in words.
        status: The card's status.
    """

    arn: str
    words: str
    status: str

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}")


@provider
def carded_versions(view: View) -> Evidence[CardedVersion]:
    """Every card on an approved version that serves, on its group or on its model."""
    seen = view.once(served_versions)
    items = tuple(
        CardedVersion(card.arn, f"card {card.name} of version {version.name}", card.status)
        for version in seen.items
        if version.package and version.package.approval == APPROVED
        for card in view.region.all(ModelCard)
        if _names(view, version, version.package) & {*card.about}
    )
    gaps = dict.fromkeys((*seen.gaps, *view.gaps(ModelCard)))
    return Evidence(tuple(dict.fromkeys(items)), tuple(gaps))


def _names(view: View, version: ServedVersion, package: ModelPackage) -> set[str | None]:
    model = view.region.get(Model, version.arn)
    return {version.arn, model.name if model else None, package.arn, package.group_name}
