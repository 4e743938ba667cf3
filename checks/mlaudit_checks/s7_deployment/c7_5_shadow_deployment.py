"""7.5 Model shadow deployment: a new version gets a copy of the traffic and answers nobody."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, exists
from mlaudit.capabilities.comparisons import ShadowUse


@check("7.5")
def shadow_deployment(uses: Evidence[ShadowUse]) -> Verdict:
    """Live traffic finds what no test data holds, and a shadow meets it at no risk.

    Exercised by a shadow test that ran in the window, or by a shadow variant on an endpoint that
    answered requests in the window and keeps the answers; only configured where a test did not
    run, or where nothing is kept to compare. Does not apply where nothing serves on an endpoint.
    """
    return exists(
        uses,
        _is_compared,
        when_none=Status.NOT_APPLICABLE,
        nothing="nothing serves on an endpoint",
    )


def _is_compared(use: ShadowUse) -> Observation:
    if not use.present:
        return Observation(use.arn, Grade.MISSED, use.words)
    grade = Grade.EXERCISED if use.compared else Grade.CONFIGURED
    return Observation(use.arn, grade, use.words, use.at)
