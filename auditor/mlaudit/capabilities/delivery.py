"""Delivery pipelines of a workload: what stands before production, and what passed it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import DeliveryAction, DeliveryPipeline, DeliveryRun
from mlaudit.sight import View

DELIVERY_KINDS = (DeliveryPipeline, DeliveryRun)

_APART = re.compile(
    r"(?i:(?:^|[^a-z])(?:stag|stg|pre-?prod|qa|uat|test|dev|sandbox|integ|valid))"
    r"|(?<=[a-z])(?:Stag|PreProd|Test|Dev|QA|UAT)"
)
"""How people call what is not production."""

_OF_CODE = re.compile(r"(?i)unit|lint|style|static|scan|security")
"""Tests of code, which try no model."""

_PUTS_OUT = re.compile(r"(?i)deploy|release|promot|rollout|prod")
_RUNS_CODE = frozenset({"build", "compute", "invoke"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery pipeline of a workload, by what it does before it deploys to production.

    Attributes:
        pipeline: The pipeline.
        staged: What deploys to another environment, or tests, before production.
        approvals: Who is asked before production.
        production: What deploys to production; ``None`` where nothing does.
        runs: Its executions of the window that passed every stage, the newest first.
    """

    pipeline: DeliveryPipeline
    staged: tuple[DeliveryAction, ...]
    approvals: tuple[DeliveryAction, ...]
    production: DeliveryAction | None
    runs: tuple[DeliveryRun, ...]

    @property
    def words(self) -> str:
        """How a fact names it."""
        return f"delivery pipeline {self.pipeline.name}"

    @property
    def staging(self) -> tuple[DeliveryAction, ...]:
        """What deploys to another environment."""
        return tuple(each for each in self.staged if deploys(each))

    def brought(self, *moments: datetime) -> bool:
        """Whether what came about at one of some moments came about in a run that deployed."""
        return self.production is not None and any(
            each.started_at <= moment <= each.ended_at for each in self.runs for moment in moments
        )


def deliveries(view: View) -> Evidence[Delivery]:
    """The delivery pipelines of a workload; one whose executions are hidden is a gap alone."""
    hidden = {gap.subject for gap in view.region.gaps(DeliveryRun)}
    found = (_delivery(view, each) for each in view.items(DeliveryPipeline))
    items = tuple(each for each in found if each.runs or not {None, each.pipeline.arn} & hidden)
    return Evidence(items, delivery_gaps(view))


def delivery_gaps(view: View) -> tuple[Gap, ...]:
    """What keeps delivery pipelines from being seen whole."""
    return view.gaps(*DELIVERY_KINDS)


def deploys(action: DeliveryAction) -> bool:
    """Whether an action puts something out: by its category, or code of that name."""
    named = action.category in _RUNS_CODE and bool(_PUTS_OUT.search(action.words))
    return action.category == "deploy" or named


def is_apart(*names: str) -> bool:
    """Whether names tell of an environment that is not production."""
    return any(_APART.search(each) for each in names)


def _delivery(view: View, pipeline: DeliveryPipeline) -> Delivery:
    out = [each for each in pipeline.actions if deploys(each) and not _stands_apart(each)]
    production = out[-1] if out else None
    # An action has no id: it is told from its like by where it stands.
    end = pipeline.actions.index(production) if production else len(pipeline.actions)
    before = pipeline.actions[:end]
    runs = view.region.by(DeliveryRun, "pipeline_arn").get(pipeline.arn, ())
    done = [each for each in runs if each.status == "Succeeded"]
    return Delivery(
        pipeline=pipeline,
        staged=tuple(each for each in before if _tries(each)),
        approvals=tuple(each for each in before if each.category == "approval"),
        production=production,
        runs=tuple(sorted(done, key=lambda each: (each.started_at, each.arn), reverse=True)),
    )


def _stands_apart(action: DeliveryAction) -> bool:
    return is_apart(action.stage, action.name)


def _tries(action: DeliveryAction) -> bool:
    """Whether an action puts a model into another environment, or tests it."""
    acts = action.category in _RUNS_CODE | {"deploy"} and _stands_apart(action)
    return (acts or action.category == "test") and not _OF_CODE.search(action.words)
