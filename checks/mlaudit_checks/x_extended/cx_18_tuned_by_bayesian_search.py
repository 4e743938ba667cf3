"""X.18 Served models were tuned by Bayesian search: trials that learn from each other."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.searches import AUTO_ML, ModelSearch

LEARNING = frozenset({"Bayesian", "Hyperband", AUTO_ML})
"""Strategies by which later trials depend on earlier ones."""


@check("X.18")
def tuned_by_bayesian_search(models: Evidence[ModelSearch]) -> Verdict:
    """A search that learns from its trials finds more with the same money.

    Exercised when behind every model that serves there is a tuning job by Bayesian search or
    Hyperband, or an AutoML job; partial where the search was random or by grid. One model that was
    not tuned at all fails. Does not apply where no model serves. A search inside one training job,
    or by a tool outside of SageMaker, cannot be seen here.
    """
    return for_all(models, _was_tuned, one_miss_fails=True, nothing="no model serves")


def _was_tuned(model: ModelSearch) -> Observation:
    if not model.strategies:
        return Observation(model.arn, Grade.MISSED, f"{model.words}: nothing tuned it")
    learned = LEARNING & {*model.strategies}
    fact = f"{model.words}: tuned by {', '.join(model.strategies)}"
    return Observation(model.arn, Grade.EXERCISED if learned else Grade.CONFIGURED, fact)
