"""D.35 Data is encrypted in transit: between the machines of one training job too."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.protection import TrainingTraffic


@check("D.35")
def encrypted_in_transit(jobs: Evidence[TrainingTraffic]) -> Verdict:
    """Machines that train together exchange what they learn of the data, in the clear unless told.

    Exercised when every training job of the window on several machines encrypts what they say to
    each other; partial where one of several does not. Does not apply where nothing trained on
    several machines.
    """
    return for_all(jobs, _is_encrypted, nothing="nothing trained on several machines")


def _is_encrypted(job: TrainingTraffic) -> Observation:
    grade = Grade.EXERCISED if job.encrypted else Grade.MISSED
    how = "encrypted" if job.encrypted else "in the clear"
    return Observation(job.arn, grade, f"{job.words} let them talk {how}", job.at)
