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
        modules: The kinds of work that it does in steps of their own.
    """

    flow: Workflow
    modules: tuple[str, ...]


@provider
def modular_workflows(view: View) -> Evidence[ModularWorkflow]:
    """The workflows that train or score, by the kinds of their steps that do work."""
    seen = view.once(workflows)
    items = (
        ModularWorkflow(each, tuple(sorted(each.kinds() & _WORKS)))
        for each in seen.items
        if each.kinds() & (LEARNS | SCORES)
    )
    return Evidence(tuple(items), seen.gaps)
