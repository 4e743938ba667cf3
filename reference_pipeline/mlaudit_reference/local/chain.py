"""The whole chain on one machine, step by step as the pipeline has it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from mlaudit_reference.local import frameworks, resumption
from mlaudit_reference.local.dataset import Wish, made, rows_of
from mlaudit_reference.local.drifting import drift
from mlaudit_reference.local.evaluation import pick
from mlaudit_reference.local.failures import LocalRunError
from mlaudit_reference.local.learning import job_of, learn
from mlaudit_reference.local.preparation import Prepared, prepare
from mlaudit_reference.local.registration import Live, register
from mlaudit_reference.local.summary import Summary
from mlaudit_reference.local.tuning import Search
from mlaudit_reference.local.using import use
from mlaudit_reference.local.workplace import Tell, Workplace, opened

SUMMARY = "summary.json"
_RESUMED_EPOCHS = "4"


@dataclass(frozen=True)
class Plan:
    """What a run is asked for.

    Attributes:
        out: The folder it works in.
        data: Which data.
        frameworks: What to train with; none says all that are installed, at least three.
        search: How far the search for hyperparameters goes; ``None`` for no search.
        streamed: Records to stream.
    """

    out: Path
    data: Wish
    frameworks: tuple[str, ...] = ()
    search: Search | None = field(default_factory=Search)
    streamed: int = 10_000


def run_chain(plan: Plan, tell: Tell) -> Summary:
    """Run everything, and write the summary into the folder of the run.

    Args:
        plan: What is asked for.
        tell: Takes what the run does at the moment, in words.

    Raises:
        StepFailedError: A step failed.
        BelowThresholdsError: No model reaches the thresholds.
        LocalRunError: What was asked for cannot be used, or what is to be proved does not hold.
    """
    start = time.monotonic()
    names = frameworks.chosen(plan.frameworks)
    place = opened(plan.out, tell)
    prepared = prepare(place, made(place, plan.data))
    learned = learn(place, prepared, names, plan.search)
    best = pick(learned.evaluated)
    tell(f"Registering {best.candidate.name}")
    live = Live(prepared, register(place, prepared, best), plan.data.seed)
    used = use(place, live, plan.streamed)
    summary = Summary(
        rows=sum(1 for _ in rows_of(prepared.dataset.raw)),
        left_out=frameworks.left_out(plan.frameworks),
        trained=tuple(each.outcome for each in learned.evaluated),
        tuned=learned.tuned,
        picked=best.candidate.name,
        version=live.version,
        scored=used.scored,
        latency=used.latency,
        stream=used.stream,
        drift=drift(place, live),
        resumed=_resumed(place, prepared, names),
        seconds=round(time.monotonic() - start, 1),
    )
    summary.write(place.out / SUMMARY)
    return summary


def _resumed(
    place: Workplace, prepared: Prepared, names: Sequence[str]
) -> resumption.Resumed | None:
    """Prove resuming with the first framework that keeps checkpoints.

    Raises:
        LocalRunError: Training that went on came to another result.
    """
    framework = next((each for each in frameworks.RESUMING if each in names), None)
    if framework is None:
        return None
    place.tell(f"Killing training with {framework} and letting it go on")
    job = job_of(prepared, framework)
    parameters = {**job.hyperparameters, "epochs": _RESUMED_EPOCHS}
    asked = replace(job, name=f"resume-{framework}", hyperparameters=parameters)
    found = resumption.prove(place, asked)
    if not found.holds:
        raise LocalRunError(f"Training that was killed came to another result: {asdict(found)}")
    return found
