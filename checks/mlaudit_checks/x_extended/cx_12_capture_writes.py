"""X.12 Data capture writes: what is to be recorded of requests arrives."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.recording import RecordingVariant

NOTHING = "no endpoint that records its requests answered any"


@check("X.12")
def capture_writes(variants: Evidence[RecordingVariant]) -> Verdict:
    """Monitors, labels and the next training set rest on records that nobody looks at until then.

    Exercised when of every variant that is to record requests, and answered some in the window, a
    record is seen under its prefix in S3: from the last week of requests where all are recorded,
    else since the endpoint was changed or the window began. One without a record fails. Data
    capture that is only configured, as no request came, is left out, and too few requests cannot
    tell. Does not apply where nothing that answers is to be recorded. The records are not read.
    """
    return for_all(variants, _has_records, one_miss_fails=True, nothing=NOTHING)


def _has_records(variant: RecordingVariant) -> Observation:
    if variant.written_at:
        fact = f"records arrived, as on {variant.written_at:%Y-%m-%d}"
        return variant.observed(Grade.EXERCISED, fact)
    share = f"{variant.percent} % of requests are to be recorded"
    fact = f"{share}, {variant.requests:.0f} came, and no record since {variant.since:%Y-%m-%d}"
    return variant.observed(Grade.MISSED, fact)
