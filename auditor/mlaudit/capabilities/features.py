"""How much each feature matters: what computes it for a version, and what compares it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.algorithms import built_in
from mlaudit.capabilities.captures import in_a_tracker
from mlaudit.capabilities.gates import DECIDES, DEPLOYS, REGISTERS
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.capabilities.validation import LEARNS, OWN_CODE, out_of_order, runs_of
from mlaudit.capabilities.workflows import Workflow, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import BatchJob, ProcessingJob, RunStep, Step, TrainingJob
from mlaudit.sight import View

_CHECK = "clarifycheck"
_ABOUT = "MODEL_EXPLAINABILITY"
_SAYS = re.compile(r"(?i:importance|attribution|expla(?:in|nation))|[Ss]hap(?![a-z])|SHAP(?!E)")
"""Names of steps and of metadata that speak of how much features matter."""


@dataclass(frozen=True, slots=True)
class FeatureImportance:
    """Whether the importance of its features is on record for a model that serves.

    Attributes:
        version: The model.
        registered: Whether its registered version carries it.
        computed_in: The step that computed it in the run which registered the version, or that
            computes it for each model.
        of_version: Whether that step ran for this very version.
    """

    version: ServedVersion
    registered: bool
    computed_in: str | None
    of_version: bool


@provider
def feature_importances(view: View) -> Evidence[FeatureImportance]:
    """Every model that serves; importance that a tracker may hold instead is a gap."""
    seen, flows = view.once(served_versions), view.once(workflows)
    visible = view.sees(RunStep) and not flows.gaps
    ran = sorted(
        step.name
        for flow in flows.items
        if flow.succeeded_at
        for step in _feature_steps(view, flow)
    )
    items: list[FeatureImportance] = []
    gaps = [*seen.gaps, *flows.gaps, *view.gaps(RunStep)]
    for version in seen.items:
        own = _computed_for(view, version)
        found = FeatureImportance(
            version, _is_registered(version), own or next(iter(ran), None), bool(own)
        )
        known = found.registered or found.of_version
        doubts = () if known or found.computed_in else in_a_tracker(view, version.arn)
        gaps += doubts
        items += [found] if known or (visible and not doubts) else []
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _is_registered(version: ServedVersion) -> bool:
    package = version.package
    return package is not None and (
        bool(package.explainability_uri)
        or "Explainability" in package.baselines
        or any(_SAYS.search(key) for key in package.metadata_keys)
    )


def _computed_for(view: View, version: ServedVersion) -> str | None:
    run = version.package.generated_by if version.package else None
    steps = view.region.by(RunStep, "run_arn").get(run or "", ())
    names = (each.name for each in steps if each.checks == _ABOUT and each.status == "Succeeded")
    return next(names, None)


@dataclass(frozen=True, slots=True)
class FeatureTest:
    """A workflow that makes models, with what it asks of the importance of their features.

    Attributes:
        flow: The workflow.
        steps: Steps that compute it, by name.
        stops: Whether one of them compares it and can keep a model from being let out.
    """

    flow: Workflow
    steps: tuple[str, ...]
    stops: bool


@provider
def feature_tests(view: View) -> Evidence[FeatureTest]:
    """The workflows that train models or let them out.

    Code of one's own may compute importance in any step: unless a step's type or name says so, that
    is a gap. So is training of one's own that nothing of AWS started in order. An algorithm of AWS
    computes no importance, and without another job beside it nothing in the account does.
    """
    seen = view.once(workflows)
    gaps = [*seen.gaps, *view.gaps(RunStep)]
    items: list[FeatureTest] = []
    making = [each for each in seen.items if each.kinds() & (LEARNS | REGISTERS | DEPLOYS)]
    for flow in making:
        steps = _feature_steps(view, flow)
        stops = any(_can_stop(view, flow, step) for step in steps)
        hidden = () if steps else _untold(view, flow)
        if _CHECK in flow.kinds() and not stops:
            hidden += view.gaps(RunStep)
        gaps += hidden
        if not hidden:
            names = tuple(sorted(step.name for step in steps))
            items.append(FeatureTest(flow, names, stops))
    if not making:
        gaps += out_of_order(view) if _may_compute(view) else view.gaps(*_JOBS)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


_JOBS = (TrainingJob, ProcessingJob, BatchJob)


def _may_compute(view: View) -> bool:
    """Whether code of one's own ran in a job that may be about how much features matter."""
    own = any(not built_in(job) for job in view.items(TrainingJob))
    return own or bool(view.items(ProcessingJob) or view.items(BatchJob))


def _feature_steps(view: View, flow: Workflow) -> tuple[Step, ...]:
    return tuple(step for step in flow.steps if _is_about_features(view, flow, step))


def _is_about_features(view: View, flow: Workflow, step: Step) -> bool:
    about = {each.checks for each in runs_of(view, flow, step)} - {None}
    if step.kind == _CHECK and about:
        return _ABOUT in about
    return step.kind in OWN_CODE | {_CHECK} and bool(_SAYS.search(step.name))


def _can_stop(view: View, flow: Workflow, step: Step) -> bool:
    """Whether a step can fail a run: a check with a baseline by itself, any other by a condition.

    The condition must stand before what lets a model out, where anything does.
    """
    if step.kind == _CHECK:
        runs = runs_of(view, flow, step)
        return any(each.baseline and each.status == "Succeeded" for each in runs)
    decisions = [each for each in flow.steps if each.kind in DECIDES and step in flow.before(each)]
    exits = [each for each in flow.steps if each.kind in REGISTERS | DEPLOYS]
    if not exits:
        return bool(decisions)
    return any(each in flow.before(last) for each in decisions for last in exits)


def _untold(view: View, flow: Workflow) -> tuple[Gap, ...]:
    """A gap where a step may compute importance and its name does not tell."""
    if not any(step.kind in OWN_CODE | {_CHECK} for step in flow.steps):
        return ()
    operation, region = "sagemaker:DescribePipeline", view.region.name
    return (Gap.unread(operation, region, "TestsNotNamed", flow.arn),)
