"""X.28 Quotas leave room to scale: the account may start what scaling may ask for."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.quotas import Headroom

NOTHING = "nothing serves on instances"


@check("X.28")
def quotas_leave_room(types: Evidence[Headroom]) -> Verdict:
    """Scaling that meets a quota stops in the very hour that it was set up for.

    Exercised when of each type of instances that serves the account may start at least as many as
    all endpoints of the region together are configured to scale out to. A type with fewer fails.
    Does not apply where nothing serves on instances. What AWS has left of a type cannot be seen.
    """
    return for_all(types, _has_room, one_miss_fails=True, nothing=NOTHING)


def _has_room(found: Headroom) -> Observation:
    fact = f"endpoints may ask for {found.wanted}, and the account may start {found.allowed}"
    enough = found.wanted <= found.allowed
    return found.observed(Grade.EXERCISED if enough else Grade.MISSED, fact)
