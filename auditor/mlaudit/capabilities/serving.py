"""Models that serve: on endpoints, in serverless and asynchronous form, and in batch jobs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation
from mlaudit.resources import (
    ComponentTraffic,
    Container,
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    Model,
    ModelPackage,
    RecommendationJob,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
    TrainingJob,
    TransformJob,
    Variant,
)
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Placement:
    """One variant of an endpoint that serves, with its configuration."""

    endpoint: Endpoint
    config: EndpointConfig
    variant: Variant

    @property
    def words(self) -> str:
        """How a fact names it."""
        return f"endpoint {self.endpoint.name}, variant {self.variant.name}"

    @property
    def serverless(self) -> bool:
        """Whether it runs without instances of its own."""
        return self.variant.serverless_concurrency is not None

    def observed(self, grade: Grade, fact: str, at: datetime | None = None) -> Observation:
        """An observation about its endpoint."""
        return Observation(self.endpoint.arn, grade, f"{self.words}: {fact}", at)


def placements(view: View) -> tuple[Placement, ...]:
    """The variants of the workload's serving endpoints whose configuration was seen."""
    configs = view.region.by(EndpointConfig, "name")
    return tuple(
        Placement(endpoint, config, variant)
        for endpoint in view.items(Endpoint)
        if endpoint.serving and endpoint.config_name
        for config in configs.get(endpoint.config_name, ())
        for variant in config.variants
    )


PLACEMENT_KINDS = (Endpoint, EndpointConfig)


def placement_gaps(view: View) -> tuple[Gap, ...]:
    """What keeps placements from being seen; an endpoint outlives its deleted configuration."""
    known = view.gaps(*PLACEMENT_KINDS)
    if known:
        return known
    configs = view.region.by(EndpointConfig, "name")
    return tuple(
        _gone(view, "sagemaker:DescribeEndpointConfig", each.arn)
        for each in view.items(Endpoint)
        if each.serving and each.config_name not in configs
    )


def _gone(view: View, operation: str, subject: str) -> Gap:
    return Gap(operation, view.region.name, "Deleted", GapReason.GONE, None, subject)


COUNTS = (Traffic, ComponentTraffic)
"""What tells whether somebody was answered."""


def is_idle(view: View, placement: Placement) -> bool | None:
    """Whether a variant answered nobody in the window; ``None`` where that could not be seen.

    One that holds components is counted by these. What answers asynchronously is not counted by
    variant.
    """
    if placement.config.asynchronous:
        return False
    if placement.variant.model_name is None:
        found = [component_is_idle(view, each) for each in components_of(view, placement)]
        unseen = None in found or bool(view.gaps(InferenceComponent))
        return False if False in found else None if unseen else True
    counted = view.region.get(Traffic, f"{placement.endpoint.arn}#{placement.variant.name}")
    if counted is None:
        return None if view.gaps(Traffic) else False
    return counted.requests <= 0


def components_of(view: View, placement: Placement) -> tuple[InferenceComponent, ...]:
    """The components that answer on a variant."""
    running = running_components(view, placement.endpoint)
    return tuple(each for each in running if each.variant_name == placement.variant.name)


def component_is_idle(view: View, component: InferenceComponent) -> bool | None:
    """Whether a component answered nobody in the window; ``None`` where that could not be seen."""
    counted = view.region.get(ComponentTraffic, f"{component.arn}#requests")
    if counted is None:
        return None if view.gaps(ComponentTraffic) else False
    return counted.requests <= 0


@dataclass(frozen=True, slots=True)
class Scaling:
    """How one variant scales out.

    Attributes:
        placement: The variant.
        by: What scales it, in words; ``None`` for fixed capacity.
        minimum: The least capacity; ``None`` where AWS manages it.
    """

    placement: Placement
    by: str | None
    minimum: int | None


@provider
def scalings(view: View) -> Evidence[Scaling]:
    """Every serving variant whose scaling could be seen."""
    gaps = placement_gaps(view) + view.gaps(InferenceComponent)
    gaps += view.gaps(ScalableTarget, ScalingPolicy, ScheduledScaling)
    visible = view.sees(ScalableTarget, ScalingPolicy, ScheduledScaling, InferenceComponent)
    found = (_scaling(view, each) for each in placements(view))
    items = tuple(each for each in found if visible or each.minimum is None)
    return Evidence(items, tuple(dict.fromkeys(gaps)))


