"""X.30 Stream consumers survive bad records: one record does not stop a stream."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.plumbing import StreamConsumer


@check("X.30")
def consumers_survive(consumers: Evidence[StreamConsumer]) -> Verdict:
    """A function that fails on one record is asked again and again, and all behind it waits.

    Exercised when every function that a stream feeds sends what fails elsewhere, tells a bad record
    of a Kinesis stream apart from its batch, and is watched by an alarm on its lag; only configured
    without one of the latter two. One whose failures go nowhere fails. Does not apply where no
    stream feeds a function.
    """
    return for_all(consumers, _survives, one_miss_fails=True, nothing="no stream feeds a function")


def _survives(consumer: StreamConsumer) -> Observation:
    if not consumer.keeps_failures:
        fact = f"{consumer.words}: failures go nowhere"
        return Observation(consumer.arn, Grade.MISSED, fact)
    missing = ["splitting of batches"] if consumer.splits_batches is False else []
    missing += [] if consumer.lag_watched_by else ["an alarm on its lag"]
    if missing:
        fact = f"{consumer.words}: keeps failures, without {' and '.join(missing)}"
        return Observation(consumer.arn, Grade.CONFIGURED, fact)
    fact = f"{consumer.words}: keeps failures, and {consumer.lag_watched_by} watches its lag"
    return Observation(consumer.arn, Grade.EXERCISED, fact)
