"""What a version passed on its way to production, and the runbook for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.delivery import DELIVERY_KINDS, deliveries
from mlaudit.capabilities.gates import DEPLOYS, ModelGate, model_gates, served_registrations
from mlaudit.capabilities.governance import SignOff
from mlaudit.capabilities.registry import APPROVED, ServedVersion, served_versions
from mlaudit.capabilities.serving import placements, running_components
from mlaudit.capabilities.workflows import Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import (
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    Model,
    Pipeline,
    PipelineRun,
    Runbook,
    RunStep,
    StateMachine,
    StateMachineRun,
    TransformJob,
)
from mlaudit.resources.repository import READ, FactKind, RepositoryFact
from mlaudit.sight import View

_ASKS = frozenset({"activity", "callback"})
"""Kinds of steps that wait for somebody outside of a workflow."""

_PATH_KINDS = (*DELIVERY_KINDS, Pipeline, PipelineRun, RunStep, StateMachine, StateMachineRun)


@dataclass(frozen=True, slots=True)
class Promotion:
    """The way of one version to where it serves.

    Attributes:
        arn: The model.
        words: It in words.
        tested: What tried it apart from production.
        approved: What let it out afterwards.
        by: The delivery pipelines and workflows that brought it.
        placed_at: When it came to serve, as far as the window tells; ``None`` before.
    """

    arn: str
    words: str
    tested: tuple[str, ...]
    approved: tuple[str, ...]
    by: tuple[str, ...]
    placed_at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.placed_at)


@provider
def promotions(view: View) -> Evidence[Promotion]:
    """Every model that serves and whose way is known as far as it matters.

    A model that is not seen to have passed both a test and an approval is a gap, unless it is known
    what brought it: tools outside of AWS may have tested it or asked for approval.
    """
    versions, registered = view.once(served_versions), view.once(served_registrations)
    delivered, gates = view.once(deliveries), view.once(model_gates)
    hidden = view.gaps(*_PATH_KINDS)
    gated = {each.served.model.arn: each.gated for each in registered.items}
    items, unknown = [], []
    for version in versions.items:
        found = _promotion(view, version, gated=gated.get(version.arn, False))
        known = bool(found.by) and not hidden
        tested = found.tested or (known and version.arn in gated)
        if tested and (found.approved or (known and _is_told(version))):
            items.append(found)
        else:
            unknown.append(_unread(view, "DeployedByUnknown", version.arn))
    settled = {each.arn for each in items}
    open_ = (
        each
        for each in registered.gaps
        if each.code != "RegistrarNotFound" or each.subject not in settled
    )
    gaps = (*versions.gaps, *open_, *delivered.gaps, *gates.gaps, *hidden, *unknown)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _promotion(view: View, version: ServedVersion, *, gated: bool) -> Promotion:
    came = came_about(view, version.arn)
    paths = [each for each in view.once(deliveries).items if each.brought(*came.values())]
    flows = list(_flows(view, came))
    tested = [each.words for path in paths for each in path.staged]
    tested += [name for each in flows if each.stops for name in each.tests]
    tested += ["its test before registration"] if gated else []
    approved = [each.words for path in paths for each in path.approvals]
    approved += [step for each in flows for step in _asked_in(each.flow)]
    approved += ["its approval in the registry"] if _signed_off(version) else []
    by = [each.words for each in paths] + [f"{each.flow.engine} {each.flow.name}" for each in flows]
    newest = max(came.values(), default=None)
    return Promotion(
        arn=version.arn,
        words=version.words,
        tested=_unique(tested),
        approved=_unique(approved),
        by=_unique(by),
        placed_at=newest if view.window.covers(newest) else None,
    )


def _unique(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _signed_off(version: ServedVersion) -> bool:
    """Whether somebody approved it after it was registered."""
    if version.package is None:
        return False
    found = SignOff(version.package, version.words)
    return found.approved and found.changed


def _is_told(version: ServedVersion) -> bool:
    """Whether the registry tells that nobody approved it, as opposed to not telling who did."""
    package = version.package
    return package is not None and (package.approval != APPROVED or package.created_by is not None)


def came_about(view: View, arn: str) -> dict[str, datetime]:
    """When a model, and each thing that puts it to use, came about."""
    model = view.region.get(Model, arn)
    if model is None:
        return {}
    found = {arn: model.created_at}
    for place in placements(view):
        components = running_components(view, place.endpoint)
        found.update(_created(each) for each in components if each.model_name == model.name)
        if place.variant.model_name == model.name:
            found.update([_created(place.config)])
            if place.endpoint.created_at >= place.config.created_at:  # not updated since
                found.update([_created(place.endpoint)])
    return found


def _created(each: Endpoint | EndpointConfig | InferenceComponent) -> tuple[str, datetime]:
    return each.arn, each.created_at


def _flows(view: View, came: dict[str, datetime]) -> Iterator[ModelGate]:
    """The workflows that put a model to use: by what a run made, or by when it ran."""
    uses = [arn for arn in came if view.region.get(Model, arn) is None]
    uses += [each.arn for each in view.items(TransformJob) if _scores(view, each, came)]
    ran = {run.pipeline_arn for arn in uses for run in view.lineage.into(arn, PipelineRun)}
    ran |= {
        run.machine_arn
        for run in view.region.all(StateMachineRun)
        if run.status == "SUCCEEDED" and any(_spans(run, came[arn]) for arn in uses if arn in came)
    }
    for gate in view.once(model_gates).items:
        if gate.flow.arn in ran and gate.flow.kinds() & (DEPLOYS | {"endpointconfig", "transform"}):
            yield gate


def _scores(view: View, job: TransformJob, came: dict[str, datetime]) -> bool:
    models = view.region.by(Model, "name").get(job.model_name, ())
    return any(each.arn in came for each in models)


def _spans(run: StateMachineRun, moment: datetime) -> bool:
    return run.ended_at is not None and run.started_at <= moment <= run.ended_at


def _asked_in(flow: Workflow) -> list[str]:
    """The steps that wait for somebody before a workflow deploys."""
    out = [step for step in flow.steps if step.kind in DEPLOYS | {"endpointconfig"}]
    return [each.name for step in out for each in flow.before(step) if each.kind in _ASKS]


def _unread(view: View, code: str, arn: str) -> Gap:
    return Gap.unread("sagemaker:DescribeModel", view.region.name, code, arn)


@dataclass(frozen=True, slots=True)
class PromotionRunbook:
    """Instructions for promotion and the way back, written down where the scan sees them.

    Attributes:
        arn: The document.
        words: It in words.
    """

    arn: str
    words: str


@provider
def promotion_runbooks(view: View) -> Evidence[PromotionRunbook]:
    """Runbooks of a workload in Systems Manager and in its repositories; a wiki is out of sight."""
    items = [
        PromotionRunbook(each.arn, f"automation document {each.name}")
        for each in view.items(Runbook)
    ]
    items += [
        PromotionRunbook(each.arn, f"runbook {each.where}")
        for each in view.region.all(RepositoryFact)
        if each.kind is FactKind.RUNBOOK
        and (view.workload is None or each.workload in {None, view.workload})
    ]
    versions = view.once(served_versions)
    gaps = view.gaps(Runbook)
    if versions.items and not items:
        gaps += (Gap.unread(READ, view.region.name, "RunbookElsewhere", versions.items[0].arn),)
    return Evidence(tuple(items), gaps)
