"""The search for hyperparameters behind each model that serves."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import origins
from mlaudit.evidence import Evidence
from mlaudit.resources import TuningJob
from mlaudit.sight import View

AUTO_ML = "AutoML"


@dataclass(frozen=True, slots=True)
class ModelSearch:
    """A model that serves, with what searched for its hyperparameters.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        strategies: By which strategies, such as ``Bayesian``; empty where nothing searched.
    """

    arn: str
    words: str
    strategies: tuple[str, ...]


@provider
def model_searches(view: View) -> Evidence[ModelSearch]:
    """Every model that serves whose training is known; none where its search is out of sight."""
    seen = view.once(origins)
    items = []
    for served in (each.served for each in seen.items):
        found = [_strategy(view, arn) for arn in served.tuned_by]
        known = tuple(sorted({each for each in found if each}))
        if known or not served.tuned_by:
            words = f"model {served.model.name} {served.where}"
            items.append(ModelSearch(served.model.arn, words, known))
    return Evidence(tuple(items), seen.gaps)


def _strategy(view: View, arn: str) -> str | None:
    tuning = view.region.get(TuningJob, arn)
    if tuning:
        return tuning.strategy
    return AUTO_ML if ":automl-job/" in arn else None
