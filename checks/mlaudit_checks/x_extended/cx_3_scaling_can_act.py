"""X.3 Scaling can act: what was set up is not without effect."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.capacity import ScaledUnit


@check("X.3")
def scaling_can_act(units: Evidence[ScaledUnit]) -> Verdict:
    """Scaling that does nothing looks like scaling until the day of the load.

    Exercised when nothing keeps the scaling of any variant or component from acting: it has a
    policy or a schedule, a maximum above its minimum, and is not suspended, and instances that are
    managed hold a component. One that cannot act is configured in vain, and fails. Does not apply
    where no scaling is set up. Whether the quotas of the account leave room cannot be seen here.
    """
    set_up = Evidence(tuple(each for each in units.items if each.rules), units.gaps)
    return for_all(set_up, _can_act, one_miss_fails=True, nothing="no scaling is set up")


def _can_act(unit: ScaledUnit) -> Observation:
    grade = Grade.MISSED if unit.hindrance else Grade.EXERCISED
    said = f", but {unit.hindrance}" if unit.hindrance else " can act"
    return Observation(unit.arn, grade, f"{unit.words}: {unit.rules}{said}")
