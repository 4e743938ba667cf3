"""Train in each framework, search where the defaults came furthest, and evaluate all models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlaudit_reference.local.evaluation import Evaluated, evaluate
from mlaudit_reference.local.jobs import Training
from mlaudit_reference.local.preparation import Prepared
from mlaudit_reference.local.summary import Tuned
from mlaudit_reference.local.training import Candidate, train
from mlaudit_reference.local.tuning import Search, tune
from mlaudit_reference.local.workplace import Workplace


@dataclass(frozen=True)
class Learned:
    """What was learned.

    Attributes:
        evaluated: All models, the best first.
        tuned: The search; ``None`` where none was wanted.
    """

    evaluated: tuple[Evaluated, ...]
    tuned: Tuned | None


def learn(
    place: Workplace, prepared: Prepared, names: Sequence[str], search: Search | None
) -> Learned:
    """Train, search and evaluate.

    Args:
        place: Where.
        prepared: What to learn from.
        names: The frameworks.
        search: How far the search goes; ``None`` for none.

    Raises:
        StepFailedError: A step failed.
    """
    candidates = [_trained(place, job_of(prepared, each)) for each in names]
    tuned = None
    if search:
        first = max(candidates, key=lambda each: each.auc)
        best, tuned = _tuned(place, job_of(prepared, first.framework), first, search)
        candidates.append(best)
    candidates.sort(key=lambda each: each.auc, reverse=True)
    return Learned(tuple(_evaluated(place, prepared, each) for each in candidates), tuned)


def job_of(prepared: Prepared, framework: str) -> Training:
    """A training job with the default hyperparameters."""
    seed = str(prepared.dataset.document["seed"])
    return Training(f"train-{framework}", framework, prepared.channels, {"seed": seed})


def _trained(place: Workplace, job: Training) -> Candidate:
    place.tell(f"Training with {job.framework}")
    return train(place, job)


def _tuned(
    place: Workplace, job: Training, first: Candidate, search: Search
) -> tuple[Candidate, Tuned]:
    """The best model that was found; trials that run at once share the cores."""
    place.tell(f"Tuning {job.framework}")
    found = tune(place, replace(job, name=f"tune-{job.framework}", threads=1), search)
    told = Tuned(job.framework, first.auc, found.best.auc, found.trials, found.stopped)
    return found.best, told


def _evaluated(place: Workplace, prepared: Prepared, candidate: Candidate) -> Evaluated:
    place.tell(f"Evaluating {candidate.name}")
    return evaluate(place, prepared, candidate)
