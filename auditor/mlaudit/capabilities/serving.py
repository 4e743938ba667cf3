"""Models that serve: on endpoints, in serverless and asynchronous form, and in batch jobs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import (
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
    TuningJob,
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


def scalings(view: View) -> Evidence[Scaling]:
    """Every serving variant whose scaling could be seen."""
    gaps = view.gaps(*PLACEMENT_KINDS, InferenceComponent, ScalableTarget, ScalingPolicy)
    gaps += view.gaps(ScheduledScaling)
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
            by = None if target.suspended else _rules(view, target)
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


def _rules(view: View, target: ScalableTarget) -> str | None:
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


def real_time_variants(view: View) -> Evidence[RealTimeVariant]:
    """Every synchronous serving variant that can be judged from what was seen."""
    seen = scalings(view)
    items = []
    for scaling in seen.items:
        placement = scaling.placement
        if placement.config.asynchronous or (scaling.by and not view.sees(Traffic)):
            continue
        key = f"{placement.endpoint.arn}#{placement.variant.name}"
        traffic = view.region.get(Traffic, key)
        items.append(
            RealTimeVariant(
                scaling,
                traffic.requests if traffic else 0.0,
                traffic.last_at if traffic else None,
            )
        )
    gaps = dict.fromkeys((*seen.gaps, *view.gaps(Traffic)))
    return Evidence(tuple(items), tuple(gaps))


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
        done = study.status == "COMPLETED" and view.window.covers(study.completed_at)
        fact = f"recommendation job {study.name} is {study.status.lower()}"
        items.append(VerticalPath(study.arn, fact, done, study.completed_at))
    return Evidence(tuple(items), view.gaps(*PLACEMENT_KINDS, RecommendationJob))


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model that serves, with where it comes from.

    Attributes:
        model: The model.
        where: The endpoint or transform job, in words.
        trained_by: The training jobs it descends from.
        tuned_by: The tuning jobs that made one of them.
        images: The images of its containers, those of its package included.
    """

    model: Model
    where: str
    trained_by: tuple[str, ...]
    tuned_by: tuple[str, ...]
    images: tuple[str | None, ...]


SERVED_KINDS = (*PLACEMENT_KINDS, InferenceComponent, Model, ModelPackage, TransformJob)


def served_models(view: View) -> Evidence[ServedModel]:
    """Every model on a serving endpoint, or that scored a batch in the window."""
    places: dict[str, str] = {}
    models = view.region.by(Model, "name")
    for name, where in _served_names(view):
        for model in models.get(name, ()):
            places.setdefault(model.arn, where)
    found = (view.region.get(Model, arn) for arn in places)
    items = tuple(_served(view, model, places[model.arn]) for model in found if model)
    return Evidence(items, view.gaps(*SERVED_KINDS))


def _served_names(view: View) -> Iterator[tuple[str, str]]:
    components = view.region.by(InferenceComponent, "endpoint_arn")
    for each in placements(view):
        where = f"on endpoint {each.endpoint.name}"
        if each.variant.model_name:
            yield each.variant.model_name, where
        for component in components.get(each.endpoint.arn, ()):
            if component.model_name:
                yield component.model_name, where
    for job in view.items(TransformJob):
        if job.status == "Completed" and view.window.covers(job.ended_at):
            yield job.model_name, f"in transform job {job.name}"


def _served(view: View, model: Model, where: str) -> ServedModel:
    packages = [
        package
        for each in model.containers
        if each.package_arn and (package := view.region.get(ModelPackage, each.package_arn))
    ]
    jobs = view.lineage.upstream(model.arn, TrainingJob)
    containers = (*model.containers, *(one for each in packages for one in each.containers))
    return ServedModel(
        model=model,
        where=where,
        trained_by=tuple(job.arn for job in jobs),
        tuned_by=tuple(sorted({job.tuning_job_arn for job in jobs if job.tuning_job_arn})),
        images=tuple(dict.fromkeys(each.image for each in containers if each.image)),
    )


@dataclass(frozen=True, slots=True)
class OriginOfModel:
    """A served model whose training job is known, or that a tuning job made."""

    served: ServedModel


def origins(view: View) -> Evidence[OriginOfModel]:
    """Served models by how they were trained; one whose training is not in sight is a gap."""
    seen = served_models(view)
    unknown = tuple(
        Gap.unread(
            "sagemaker:DescribeTrainingJob", view.region.name, "OriginNotFound", each.model.arn
        )
        for each in seen.items
        if not each.trained_by
    )
    gaps = (*seen.gaps, *unknown, *view.gaps(TrainingJob, TuningJob))
    known = tuple(OriginOfModel(each) for each in seen.items if each.trained_by)
    return Evidence(known, tuple(dict.fromkeys(gaps)))
