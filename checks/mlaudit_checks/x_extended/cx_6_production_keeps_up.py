"""X.6 Production keeps up with the registry: what is approved serves, what is rejected does not."""

from datetime import timedelta

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.currency import ServedCurrency

PATIENCE = timedelta(days=14)
"""How long an approved version may wait to be deployed."""


@check("X.6")
def production_keeps_up(served: Evidence[ServedCurrency]) -> Verdict:
    """A registry that production does not follow tells what should serve, and not what does.

    Exercised when of every version that serves no newer one of its group is approved; only
    configured while a newer one waits for less than two weeks since it was registered. One that
    waits longer, or one that serves though it was rejected, fails. Does not apply where no
    registered version serves.
    """
    return for_all(served, _keeps_up, one_miss_fails=True, nothing="no registered version serves")


def _keeps_up(found: ServedCurrency) -> Observation:
    if found.rejected:
        return found.observed(Grade.MISSED, "serves, and was rejected")
    if found.newer is None:
        return found.observed(Grade.EXERCISED, "serves, and nothing newer that is approved waits")
    fact = f"serves, and {found.newer} is approved and waits for {found.waits.days} days"
    late = found.waits > PATIENCE
    return found.observed(Grade.MISSED if late else Grade.CONFIGURED, fact)
