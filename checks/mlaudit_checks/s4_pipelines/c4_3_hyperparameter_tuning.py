"""4.3 Hyperparameter tuning: a step of the pipeline, behind everything that serves."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    every_part,
    exists,
    for_all,
)
from mlaudit.capabilities.searches import OriginOfModel
from mlaudit.capabilities.training import TuningRun, TuningStrategies
from mlaudit.capabilities.workflows import Workflow

SEVERAL = 2
BAYESIAN = "Bayesian"


@check("4.3")
def hyperparameter_tuning(
    flows: Evidence[Workflow],
    models: Evidence[OriginOfModel],
    runs: Evidence[TuningRun],
    strategies: Evidence[TuningStrategies],
) -> Verdict:
    """A model that was never tuned leaves quality on the table.

    Exercised when a pipeline run of the window tuned, every model that serves descends from a
    tuning job, a Bayesian tuning job completed in the window, and a second strategy is in use in
    the account; only configured where tuning is done by hand or never by a Bayesian strategy. Fails
    where no model that serves was tuned. Code of one's own, in the training job itself or in
    another job of the workload, may search with a library: that cannot be seen, attest it.
    """
    return decide(
        _joined,
        exists(flows, _tunes, nothing="no pipeline or state machine that could tune"),
        for_all(models, _was_tuned, nothing="no model serves"),
        exists(runs, _is_bayesian, nothing="no tuning job"),
        exists(strategies, _are_several, nothing="no tuning job in the account"),
    )


def _joined(parts: tuple[Status, ...]) -> Status:
    _, deployed, _, choice = parts
    if deployed is Status.FAIL:
        return Status.FAIL
    core = every_part(parts[:3])
    return Status.PARTIAL if core is Status.PASS and choice is not Status.PASS else core


def _tunes(flow: Workflow) -> Observation:
    if "tuning" not in flow.kinds():
        return flow.observed(Grade.MISSED, "has no tuning step")
    if flow.succeeded_at is None:
        return flow.observed(Grade.CONFIGURED, "has a tuning step and no success in the window")
    return flow.observed(Grade.EXERCISED, "tunes")


def _was_tuned(origin: OriginOfModel) -> Observation:
    served = origin.served
    words = f"model {served.model.name} {served.where}"
    if served.tuned_by:
        return Observation(served.model.arn, Grade.EXERCISED, f"{words} comes from a tuning job")
    return Observation(served.model.arn, Grade.MISSED, f"{words} was trained without tuning")


def _is_bayesian(run: TuningRun) -> Observation:
    name = run.arn.rpartition("/")[2]
    fact = f"tuning job {name} used the {run.strategy} strategy"
    if run.strategy != BAYESIAN:
        return Observation(run.arn, Grade.MISSED, fact, run.ended_at)
    grade = Grade.EXERCISED if run.completed and run.recent else Grade.CONFIGURED
    return Observation(run.arn, grade, fact, run.ended_at)


def _are_several(found: TuningStrategies) -> Observation:
    fact = f"strategies in use in the account: {', '.join(found.strategies)}"
    grade = Grade.EXERCISED if len(found.strategies) >= SEVERAL else Grade.CONFIGURED
    return Observation(found.arn, grade, fact)
