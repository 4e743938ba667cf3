"""9.1 Data quality and compliance: personal data, the origin of columns and quality are known."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    every_part,
    exists,
    for_all,
)
from mlaudit.capabilities.compliance import ColumnLineage, PersonalDataSearch
from mlaudit.capabilities.data_tests import DataTest


@check("9.1")
def data_compliance(
    searches: Evidence[PersonalDataSearch],
    lineages: Evidence[ColumnLineage],
    tests: Evidence[DataTest],
) -> Verdict:
    """What a model learned about people cannot be taken out of it again.

    Exercised when Macie searched every bucket of the workload for personal data in the window, a
    lineage event tells what the columns of its data were made of, and a test of data ran with
    success; partial where one of these is missing or only configured. Does not apply where no job
    of the window touches data. What other tools find, how data is made anonymous and who reviews
    the lineage cannot be seen: attest it; where there is no personal data, declare that.
    """
    touched = "no job of the window touches data"
    return decide(
        _compliant,
        for_all(searches, _is_searched, nothing=touched),
        exists(lineages, _is_traced, when_none=Status.NOT_APPLICABLE, nothing=touched),
        exists(tests, _ran, nothing="no test of data"),
    )


def _compliant(statuses: tuple[Status, ...]) -> Status:
    *touched, _ = statuses
    if set(touched) == {Status.NOT_APPLICABLE}:
        return Status.NOT_APPLICABLE
    return every_part(statuses)


def _is_searched(found: PersonalDataSearch) -> Observation:
    words = f"bucket {found.bucket}"
    if found.searched:
        fact = f"{words} was searched for personal data"
        return Observation(found.arn, Grade.EXERCISED, fact, found.at)
    fact = f"{words} is watched for personal data, and was not searched in the window"
    return Observation(found.arn, Grade.CONFIGURED, fact, found.at)


def _is_traced(found: ColumnLineage) -> Observation:
    if found.columns:
        fact = f"it is on record what the columns of {found.place} were made of"
        return Observation(found.arn, Grade.EXERCISED, fact, found.at)
    fact = f"it is on record what {found.place} was made of, not its columns"
    return Observation(found.arn, Grade.CONFIGURED, fact, found.at)


def _ran(test: DataTest) -> Observation:
    if test.lacks:
        return Observation(test.arn, Grade.CONFIGURED, f"{test.words}, but {test.lacks}")
    return Observation(test.arn, Grade.EXERCISED, test.words, test.ran_at)