def _scaling(view: View, placement: Placement) -> Scaling:
    variant = placement.variant
    if placement.serverless:
        words = f"serverless, up to {variant.serverless_concurrency} at a time"
        return Scaling(placement, words, None)
    if variant.managed_scaling:
        least, most = variant.managed_min, variant.managed_max
        return Scaling(placement, f"managed instance scaling, {least} to {most} instances", None)
    return _application_scaling(view, placement)


def _application_scaling(view: View, placement: Placement) -> Scaling:
    capacity = placement.variant.instance_count or 0
    for resource_id in _scaled_ids(view, placement):
        for target in view.region.by(ScalableTarget, "resource_id").get(resource_id, ()):
            by = None if target.suspended else rules_of(view, target)
            if by and target.minimum < target.maximum:
                words = f"{by}, {target.minimum} to {target.maximum}"
                return Scaling(placement, words, target.minimum)
            capacity = target.minimum
    return Scaling(placement, None, capacity)


def _scaled_ids(view: View, placement: Placement) -> Iterator[str]:
    yield f"endpoint/{placement.endpoint.name}/variant/{placement.variant.name}"
    components = view.region.by(InferenceComponent, "endpoint_arn")
    for component in components.get(placement.endpoint.arn, ()):
        if component.variant_name == placement.variant.name:
            yield f"inference-component/{component.name}"


def rules_of(view: View, target: ScalableTarget) -> str | None:
    """The policies and schedules that move a target, in words."""
    policies = view.region.by(ScalingPolicy, "resource_id").get(target.resource_id, ())
    rules = [f"scales by {each.metric or each.policy_type}" for each in policies]
    schedules = view.region.by(ScheduledScaling, "resource_id").get(target.resource_id, ())
    rules += [f"scales on schedule {each.schedule}" for each in schedules]
    return " and ".join(sorted(rules)) or None


@dataclass(frozen=True, slots=True)
class RealTimeVariant:
    """A variant that answers requests while the caller waits.

    Attributes:
        scaling: How it scales.
        requests: Requests answered in the window.
        last_at: When it last answered one.
    """

    scaling: Scaling
    requests: float
    last_at: datetime | None


@provider
def real_time_variants(view: View) -> Evidence[RealTimeVariant]:
    """Every synchronous serving variant that can be judged from what was seen."""
    seen = view.once(scalings)
    items = []
    uncounted = []
    for scaling in seen.items:
        placement = scaling.placement
        if placement.config.asynchronous:
            continue
        key = f"{placement.endpoint.arn}#{placement.variant.name}"
        traffic = view.region.get(Traffic, key)
        if traffic:
            items.append(RealTimeVariant(scaling, traffic.requests, traffic.last_at))
        elif scaling.by is None:
            items.append(RealTimeVariant(scaling, 0.0, None))
        else:
            uncounted.append(_uncounted(view, placement))
    gaps = dict.fromkeys((*seen.gaps, *view.gaps(Traffic), *uncounted))
    return Evidence(tuple(items), tuple(gaps))


def _uncounted(view: View, placement: Placement) -> Gap:
    """A variant whose requests nobody counted, such as one that an update has just added."""
    subject = placement.endpoint.arn
    operation, reason = "cloudwatch:GetMetricData", GapReason.NOT_ASKED
    return Gap(operation, view.region.name, "RequestsNotCounted", reason, None, subject)


@dataclass(frozen=True, slots=True)
class VerticalPath:
    """A way to give one variant another size of machine.

    Attributes:
        arn: What shows it.
        fact: What was seen.
        used: Whether it is in use, or ran in the window.
        at: When it ran.
    """

    arn: str
    fact: str
    used: bool
    at: datetime | None


@provider
def vertical_paths(view: View) -> Evidence[VerticalPath]:
    """Serverless and mixed-size variants, and recommendation jobs that measured sizes."""
    items = []
    for each in placements(view):
        if each.serverless:
            items.append(
                VerticalPath(each.endpoint.arn, f"{each.words} is serverless", used=True, at=None)
            )
        elif each.variant.instance_pools:
            sizes = ", ".join(each.variant.instance_pools)
            fact = f"{each.words} runs on any of {sizes}"
            items.append(VerticalPath(each.endpoint.arn, fact, used=True, at=None))
    for study in view.items(RecommendationJob):
        if study.status in _GAVE_UP:
            continue
        done = study.status == "COMPLETED" and view.window.covers(study.completed_at)
        fact = f"recommendation job {study.name} is {study.status.lower()}"
        items.append(VerticalPath(study.arn, fact, done, study.completed_at))
    gaps = (*placement_gaps(view), *view.gaps(RecommendationJob))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


