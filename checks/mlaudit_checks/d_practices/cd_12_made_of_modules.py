"""D.12 Pipelines are made of modules: each step can be replaced without the others."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.modules import ModularWorkflow

SEVERAL = 2
"""From how many steps on work is divided."""


@check("D.12")
def made_of_modules(flows: Evidence[ModularWorkflow]) -> Verdict:
    """One step that does everything can neither be replaced nor tried in part.

    Exercised when every workflow that trains or scores does its work in two steps or more, and
    succeeded in the window; only configured without a success. One that does all its work in one
    step misses it. Does not apply where no workflow trains or scores.
    """
    return for_all(flows, _is_divided, nothing="no workflow trains or scores")


def _is_divided(found: ModularWorkflow) -> Observation:
    if len(found.modules) < SEVERAL:
        return found.flow.observed(Grade.MISSED, "does all its work in one step")
    fact = f"does its work in {len(found.modules)} steps"
    if found.flow.succeeded_at is None:
        return found.flow.observed(Grade.CONFIGURED, f"{fact}, and no success in the window")
    return found.flow.observed(Grade.EXERCISED, fact)
