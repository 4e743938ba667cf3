"""D.34 Data is encrypted at rest: with keys that can be withdrawn."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.protection import DataAtRest


@check("D.34")
def encrypted_at_rest(kept: Evidence[DataAtRest]) -> Verdict:
    """Who holds the key decides who reads the data, whatever else is open.

    Exercised when volumes and results of every training job of the window, and volumes and recorded
    requests of every endpoint that serves, are encrypted with a key that the job, the endpoint or
    the bucket names; partial where AWS encrypts one of them with a key of its own, as it does where
    nobody chose one. Disks that are a part of a machine are left out. Does not apply where nothing
    trains or serves.
    """
    return for_all(kept, _is_encrypted, nothing="nothing trains or serves on machines")


def _is_encrypted(found: DataAtRest) -> Observation:
    grade = Grade.EXERCISED if found.own_key else Grade.CONFIGURED
    key = "a key that was chosen" if found.own_key else "a key of AWS"
    return Observation(found.arn, grade, f"{found.words} encrypted with {key}", found.at)
