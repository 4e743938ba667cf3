"""5.6 Integration tests: the parts work together before they are released."""

from mlaudit.api import Evidence, Verdict, check, exists
from mlaudit.capabilities.repositories import IntegrationTests


@check("5.6")
def integration_tests(suites: Evidence[IntegrationTests]) -> Verdict:
    """Parts that work alone fail together.

    Exercised when CI runs the suite that a repository calls integration, end-to-end or acceptance
    tests for every commit or change request, a report of CodeBuild is called so, or a delivery
    pipeline that commits start tests what it deployed; only configured where no commit starts it.
    Tests that no name tells apart may be such tests: then it cannot be seen, as it cannot without a
    checkout and without such a build.
    Whether the suite brings up its infrastructure is for a person.
    """
    return exists(
        suites, lambda each: each.practice.observed(), nothing="no tests in the repositories"
    )
