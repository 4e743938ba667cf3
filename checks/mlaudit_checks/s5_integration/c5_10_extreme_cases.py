"""5.10 Model inference tests with extreme cases: the model meets odd inputs before users do."""

from mlaudit.api import Evidence, Verdict, check, exists
from mlaudit.capabilities.repositories import ExtremeTests


@check("5.10")
def extreme_cases(suites: Evidence[ExtremeTests]) -> Verdict:
    """Odd inputs come to every model, and its answers to them reach people.

    Exercised when CI runs, for every commit or change request, tests whose names speak of extreme,
    edge or out-of-range cases, robustness, fuzzing or invariance and that work on a model; only
    configured where no commit starts them. Tests that no name tells apart may be such tests: then
    it cannot be seen, as it cannot without a checkout. Attest it with the report of the tests.
    """
    return exists(
        suites, lambda each: each.practice.observed(), nothing="no tests in the repositories"
    )
