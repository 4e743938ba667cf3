"""X.26 Variants have more than one instance: the loss of a machine or a zone is survived."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.capacity import least_instances
from mlaudit.capabilities.serving import Scaling

ENOUGH = 2


@check("X.26")
def more_than_one_instance(scalings: Evidence[Scaling]) -> Verdict:
    """SageMaker spreads instances over zones, which takes more than one of them.

    Exercised when every variant that answers while the caller waits keeps at least two instances;
    only configured where it scales down to none, so that the first callers wait. One that keeps a
    single instance fails. Does not apply where nothing answers on instances; serverless and
    asynchronous variants are left out.
    """
    waiting = Evidence(tuple(each for each in scalings.items if _waits(each)), scalings.gaps)
    return for_all(
        waiting, _survives, one_miss_fails=True, nothing="nothing answers on instances of its own"
    )


def _waits(scaling: Scaling) -> bool:
    return not (scaling.placement.serverless or scaling.placement.config.asynchronous)


def _survives(scaling: Scaling) -> Observation:
    least = least_instances(scaling)
    if least >= ENOUGH:
        return scaling.placement.observed(Grade.EXERCISED, f"keeps {least} instances")
    if least:
        return scaling.placement.observed(Grade.MISSED, "keeps a single instance")
    return scaling.placement.observed(Grade.CONFIGURED, "keeps no instance while nobody asks")
