"""Look for better hyperparameters: Bayesian search (TPE), several trials at once, early stopping.

What a tuning job of SageMaker does (CreateHyperParameterTuningJob), with Optuna in its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING

from mlaudit_reference.container.spaces import PARAMETERS, Parameter, space
from mlaudit_reference.local.failures import StepFailedError
from mlaudit_reference.local.jobs import Training, ended, follow, prepared, started
from mlaudit_reference.local.training import Candidate, candidate, objective_in
from mlaudit_reference.local.workplace import Workplace

if TYPE_CHECKING:
    import optuna

_STARTUP = 4
"""Trials at random before the model of the search space is trusted."""
_GRACE = 4
"""The part of a training, one in so many, in which a trial may lag behind without being stopped."""


@dataclass(frozen=True)
class Search:
    """How far a search goes.

    Attributes:
        trials: How many trainings it starts.
        parallel: How many of them run at once.
        seed: Where chance starts from.
        early_stopping: Whether a trial that falls behind the median is stopped.
    """

    trials: int = 10
    parallel: int = 2
    seed: int = 0
    early_stopping: bool = True


@dataclass(frozen=True)
class Found:
    """What a search came to.

    Attributes:
        best: The best model.
        trials: How many trainings were started.
        stopped: How many of them were stopped early.
    """

    best: Candidate
    trials: int
    stopped: int


@dataclass
class _Trials:
    """The trainings of one search."""

    place: Workplace
    job: Training
    search: Search
    candidates: dict[int, Candidate] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def run(self, trial: optuna.Trial) -> float:
        """Train with the values that a trial suggests. Returns what it reached."""
        import optuna  # noqa: PLC0415 - it may be missing, which is told before

        values = {each.name: _suggested(trial, each) for each in space(self.job.framework)}
        name = f"{self.job.name}/{trial.number:02d}"
        chosen = {**self.job.hyperparameters, **values}
        job = Training(name, self.job.framework, self.job.channels, chosen, self.job.threads)
        root = prepared(self.place, job)
        steps = count()
        stopped: list[float] = []

        def on_line(line: str) -> None:
            value = objective_in(line)
            if value is None:
                return
            trial.report(value, next(steps))
            if trial.should_prune():
                stopped.append(value)
                process.kill()

        with started(self.place, job, root) as process:
            code = follow(process, self.place.step(name) / "log.txt", on_line)
        if stopped:
            raise optuna.TrialPruned
        if code:
            raise StepFailedError(name, ended(self.place, job, code))
        return self._kept(trial.number, candidate(job, root))

    def _kept(self, number: int, found: Candidate) -> float:
        with self.lock:
            self.candidates[number] = found
            done = len(self.candidates)
        self.place.tell(f"Tuning {found.framework}: {done} of {self.search.trials} trials done")
        return found.auc


def tune(place: Workplace, job: Training, search: Search) -> Found:
    """Search the space of a framework for the greatest ``validation:auc``.

    Args:
        place: Where.
        job: The job that each trial varies; what its hyperparameters say is not searched.
        search: How far to go.

    Raises:
        StepFailedError: A trial failed.
    """
    import optuna  # noqa: PLC0415 - it may be missing, which is told before

    optuna.logging.set_verbosity(optuna.logging.ERROR)  # a failed trial is told by its step
    pruner = optuna.pruners.MedianPruner(_STARTUP, _steps(job.framework) // _GRACE)
    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(n_startup_trials=_STARTUP, seed=search.seed),
        pruner=pruner if search.early_stopping else optuna.pruners.NopPruner(),
    )
    trials = _Trials(place, job, search)
    study.optimize(trials.run, n_trials=search.trials, n_jobs=search.parallel)
    best = trials.candidates[study.best_trial.number]
    return Found(best, len(study.trials), len(study.trials) - len(trials.candidates))


def _steps(framework: str) -> int:
    """How many times a training reports what it has reached, at most."""
    defaults = {each.name: int(each.default) for each in PARAMETERS[framework]}
    return next((defaults[name] for name in ("epochs", "rounds") if name in defaults), 1)


def _suggested(trial: optuna.Trial, parameter: Parameter) -> str:
    low, high = parameter.minimum or 0, parameter.maximum or 0
    is_log = parameter.scale == "Logarithmic"
    if parameter.type == "Integer":
        return str(trial.suggest_int(parameter.name, int(low), int(high), log=is_log))
    return repr(trial.suggest_float(parameter.name, low, high, log=is_log))
