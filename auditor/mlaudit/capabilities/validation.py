"""What looks at data before a model learns from it, and what can stop a run on bad data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.data import DATA_JOBS, gaps_about, inside, jobs_of_window
from mlaudit.capabilities.transforms import PREPARES
from mlaudit.capabilities.workflows import Workflow, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import (
    BatchJob,
    CatalogTable,
    DataQualityRuleset,
    PipelineRun,
    RunStep,
    Step,
    TrainingJob,
)
from mlaudit.sight import View

LEARNS = frozenset({"automl", "training", "tuning"})
QUALITY_CHECK = "qualitycheck"
ABOUT_DATA = "DATA_QUALITY"
OWN_CODE = PREPARES | {"activity", "callback", "pipeline", "training", "workflow"}
"""Kinds of steps that run code of one's own, or what is not a part of the definition."""

_EVALUATES_RULES = "startdataqualityrulesetevaluationrun"
_SAYS = re.compile(
    r"schema|expectation|deequ|pandera|data.?quality|validat(?:e|or|ion)"
    r"|(?:check|verify|assert|test).{0,3}(?:data|input|feature)"
    r"|(?:data|input|feature)s?.{0,3}(?:check|verif)",
    re.IGNORECASE,
)
_SAYS_OTHERWISE = re.compile(
    r"model|endpoint|predict|deploy|regist|approv|status|complete|credential|param|config|split"
    r"|validation.?set",
    re.IGNORECASE,
)
"""Names of steps that check something else, poll for it, or make a data set."""
_OF_DATA = re.compile(r"schema|expectation|data|input|feature", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SchemaValidation:
    """A workflow that trains, with what checks its data first.

    Attributes:
        flow: The workflow.
        checks: Steps that check data before every training step, by name.
        stops: Whether one of them before each training step can keep it from running.
        rules: Rulesets of the Glue catalogue for the data that jobs of the workload read.
    """

    flow: Workflow
    checks: tuple[str, ...]
    stops: bool
    rules: tuple[str, ...]


@provider
def schema_validations(view: View) -> Evidence[SchemaValidation]:
    """The workflows that train, as far as their steps tell what they do.

    Code of one's own in front of training may check data by any library: unless a step's name says
    so and a condition on it stands before training, that is a gap. So is training that nothing of
    AWS started in order.
    """
    seen = view.once(workflows)
    gaps = [*seen.gaps, *view.gaps(RunStep)]
    items: list[SchemaValidation] = []
    for flow in seen.items:
        found = _validation(view, flow)
        hidden = _hidden(view, found) if found else ()
        gaps += hidden
        if found and not hidden:
            items.append(found)
    if not any(flow.kinds() & LEARNS for flow in seen.items):
        gaps += out_of_order(view)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _validation(view: View, flow: Workflow) -> SchemaValidation | None:
    checks = data_checks(view, flow)
    names = {each.name for each in checks}
    before_checks = {step.name for each in checks for step in flow.before(each)}
    learners = [
        step
        for step in flow.steps
        if step.kind in LEARNS and step.name not in names | before_checks
    ]
    if not learners:
        return None
    in_front = [{step.name for step in flow.before(learner)} & names for learner in learners]
    every = all(in_front)
    stopped = all(
        any(stops(view, flow, each, learner) for each in checks if each.name in some)
        for learner, some in zip(learners, in_front, strict=True)
    )
    return SchemaValidation(
        flow=flow,
        checks=tuple(sorted(set().union(*in_front))) if every else (),
        stops=every and stopped,
        rules=tuple(each.name for each in rules_on_data(view)),
    )


def data_checks(view: View, flow: Workflow) -> tuple[Step, ...]:
    """The steps of a workflow that check data, by their type or by what they are called."""
    return tuple(step for step in flow.steps if _checks_data(view, flow, step))


def _checks_data(view: View, flow: Workflow, step: Step) -> bool:
    trained = any(each.kind in LEARNS for each in flow.before(step))
    if step.kind == QUALITY_CHECK:
        about = {each.checks for each in runs_of(view, flow, step)} - {None}
        return ABOUT_DATA in about if about else not trained
    if step.kind == _EVALUATES_RULES:
        return True
    says = step.kind in OWN_CODE and bool(_SAYS.search(step.name))
    says = says and not _SAYS_OTHERWISE.search(step.name)
    return says and (not trained or bool(_OF_DATA.search(step.name)))


def runs_of(view: View, flow: Workflow, step: Step) -> tuple[RunStep, ...]:
    """A step of a pipeline in the runs that were examined."""
    runs = view.region.by(PipelineRun, "pipeline_arn").get(flow.arn, ())
    found = (view.region.get(RunStep, f"{run.arn}#{step.name}") for run in runs)
    return tuple(each for each in found if each)


def stops(view: View, flow: Workflow, step: Step, learner: Step) -> bool:
    """Whether a check can keep a later step from running.

    A quality check with a baseline fails by itself; a condition must stand behind any other.
    """
    if step.kind == QUALITY_CHECK:
        return any(each.baseline for each in runs_of(view, flow, step))
    return any(
        each.kind == "condition" and step in flow.before(each) for each in flow.before(learner)
    )


def rules_on_data(view: View) -> tuple[DataQualityRuleset, ...]:
    """The rulesets for tables that hold what jobs of the workload read."""
    tables = {each.arn for each in tables_read(view)}
    return tuple(each for each in view.region.all(DataQualityRuleset) if each.table_arn in tables)


def tables_read(view: View) -> tuple[CatalogTable, ...]:
    """The tables of the catalogue that hold what jobs of the workload read."""
    uris = {uri for job in jobs_of_window(view) for uri in job.inputs}
    return tuple(
        each
        for each in view.region.all(CatalogTable)
        if any(inside(uri, each.location) or inside(each.location, uri) for uri in uris)
    )


def _hidden(view: View, found: SchemaValidation) -> tuple[Gap, ...]:
    """What could show a workflow in a better light."""
    flow, region = found.flow, view.region.name
    if found.stops:
        return ()
    unseen = view.gaps(RunStep)
    if unseen and QUALITY_CHECK in flow.kinds():
        return unseen
    steps = {step.name: step for step in flow.steps}
    own = [steps[name] for name in found.checks if steps[name].kind in OWN_CODE]
    if not found.checks:
        own = [step for step in flow.steps if prepares(flow, step)]
    if own:
        return (Gap.unread("sagemaker:DescribePipeline", region, "CodeNotRead", flow.arn),)
    if found.checks or found.rules:
        return ()
    return gaps_on_rules(view)


def prepares(flow: Workflow, step: Step) -> bool:
    """Whether code of one's own runs in a step before training."""
    later = (each for each in flow.steps if each.kind in LEARNS)
    return step.kind in OWN_CODE and any(step in flow.before(each) for each in later)


def gaps_on_rules(view: View) -> tuple[Gap, ...]:
    """What hides rulesets for the data of a workload."""
    uris = {uri for job in jobs_of_window(view) for uri in job.inputs}
    found = (*view.gaps(*DATA_JOBS, DataQualityRuleset), *gaps_about(view, uris))
    return tuple(dict.fromkeys(found))


def out_of_order(view: View) -> Iterable[Gap]:
    """Training of the window that no workflow of AWS ran, by one of its jobs."""
    jobs = [each.arn for each in view.items(TrainingJob) if view.window.covers(each.ended_at)]
    jobs += [each.arn for each in view.items(BatchJob) if view.window.covers(each.ended_at)]
    yield from view.gaps(TrainingJob, BatchJob)
    for arn in jobs[:1]:
        yield Gap.unread("sagemaker:DescribeTrainingJob", view.region.name, "CallerNotRead", arn)
