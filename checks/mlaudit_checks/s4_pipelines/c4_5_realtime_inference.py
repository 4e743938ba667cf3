"""4.5 Inference support, real time: requests are answered by something that scales with them."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.serving import RealTimeVariant


@check("4.5")
def realtime_inference(variants: Evidence[RealTimeVariant]) -> Verdict:
    """Callers wait for the answer, so capacity has to follow the load.

    Exercised by variants that scale (a policy between different bounds, managed scaling or
    serverless) and that answered requests in the window; only configured with fixed capacity or
    without requests. Does not apply where nothing serves in real time.
    """
    return for_all(variants, _scales, nothing="nothing serves in real time")


def _scales(variant: RealTimeVariant) -> Observation:
    observed = variant.scaling.placement.observed
    if variant.scaling.by is None:
        return observed(Grade.CONFIGURED, "fixed capacity", variant.last_at)
    if variant.requests <= 0:
        return observed(Grade.CONFIGURED, f"{variant.scaling.by}; no request in the window")
    fact = f"{variant.scaling.by}; {variant.requests:.0f} requests in the window"
    return observed(Grade.EXERCISED, fact, variant.last_at)
