"""1.1 Data repository: the store knows where data came from and what it looked like before."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.data import DataStore

NAMED = 2


@check("1.1")
def data_repository(stores: Evidence[DataStore]) -> Verdict:
    """Data that changes without a trace makes every result that rests on it a guess.

    Exercised when every place that jobs of the window read or wrote keeps its past (a versioned
    bucket, a table format with snapshots, an offline feature store) and has its origin on record (a
    job that made it, the Glue catalogue, a lineage artefact); partial where some places do not, or
    where no origin is on record. Fails where no place keeps its past. Does not apply where no job
    touched data. Data outside of S3 cannot be seen, and who sold data is for a person to say.
    """
    return for_all(stores, _keeps_and_knows, nothing="no job of the window reads or writes data")


def _keeps_and_knows(store: DataStore) -> Observation:
    words = f"bucket {store.name}"
    if len(store.unkept) == store.locations:
        fact = f"{words} keeps no past of {_named(store.unkept)}"
        return Observation(store.arn, Grade.MISSED, fact)
    if store.unkept:
        fact = f"{words} keeps the past of some places, not of {_named(store.unkept)}"
        return Observation(store.arn, Grade.CONFIGURED, fact)
    if store.unrecorded:
        fact = f"{words} keeps its past, the origin of {_named(store.unrecorded)} is not on record"
        return Observation(store.arn, Grade.CONFIGURED, fact)
    fact = f"{words} keeps the past and the origin of all {store.locations} places in use"
    return Observation(store.arn, Grade.EXERCISED, fact)


def _named(places: tuple[str, ...]) -> str:
    more = len(places) - NAMED
    head = ", ".join(places[:NAMED])
    return f"{head} and {more} more" if more > 0 else head
