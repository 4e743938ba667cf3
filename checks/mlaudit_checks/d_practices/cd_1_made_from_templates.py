"""D.1 Templates make the pipelines: they can be made again, elsewhere or after a loss."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, decide, for_all
from mlaudit.capabilities.templates import TemplatedWorkflow, needed

NOTHING = "no workflow trains or scores"


@check("D.1")
def made_from_templates(flows: Evidence[TemplatedWorkflow]) -> Verdict:
    """What was clicked together once cannot be made a second time.

    Exercised when a CloudFormation stack or a SageMaker project made every workflow that trains or
    scores, and each succeeded in the window; only configured without a success. What neither made
    may come from a template of another tool, and cannot be seen. Fails where there is no workflow.
    """
    return decide(needed, for_all(flows, _is_made, nothing=NOTHING))


def _is_made(found: TemplatedWorkflow) -> Observation:
    if found.flow.succeeded_at is None:
        fact = f"was made by {found.by}, and did not succeed in the window"
        return found.flow.observed(Grade.CONFIGURED, fact)
    return found.flow.observed(Grade.EXERCISED, f"was made by {found.by}, and runs")
