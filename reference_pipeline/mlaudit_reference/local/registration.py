"""What is registered of a model that reaches the thresholds."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

from mlaudit_reference.bundle import code_prefix
from mlaudit_reference.container.spaces import OBJECTIVE
from mlaudit_reference.local import frameworks, registry
from mlaudit_reference.local.dataset import version_of
from mlaudit_reference.local.evaluation import Evaluated
from mlaudit_reference.local.preparation import Prepared
from mlaudit_reference.local.workplace import Workplace


@dataclass(frozen=True)
class Live:
    """A registered version that is in use.

    Attributes:
        prepared: What it was made from.
        version: Its folder.
        seed: Where chance starts from.
    """

    prepared: Prepared
    version: Path
    seed: int

    @property
    def model(self) -> Path:
        """The folder of the model."""
        return self.version / "model"

    @property
    def explainability(self) -> Path:
        """How much each feature counted when it was evaluated."""
        return self.version / "reports" / "explainability"


def register(place: Workplace, prepared: Prepared, best: Evaluated) -> Path:
    """Register a model with its reports, its baselines, and where it comes from.

    Returns:
        The folder of the version; ``package.json`` in it holds all that is no file.
    """
    candidate = best.candidate
    card = {
        "framework": candidate.framework,
        "metrics": {OBJECTIVE: candidate.auc, "test:auc": best.outcome.test_auc},
        "conditions": best.conditions,
        "hyperparameters": candidate.hyperparameters,
        "commit": registry.commit(),
        "code": code_prefix(),
        "data_version": version_of(prepared.dataset.raw),
        "environment": {
            "python": platform.python_version(),
            "platform": platform.platform(),
            **frameworks.versions(),
        },
    }
    reports = {"reports": best.reports, "baseline": prepared.baseline}
    name = str(prepared.dataset.document["name"])
    package = registry.Package(name, candidate.model, reports, card)
    return registry.register(place.registry, package)
