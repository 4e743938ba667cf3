"""How far what serves is behind what the registry says should serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import ModelPackage
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class ServedCurrency:
    """A registered version that serves, beside the newest that is approved.

    Attributes:
        arn: The version.
        words: It in words.
        rejected: Whether it serves though it was rejected.
        newer: The newest approved version of its group, where that is newer than all that serve.
        waits: For how long that one has been registered.
    """

    arn: str
    words: str
    rejected: bool
    newer: str | None
    waits: timedelta

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}")


@provider
def served_currencies(view: View) -> Evidence[ServedCurrency]:
    """Every registered version that serves; several of one group may do so side by side."""
    seen = view.once(served_versions)
    served = {each.package.arn: each for each in seen.items if each.package}
    items = tuple(_currency(view, each, served) for each in served.values())
    return Evidence(items, seen.gaps)


def _currency(
    view: View, version: ServedVersion, served: dict[str, ServedVersion]
) -> ServedCurrency:
    package = version.package
    newest = max(version.approved, key=lambda each: (each.created_at, each.arn), default=None)
    waiting = newest if newest and newest.arn not in served else None
    if waiting and package and waiting.created_at <= package.created_at:
        waiting = None
    return ServedCurrency(
        arn=package.arn if package else version.arn,
        words=f"version {version.name}",
        rejected=bool(package and package.approval == "Rejected"),
        newer=_name(waiting) if waiting else None,
        waits=view.window.end - waiting.created_at if waiting else timedelta(),
    )


def _name(package: ModelPackage) -> str:
    return package.arn.partition(":model-package/")[2]
