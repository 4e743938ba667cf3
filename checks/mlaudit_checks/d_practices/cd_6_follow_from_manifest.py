"""D.6 Pipelines follow from a manifest: a description is written, and a system makes the rest."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, decide, for_all
from mlaudit.capabilities.templates import DescribedWorkflow, needed

NOTHING = "no workflow trains or scores"


@check("D.6")
def follow_from_manifest(flows: Evidence[DescribedWorkflow]) -> Verdict:
    """Who wants another pipeline should have to say what it is for, not how it is built.

    Exercised when a delivery pipeline made the stack of every workflow that trains or scores from
    its description, with success in the window; only configured where a stack or a SageMaker
    project made one, and nothing tells that a system did. What neither made cannot be seen. Fails
    where there is no workflow.
    """
    return decide(needed, for_all(flows, _follows, nothing=NOTHING))


def _follows(described: DescribedWorkflow) -> Observation:
    found = described.templated
    name = f"{found.flow.engine} {found.flow.name}"
    made = f"{name} was made by {found.by}"
    if found.delivered_by is None:
        fact = f"{made}, which no delivery pipeline makes"
        return Observation(found.flow.arn, Grade.CONFIGURED, fact)
    if found.delivered_at is None:
        fact = f"{made}, which {found.delivered_by} did not make in the window"
        return Observation(found.flow.arn, Grade.CONFIGURED, fact)
    fact = f"{made}, which {found.delivered_by} makes"
    return Observation(found.flow.arn, Grade.EXERCISED, fact, found.delivered_at)
