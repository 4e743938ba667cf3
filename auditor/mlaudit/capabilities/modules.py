"""Into which modules a workflow divides its work."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.transforms import LEARNS, PREPARES, SCORES
from mlaudit.capabilities.workflows import Workflow, workflows
from mlaudit.evidence import Evidence
from mlaudit.resources.orchestration import ML_KINDS
from mlaudit.sight import View

_WORKS = ML_KINDS | PREPARES
"""Kinds of steps that work, unlike those that decide, wait or pass on."""


@dataclass(frozen=True, slots=True)
class ModularWorkflow:
    """A workflow that trains or scores.

    Attributes:
        flow: The workflow.
        modules: The names of its steps that do work.
    """

    flow: Workflow
    modules: tuple[str, ...]


@provider
def modular_workflows(view: View) -> Evidence[ModularWorkflow]:
    """The workflows that train or score; steps that decide, wait or pass on are no modules."""
    seen = view.once(workflows)
    items = (
        ModularWorkflow(each, tuple(step.name for step in each.steps if step.kind in _WORKS))
        for each in seen.items
        if each.kinds() & (LEARNS | SCORES)
    )
    return Evidence(tuple(items), seen.gaps)
