"""D.33 Data lies where it is used: in the region that trains and serves."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.protection import DataPlace


@check("D.33")
def data_of_its_region(places: Evidence[DataPlace]) -> Verdict:
    """Data from another region costs money with each read, and may leave where it has to stay.

    Exercised when every bucket that a job of the window read is in the region of the job; partial
    where one of several is in another. Does not apply where no job read from a bucket. Data that is
    not in S3 cannot be seen.
    """
    return for_all(places, _is_here, nothing="no job of the window read from a bucket")


def _is_here(found: DataPlace) -> Observation:
    jobs = "1 job" if found.readers == 1 else f"{found.readers} jobs"
    grade = Grade.EXERCISED if found.here else Grade.MISSED
    fact = f"bucket {found.bucket}, which {jobs} read, is in {found.place}"
    return Observation(found.arn, grade, fact, found.at)
