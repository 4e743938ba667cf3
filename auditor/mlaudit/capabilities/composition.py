"""Several models together: side by side on one fleet, or one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import inf

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import (
    COUNTS,
    Placement,
    Scaling,
    is_idle,
    models_gone,
    running_components,
    scalings,
)
from mlaudit.capabilities.workflows import workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import InferenceComponent, Model
from mlaudit.sight import View

_TWO = 2


@dataclass(frozen=True, slots=True)
class ParallelModels:
    """Models that share one endpoint.

    Attributes:
        arn: The endpoint.
        words: The form, in words.
        capacity: The least number of instances; ``None`` where AWS spreads the load itself.
        used: Whether they answered requests in the window, or ran in it.
        at: When the endpoint last changed.
    """

    arn: str
    words: str
    capacity: int | None
    used: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ChainedModels:
    """Models that run one after the other, on an endpoint or in a workflow; see above."""

    arn: str
    words: str
    capacity: int | None
    used: bool
    at: datetime | None


@provider
def parallel_models(view: View) -> Evidence[ParallelModels]:
    """Multi-model and direct-call models, inference components, variants with other models."""
    items = [
        ParallelModels(each.endpoint.arn, words, capacity, used, each.endpoint.modified_at)
        for each, capacity, used in _with_capacity(view)
        if (words := _parallel_form(view, each))
    ]
    return Evidence(_weakest(items), _gaps(view))


def _weakest(items: Iterable[ParallelModels]) -> tuple[ParallelModels, ...]:
    """Of variants that share an endpoint in one form, an unused one, or that of least capacity."""
    found: dict[tuple[str, str], ParallelModels] = {}
    for each in sorted(items, key=lambda each: (each.used, _instances(each))):
        found.setdefault((each.arn, each.words), each)
    return tuple(found[key] for key in sorted(found))


def _instances(form: ParallelModels) -> float:
    return inf if form.capacity is None else form.capacity


@provider
def chained_models(view: View) -> Evidence[ChainedModels]:
    """Serial inference pipelines, and workflows that call one model after another."""
    items = [
        ChainedModels(each.endpoint.arn, words, capacity, used, each.endpoint.modified_at)
        for each, capacity, used in _with_capacity(view)
        if (words := _serial_form(view, each))
    ]
    seen = view.once(workflows)
    items += [
        ChainedModels(
            arn=each.arn,
            words=f"{each.engine} {each.name} chains models",
            capacity=None,
            used=True,
            at=each.succeeded_at,
        )
        for each in seen.items
        if each.succeeded_at and each.runs_before(_CALLS, _CALLS)
    ]
    gaps = (*_gaps(view), *seen.gaps)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


_CALLS = frozenset({"inference", "transform"})


def _gaps(view: View) -> tuple[Gap, ...]:
    found = [*view.gaps(Model, InferenceComponent), *view.once(scalings).gaps, *models_gone(view)]
    if any(is_idle(view, each.placement) is None for each in view.once(scalings).items):
        found += view.gaps(*COUNTS)
    return tuple(dict.fromkeys(found))


def _with_capacity(view: View) -> Iterator[tuple[Placement, int | None, bool]]:
    """Each serving variant whose scaling and use could be seen: its least capacity, its use."""
    for each in view.once(scalings).items:
        idle = is_idle(view, each.placement)
        if idle is not None:
            yield each.placement, _capacity(each), not idle


def _capacity(scaling: Scaling) -> int | None:
    variant = scaling.placement.variant
    return variant.managed_min or 0 if variant.managed_scaling else scaling.minimum


def _model(view: View, name: str | None) -> Model | None:
    found = view.region.by(Model, "name").get(name or "", ())
    return found[0] if found else None


def _parallel_form(view: View, placement: Placement) -> str | None:
    model = _model(view, placement.variant.model_name)
    if model and any(each.multi_model for each in model.containers):
        return f"{placement.words} loads many models on demand"
    if model and model.execution_mode == "Direct":
        return f"{placement.words} holds {len(model.containers)} models, called by name"
    components = running_components(view, placement.endpoint)
    models = {each.model_name or each.arn for each in components}  # one may bring its container
    if len(models) >= _TWO:
        return f"{placement.words} shares its fleet between {len(models)} models"
    names = {each.model_name for each in placement.config.variants if each.model_name}
    if len(names) >= _TWO:
        return f"endpoint {placement.endpoint.name} serves {len(names)} models by variant"
    return None


def _serial_form(view: View, placement: Placement) -> str | None:
    model = _model(view, placement.variant.model_name)
    if model and model.execution_mode == "Serial":
        return f"{placement.words} chains {len(model.containers)} containers"
    return None
