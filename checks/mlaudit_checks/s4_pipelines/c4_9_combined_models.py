"""4.9 Hierarchical or simultaneous models: several models side by side, and one after the other."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    exists,
)
from mlaudit.capabilities.composition import ChainedModels, ParallelModels

ENOUGH = 2
"""Instances that survive the loss of one."""


@check("4.9")
def combined_models(
    parallel: Evidence[ParallelModels], chained: Evidence[ChainedModels]
) -> Verdict:
    """One model seldom comes alone: variants, stages and tenants multiply them.

    Exercised by both forms in use, several models on one fleet and models in sequence, each with at
    least two instances or capacity that AWS spreads; partial by one form, with a single instance,
    or where nothing was asked in the window. Does not apply to a workload that combines no models.
    """
    return decide(
        _joined,
        exists(
            parallel,
            _is_resilient,
            when_none=Status.NOT_APPLICABLE,
            nothing="no models side by side",
        ),
        exists(
            chained,
            _is_resilient,
            when_none=Status.NOT_APPLICABLE,
            nothing="no models in sequence",
        ),
    )


def _joined(forms: tuple[Status, ...]) -> Status:
    used = set(forms)
    return used.pop() if len(used) == 1 else Status.PARTIAL


def _is_resilient(form: ParallelModels | ChainedModels) -> Observation:
    if not form.used:
        fact = f"{form.words}, and answered nobody in the window"
        return Observation(form.arn, Grade.CONFIGURED, fact, form.at)
    if form.capacity is None or form.capacity >= ENOUGH:
        return Observation(form.arn, Grade.EXERCISED, form.words, form.at)
    fact = f"{form.words}, with a least capacity of {form.capacity}"
    return Observation(form.arn, Grade.CONFIGURED, fact, form.at)
