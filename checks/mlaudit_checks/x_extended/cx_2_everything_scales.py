"""X.2 Everything that serves has scaling: each variant on instances, and each component on one."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.capacity import ScaledUnit


@check("X.2")
def everything_scales(units: Evidence[ScaledUnit]) -> Verdict:
    """Deploying a model sets up no scaling: what nobody registered stays as large as it is.

    Exercised when every variant on instances, and every component of one that holds components,
    has scaling that can act; only configured where something keeps it from acting. One without any
    fails. Does not apply where nothing serves on instances; serverless variants scale by
    themselves.
    """
    return for_all(units, _scales, one_miss_fails=True, nothing="nothing serves on instances")


def _scales(unit: ScaledUnit) -> Observation:
    if unit.rules is None:
        return Observation(unit.arn, Grade.MISSED, f"{unit.words}: no scaling is set up")
    if unit.hindrance:
        fact = f"{unit.words}: {unit.rules}, but {unit.hindrance}"
        return Observation(unit.arn, Grade.CONFIGURED, fact)
    return Observation(unit.arn, Grade.EXERCISED, f"{unit.words}: {unit.rules}")
