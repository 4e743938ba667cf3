"""5.5 Unit tests: every commit is tested before anybody builds on it."""

from mlaudit.api import Evidence, Verdict, check, exists
from mlaudit.capabilities.repositories import UnitTests


@check("5.5")
def unit_tests(suites: Evidence[UnitTests]) -> Verdict:
    """A mistake is cheapest to mend on the day it is made.

    Exercised when CI runs a repository's unit tests for every commit or change request; only
    configured where there are tests and no commit starts them. Read from the checkouts that are
    named in the scan, and from the reports of CodeBuild projects of the workload: without either,
    and where the trigger of CI is not in the repository, it cannot be seen. Whether the tests cover
    model, application and infrastructure code is for a person.
    """
    return exists(
        suites, lambda each: each.practice.observed(), nothing="no tests in the repositories"
    )
