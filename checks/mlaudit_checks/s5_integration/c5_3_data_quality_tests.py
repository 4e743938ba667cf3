"""5.3 Data quality tests: data is tested as code is, and monitoring applies the same tests."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    exists,
    for_all,
)
from mlaudit.capabilities.data_tests import DataTest, ReusedConstraints
from mlaudit.capabilities.repositories import DataSuite


@check("5.3")
def data_quality_tests(
    tests: Evidence[DataTest],
    suites: Evidence[DataSuite],
    reused: Evidence[ReusedConstraints],
) -> Verdict:
    """What was learned from bad data cannot be told apart later.

    Exercised when a test of data ran with success in the window (a data quality check with
    constraints, rules of the Glue catalogue for the data that jobs read, a step that its name calls
    a check of data, or a suite or tool of a repository that CI runs for every commit) and a job
    read the constraints that are registered with every model that serves; partial where the tests
    are only configured or look at the schema alone, or monitoring has none of their constraints.
    Tests inside other code, and what other detectors apply, cannot be seen: attest them.
    """
    tested = decide(
        _best,
        exists(tests, _ran, nothing="no test of data"),
        exists(suites, lambda each: each.practice.observed(), nothing="no tests of data in CI"),
    )
    return decide(_reused_too, tested, for_all(reused, _is_reused, nothing="no model serves"))


def _best(statuses: tuple[Status, ...]) -> Status:
    return next(each for each in (Status.PASS, Status.PARTIAL, *statuses) if each in statuses)


def _reused_too(statuses: tuple[Status, ...]) -> Status:
    tested, reused = statuses
    if tested is Status.PASS and reused in {Status.PARTIAL, Status.FAIL}:
        return Status.PARTIAL
    return tested


def _ran(test: DataTest) -> Observation:
    if test.lacks:
        fact = f"{test.words}, but {test.lacks}"
        return Observation(test.arn, Grade.CONFIGURED, fact)
    return Observation(test.arn, Grade.EXERCISED, test.words, test.ran_at)


def _is_reused(found: ReusedConstraints) -> Observation:
    if found.read_by:
        fact = f"{found.words} is monitored: job {found.read_by} read its data constraints"
        return Observation(found.arn, Grade.EXERCISED, fact, found.at)
    if found.registered:
        fact = f"{found.words} has data constraints that no job of the window read"
        return Observation(found.arn, Grade.CONFIGURED, fact)
    fact = f"{found.words} has no data constraints for monitoring"
    return Observation(found.arn, Grade.MISSED, fact)
