"""What makes workflows: templates, and systems that make them of a description."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.delivery import deliveries
from mlaudit.capabilities.tracking import STACK
from mlaudit.capabilities.transforms import LEARNS, SCORES
from mlaudit.capabilities.workflows import Workflow, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Status
from mlaudit.resources import Pipeline, StateMachine
from mlaudit.sight import View

PROJECT = "sagemaker:project-name"
"""The tag that a SageMaker project gives to all that its template made."""


@dataclass(frozen=True, slots=True)
class TemplatedWorkflow:
    """A workflow that trains or scores, and that a template made.

    Attributes:
        flow: The workflow.
        by: The stack or the project, in words.
        delivered_by: The delivery pipeline that makes its stack, in words; ``None`` without one.
        delivered_at: When that last made it in the window.
    """

    flow: Workflow
    by: str
    delivered_by: str | None
    delivered_at: datetime | None


@provider
def templated_workflows(view: View) -> Evidence[TemplatedWorkflow]:
    """Those that a stack or a project made; another tool may have made any other: a gap."""
    seen = view.once(workflows)
    items, gaps = [], [*seen.gaps]
    for flow in seen.items:
        tags = _tags(view, flow.arn)
        if not flow.kinds() & (LEARNS | SCORES):
            continue
        if STACK in tags:
            items.append(_of_stack(view, flow, tags[STACK]))
        elif PROJECT in tags:
            items.append(TemplatedWorkflow(flow, f"project {tags[PROJECT]}", None, None))
        else:
            operation, region = "sagemaker:DescribePipeline", view.region.name
            gaps.append(Gap.unread(operation, region, "DeployedByUnknown", flow.arn))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


@dataclass(frozen=True, slots=True)
class DescribedWorkflow:
    """The same, where it is known whether a delivery pipeline makes its stack."""

    templated: TemplatedWorkflow


@provider
def described_workflows(view: View) -> Evidence[DescribedWorkflow]:
    """All of them; while delivery pipelines may be hidden, those that one was seen to make."""
    seen, hidden = view.once(templated_workflows), view.once(deliveries).gaps
    items = (DescribedWorkflow(each) for each in seen.items if each.delivered_at or not hidden)
    return Evidence(tuple(items), tuple(dict.fromkeys((*seen.gaps, *hidden))))


def needed(statuses: tuple[Status, ...]) -> Status:
    """Rule: there has to be something that was made."""
    (status,) = statuses
    return Status.FAIL if status is Status.NOT_APPLICABLE else status


def _tags(view: View, arn: str) -> dict[str, str]:
    found = view.region.get(Pipeline, arn) or view.region.get(StateMachine, arn)
    return dict(found.tags) if found else {}


def _of_stack(view: View, flow: Workflow, stack: str) -> TemplatedWorkflow:
    making = [
        each
        for each in view.once(deliveries).items
        if stack in {action.stack for action in each.pipeline.actions}
    ]
    ran = [run.ended_at for each in making for run in each.runs]
    return TemplatedWorkflow(
        flow=flow,
        by=f"stack {stack}",
        delivered_by=making[0].words if making else None,
        delivered_at=max(ran, default=None),
    )
