"""X.27 Nothing is left behind: what nothing uses is removed."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.upkeep import Leftovers

MANY = 10
"""How many may be kept to go back to."""


@check("X.27")
def nothing_left_behind(left: Evidence[Leftovers]) -> Verdict:
    """Among hundreds of dead models nobody finds the one to go back to.

    Exercised when at most ten models, and as many endpoint configurations, are older than the
    window and used by nothing: some are kept to go back to, or are configured for a release to
    come. More of either fails. Does not apply where there are none. Feature groups do not tell who
    reads them, and artefacts in S3 are not counted.
    """
    return for_all(left, _is_little, one_miss_fails=True, nothing="nothing old that nothing uses")


def _is_little(found: Leftovers) -> Observation:
    return found.observed(Grade.EXERCISED if found.count <= MANY else Grade.MISSED)
