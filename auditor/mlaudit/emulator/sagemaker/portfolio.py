"""Whether SageMaker may use Service Catalog for project templates."""

from __future__ import annotations

from mlaudit.emulator.cloud import Call, Record

_KIND = "ServiceCatalogPortfolio"


def enable(call: Call) -> Record:
    """Allow it."""
    call.space.table(_KIND)["status"] = {"Status": "Enabled"}
    return {}


def disable(call: Call) -> Record:
    """Forbid it."""
    call.space.table(_KIND)["status"] = {"Status": "Disabled"}
    return {}


def status(call: Call) -> Record:
    """Tell whether it may."""
    return call.space.table(_KIND).get("status", {"Status": "Disabled"})