_GAVE_UP = frozenset({"FAILED", "STOPPING", "STOPPED", "DELETING", "DELETED"})


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model that serves, with where it comes from.

    Attributes:
        model: The model.
        where: The endpoint or transform job, in words.
        trained_by: The training jobs that made what its containers hold; empty where one of them
            is not known and those that are were not tuned.
        tuned_by: The tuning and AutoML jobs that made one of them.
        images: The images of its containers in order, those of a package in its place; ``None``
            where it is not known.
    """

    model: Model
    where: str
    trained_by: tuple[str, ...]
    tuned_by: tuple[str, ...]
    images: tuple[str | None, ...]


SERVED_KINDS = (InferenceComponent, Model, ModelPackage, TransformJob)


def served_models(view: View) -> Evidence[ServedModel]:
    """Every model on a serving endpoint, or that scored a batch in the window."""
    served = (*_on_endpoints(view), *_in_batches(view))
    models = view.region.by(Model, "name")
    places: dict[str, tuple[Model, str]] = {}
    for each in served:
        for model in models.get(each.model_name, ()):
            places.setdefault(model.arn, (model, each.where))
    items = tuple(_served(view, model, where) for model, where in places.values())
    gaps = (*placement_gaps(view), *view.gaps(*SERVED_KINDS), *_gone_models(view, served))
    return Evidence(items, tuple(dict.fromkeys(gaps)))


@dataclass(frozen=True, slots=True)
class _Use:
    """What serves a model, and the model's name."""

    arn: str
    where: str
    model_name: str


def models_gone(view: View) -> tuple[Gap, ...]:
    """Endpoints whose model was deleted: they still serve, and what they serve is not known."""
    return _gone_models(view, _on_endpoints(view))


def _gone_models(view: View, served: Iterable[_Use]) -> tuple[Gap, ...]:
    if not view.sees(Model):
        return ()
    models = view.region.by(Model, "name")
    missing = (each.arn for each in served if each.model_name not in models)
    return tuple(_gone(view, "sagemaker:DescribeModel", arn) for arn in dict.fromkeys(missing))


def running_components(view: View, endpoint: Endpoint) -> tuple[InferenceComponent, ...]:
    """The components that answer on an endpoint."""
    found = view.region.by(InferenceComponent, "endpoint_arn").get(endpoint.arn, ())
    return tuple(each for each in found if each.status in {"InService", "Updating"})


def _on_endpoints(view: View) -> Iterator[_Use]:
    for each in placements(view):
        names = [each.variant.model_name]
        names += [component.model_name for component in running_components(view, each.endpoint)]
        where = f"on endpoint {each.endpoint.name}"
        yield from (_Use(each.endpoint.arn, where, name) for name in names if name)


def _in_batches(view: View) -> Iterator[_Use]:
    for job in view.items(TransformJob):
        if job.status == "Completed" and view.window.covers(job.ended_at):
            yield _Use(job.arn, f"in transform job {job.name}", job.model_name)


def _served(view: View, model: Model, where: str) -> ServedModel:
    containers = [one for each in model.containers for one in _unpacked(view, each)]
    artefacts = {each.model_data for each in containers if each.model_data}
    jobs = [
        job for job in view.lineage.upstream(model.arn, TrainingJob) if job.artifact in artefacts
    ]
    makers = {arn for job in jobs for arn in (job.tuning_job_arn, job.auto_ml_job_arn)}
    tuned_by = {arn for arn in makers if arn}
    known = {job.artifact for job in jobs} == artefacts and not any(
        each.package_arn for each in containers
    )
    return ServedModel(
        model=model,
        where=where,
        trained_by=tuple(job.arn for job in jobs) if tuned_by or known else (),
        tuned_by=tuple(sorted(tuned_by)),
        images=tuple(each.image for each in containers),
    )


def _unpacked(view: View, container: Container) -> tuple[Container, ...]:
    """The containers of the package it names, or itself where the package is not in sight."""
    package = view.region.get(ModelPackage, container.package_arn or "")
    return package.containers if package else (container,)
