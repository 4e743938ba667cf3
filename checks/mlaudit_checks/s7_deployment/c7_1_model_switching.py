"""7.1 Model switching: what serves can be given another version, in staging and in production."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    exists,
    for_all,
)
from mlaudit.capabilities.switching import ProductionSwitch, StagingSwitch, Switch


@check("7.1")
def model_switching(
    production: Evidence[ProductionSwitch], staging: Evidence[StagingSwitch]
) -> Verdict:
    """A version that cannot be exchanged in place is exchanged by every caller.

    Exercised when everything that serves in production was given another version in the window,
    and so was an endpoint beside it, or a delivery pipeline put the version into another
    environment first; only configured where there is another version to go to and no switch in the
    window, or where staging was left out. Does not apply where nothing serves on an endpoint. An
    environment in another account that no delivery pipeline of this one reaches is not visible:
    attest it.
    """
    return decide(
        _both,
        for_all(
            production, lambda each: _switches(each.switch), nothing="nothing serves on an endpoint"
        ),
        exists(
            staging,
            lambda each: _switches(each.switch),
            when_none=Status.NOT_APPLICABLE,
            nothing="no environment beside production",
        ),
    )


def _both(statuses: tuple[Status, ...]) -> Status:
    """Production decides, and a pass takes staging too."""
    production, staging = statuses
    if production is Status.PASS and staging is not Status.PASS:
        return Status.PARTIAL
    return production


def _switches(found: Switch) -> Observation:
    if found.switched_at:
        return found.observed(Grade.EXERCISED, "was given another version in the window")
    if found.choice:
        fact = f"could serve {found.choice}, and was not switched in the window"
        return found.observed(Grade.CONFIGURED, fact)
    fact = "was not switched in the window, and there is no other version to serve"
    return found.observed(Grade.MISSED, fact)
