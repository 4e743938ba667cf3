"""5.7 Smoke tests: a small, fast test of each function in continuous integration."""

from mlaudit.api import Evidence, Verdict, check, exists
from mlaudit.capabilities.repositories import SmokeTests


@check("5.7")
def smoke_tests(suites: Evidence[SmokeTests]) -> Verdict:
    """A build that is broken outright should be known within minutes.

    Exercised when CI runs the suite that a repository calls smoke or sanity tests for every commit
    or change request, or so does a CodeBuild project or a delivery pipeline whose report or action
    is called so; only configured where no commit starts it. Tests that no name tells apart may be
    such tests: then it cannot be seen, as it cannot without a checkout and without such a build.
    """
    return exists(
        suites, lambda each: each.practice.observed(), nothing="no tests in the repositories"
    )
