"""X.7 The last change of each endpoint went well: nothing failed quietly."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.plumbing import LastChange

BROKEN = frozenset({"Failed", "OutOfService", "UpdateRollbackFailed"})
SETTLED = "InService"


@check("X.7")
def last_change_went_well(changes: Evidence[LastChange]) -> Verdict:
    """After a failed update the old version answers as if nothing had happened.

    Exercised when every endpoint and component serves and AWS knows of no failure of its last
    change; only configured while a change is under way. One that failed, or hides a failed change
    behind the version before, fails. Does not apply where there is no endpoint.
    """
    return for_all(changes, _went_well, one_miss_fails=True, nothing="no endpoint")


def _went_well(change: LastChange) -> Observation:
    if change.status in BROKEN:
        return change.observed(Grade.MISSED, f"is {change.status}")
    if change.status != SETTLED:
        return change.observed(Grade.CONFIGURED, f"is {change.status}")
    if change.failed:
        return change.observed(Grade.MISSED, "serves what it served before a change that failed")
    return change.observed(Grade.EXERCISED, "serves, and its last change did not fail")
