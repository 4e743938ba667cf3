"""D.16 A push starts a workflow: nobody has to remember to."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, exists
from mlaudit.capabilities.repositories import CommitStart


@check("D.16")
def started_by_push(starts: Evidence[CommitStart]) -> Verdict:
    """What is only started by hand is left out on the day when it is needed most.

    Exercised when CI of a repository runs for every commit or change request, or a commit started a
    build with tests or a delivery pipeline that succeeded in the window; only configured where a
    build has a webhook and reported nothing. Without a checkout, CI outside of AWS cannot be seen.
    """
    return exists(starts, _is_started, nothing="nothing that a push would start")


def _is_started(found: CommitStart) -> Observation:
    if found.started is None:
        fact = f"{found.words} has a webhook, and reported nothing in the window"
        return Observation(found.arn, Grade.CONFIGURED, fact)
    if not found.started:
        return Observation(found.arn, Grade.MISSED, f"{found.words} was started by no push")
    return Observation(found.arn, Grade.EXERCISED, f"{found.words} is started by a push")
