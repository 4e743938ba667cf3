"""1.4 Data versioning and lineage: the data behind a model can be brought back."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.data import TrainingData


@check("1.4")
def versioned_training_data(models: Evidence[TrainingData]) -> Verdict:
    """A result that cannot be repeated on the same data cannot be explained either.

    Exercised when, for every model that serves, the training jobs are known and everything they
    read keeps its past (a versioned bucket, a table format with snapshots, an offline feature
    store); partial where the data is known and can be overwritten. Does not apply where no model
    serves. A repository of data such as DVC or lakeFS cannot be seen: attest it.
    """
    return for_all(models, _can_be_recovered, nothing="no model serves")


def _can_be_recovered(found: TrainingData) -> Observation:
    version = found.version
    if found.mutable:
        fact = f"was trained on data that can be overwritten: {', '.join(found.mutable)}"
        return version.observed(Grade.CONFIGURED, fact)
    fact = f"was trained on data that keeps its past: {', '.join(found.places)}"
    return version.observed(Grade.EXERCISED, fact)
