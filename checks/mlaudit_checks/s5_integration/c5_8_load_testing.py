"""5.8 Load testing: how much a machine bears is measured before users find out."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.load import LoadedVariant


@check("5.8")
def load_testing(variants: Evidence[LoadedVariant]) -> Verdict:
    """A system that was never under load is sized by guessing.

    Exercised when every variant that serves had a load test in the window, of the version it serves
    and on machines of its type, and scales out before the most that one machine bore: by a
    recommendation job with traffic of one's own, by an AI benchmark, or by a tool such as Locust,
    k6 or JMeter that CI runs for every commit; partial where only another version or machine was
    tested, where a default recommendation is all there is, where nothing shows that a test of the
    repository runs, or where the scaling target is higher than what was measured. Does not apply
    where no endpoint serves. Load tests of other tools, and what one of the repository measured,
    cannot be seen: attest them.
    """
    return for_all(variants, _bears_its_load, nothing="no endpoint serves")


def _bears_its_load(variant: LoadedVariant) -> Observation:
    if not variant.tests:
        if variant.nearly:
            fact = f"was not tested itself, unlike in {', '.join(variant.nearly)}"
            return variant.observed(Grade.CONFIGURED, fact)
        return variant.observed(Grade.MISSED, "was under no load test in the window")
    by = ", ".join(variant.tests)
    target, most = variant.target, variant.measured
    if target is not None and most is not None and target > most:
        fact = (
            f"scales out at {target:g} requests a minute for each machine, which bore "
            f"{most} in {by}"
        )
        return variant.observed(Grade.CONFIGURED, fact)
    return variant.observed(Grade.EXERCISED, f"was under load in {by}")
