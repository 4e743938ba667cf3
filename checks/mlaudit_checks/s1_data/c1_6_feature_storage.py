"""1.6 Online and offline feature storage: one place for features, for training and for serving."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, exists
from mlaudit.capabilities.data import FeatureStore


@check("1.6")
def feature_storage(stores: Evidence[FeatureStore]) -> Verdict:
    """Features that every team computes anew differ between teams, and between life and training.

    Exercised by a feature group with a description whose offline store a job of the window read,
    with an online store where the workload answers requests while the caller waits; only configured
    where its use was not seen, or one of these is missing. A store outside of AWS, such as Feast or
    Tecton, cannot be seen: attest it.
    """
    return exists(stores, _is_used, nothing="no feature group")


def _is_used(store: FeatureStore) -> Observation:
    lacks = [
        words
        for words, missing in (
            ("a job that reads its offline store", not store.offline_read),
            ("an online store", store.online_needed and not store.online),
            ("a description", not store.described),
        )
        if missing
    ]
    if lacks:
        fact = f"feature group {store.name} lacks {', '.join(lacks)}"
        return Observation(store.arn, Grade.CONFIGURED, fact)
    online = "offline and online" if store.online else "offline"
    fact = f"feature group {store.name} is described and in use {online}"
    return Observation(store.arn, Grade.EXERCISED, fact)
