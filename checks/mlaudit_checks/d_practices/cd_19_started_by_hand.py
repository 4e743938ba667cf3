"""D.19 People can start a workflow by hand: nobody has to wait for the next event."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, exists
from mlaudit.capabilities.by_hand import HandStart


@check("D.19")
def started_by_hand(starts: Evidence[HandStart]) -> Verdict:
    """Before an urgent change, a command that nobody has ever tried is of little use.

    Exercised when a delivery pipeline succeeded in the window that was started by a command or a
    click; only configured where there is one, and none of its executions was. Fails where there is
    nothing to start. Who started a pipeline of SageMaker or a state machine by hand cannot be seen.
    """
    return exists(starts, _is_started, nothing="no workflow and no delivery pipeline to start")


def _is_started(found: HandStart) -> Observation:
    if found.succeeded_at is None:
        fact = f"{found.words} did not succeed in the window after a start by hand"
        return Observation(found.arn, Grade.CONFIGURED, fact)
    fact = f"{found.words} succeeded after a start by hand"
    return Observation(found.arn, Grade.EXERCISED, fact, found.succeeded_at)
