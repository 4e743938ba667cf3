"""How new versions reach what serves, and the way back from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.images import framework_of
from mlaudit.capabilities.serving import placement_gaps, placements, running_components
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation
from mlaudit.resources import (
    Alarm,
    ApiCall,
    CompositeAlarm,
    Container,
    Deployment,
    Endpoint,
    InferenceComponent,
    Model,
    ModelPackage,
)
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class Rollout:
    """How one endpoint, or one component on it, came to serve what it serves.

    Attributes:
        arn: The endpoint or component.
        words: It in words.
        strategy: ``ALL_AT_ONCE``, ``CANARY``, ``LINEAR`` or ``ROLLING``; ``None`` where it was
            left to AWS.
        bake_seconds: How long the old fleet stays after the traffic has moved.
        alarms: The alarms there are that bring the old version back.
        weighted: The variants that share its traffic now.
        updated_at: Its newest update in the window; ``None`` where there was none.
    """

    arn: str
    words: str
    strategy: str | None
    bake_seconds: int | None
    alarms: tuple[str, ...]
    weighted: tuple[str, ...]
    updated_at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.updated_at)


@dataclass(frozen=True, slots=True)
class WayBack:
    """What brings back the version before the one that serves.

    Attributes:
        rollout: How the one that serves came.
        earlier: The earlier version that is kept, in words; ``None`` where there is none.
    """

    rollout: Rollout
    earlier: str | None


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is updated on its own: an endpoint, or each component of one that holds components."""

    holder: Endpoint | InferenceComponent
    words: str
    model_names: tuple[str | None, ...]
    placed_at: datetime | None
    """When its configuration came about, where that is after the unit itself."""
    update: str


@provider
def rollouts(view: View) -> Evidence[Rollout]:
    """Everything that serves on an endpoint, by how it was last updated."""
    units = tuple(_units(view))
    found = {each.holder.arn: _rollout(view, each) for each in units}
    items = tuple(each for each in found.values() if isinstance(each, Rollout))
    hidden = tuple(gap for each in found.values() if isinstance(each, tuple) for gap in each)
    gaps = (*_unit_gaps(view), *hidden)
    return Evidence(items, tuple(dict.fromkeys(gaps)))


@provider
def ways_back(view: View) -> Evidence[WayBack]:
    """The same with the earlier version that is kept of each."""
    seen = view.once(rollouts)
    found = {each.arn: each for each in seen.items}
    items, unknown = [], []
    for unit in _units(view):
        rollout = found.get(unit.holder.arn)
        if rollout is None:
            continue
        earlier = _earlier(view, unit)
        if earlier or _is_known(view, unit):
            items.append(WayBack(rollout, earlier))
        else:
            unknown.append(_unread(view, "VersionNotKnown", unit.holder.arn))
    gaps = (*seen.gaps, *view.gaps(Model, ModelPackage), *unknown)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _unit_gaps(view: View) -> tuple[Gap, ...]:
    return (*placement_gaps(view), *view.gaps(InferenceComponent, Deployment))


def _unread(view: View, code: str, subject: str) -> Gap:
    return Gap.unread("sagemaker:DescribeEndpoint", view.region.name, code, subject)


def _units(view: View) -> Iterator[_Unit]:
    seen: set[str] = set()
    for place in placements(view):
        endpoint, config = place.endpoint, place.config
        if endpoint.arn in seen:
            continue
        seen.add(endpoint.arn)
        components = running_components(view, endpoint)
        for each in components:
            words = f"component {each.name} on endpoint {endpoint.name}"
            yield _Unit(each, words, (each.model_name,), None, "UpdateInferenceComponent")
        if not components:
            names = tuple(each.model_name for each in config.variants)
            placed_at = config.created_at if config.created_at > endpoint.created_at else None
            yield _Unit(endpoint, f"endpoint {endpoint.name}", names, placed_at, "UpdateEndpoint")


def _rollout(view: View, unit: _Unit) -> Rollout | tuple[Gap, ...]:
    """How a unit was updated, or what keeps that from being seen."""
    arn = unit.holder.arn
    deployment = view.region.get(Deployment, f"{arn}#deployment")
    if deployment is None:
        return view.gaps(Deployment) or (
            Gap(_DESCRIBE[type(unit.holder)], view.region.name, "Gone", GapReason.GONE, None, arn),
        )
    updated_at = _updated_at(view, unit)
    if updated_at is None and _may_have_been_updated(view, deployment, unit):
        return view.gaps(ApiCall)
    known = {*view.region.by(Alarm, "name"), *view.region.by(CompositeAlarm, "name")}
    if not known.issuperset(deployment.alarm_names) and not view.sees(Alarm, CompositeAlarm):
        return view.gaps(Alarm, CompositeAlarm)
    return Rollout(
        arn=arn,
        words=unit.words,
        strategy=deployment.strategy,
        bake_seconds=deployment.bake_seconds,
        alarms=tuple(name for name in deployment.alarm_names if name in known),
        weighted=tuple(sorted(name for name, share in deployment.weights.items() if share > 0)),
        updated_at=updated_at,
    )


_DESCRIBE = {
    Endpoint: "sagemaker:DescribeEndpoint",
    InferenceComponent: "sagemaker:DescribeInferenceComponent",
}


def _updated_at(view: View, unit: _Unit) -> datetime | None:
    """The newest update of the window: a call on record, or a configuration newer than the unit."""
    calls = view.region.by(ApiCall, "subject").get(unit.holder.name, ())
    moments = [
        each.at for each in calls if each.name == unit.update and each.at > unit.holder.created_at
    ]
    moments += [unit.placed_at] if unit.placed_at else []
    return max((each for each in moments if view.window.covers(each)), default=None)


def _may_have_been_updated(view: View, deployment: Deployment, unit: _Unit) -> bool:
    """Whether it changed in the window, and what changed it could not be seen."""
    changed = deployment.modified_at > unit.holder.created_at
    return changed and view.window.covers(deployment.modified_at) and not view.sees(ApiCall)


def _is_known(view: View, unit: _Unit) -> bool:
    """Whether every model of a unit is in sight, and every version it names."""
    models = view.region.by(Model, "name")
    found = [model for name in unit.model_names for model in models.get(name or "", ())]
    return len(found) == len(unit.model_names) and all(
        view.region.get(ModelPackage, each.package_arn)
        for model in found
        for each in model.containers
        if each.package_arn
    )


def _earlier(view: View, unit: _Unit) -> str | None:
    """An earlier version of what a unit serves: an approved one, else a model that is kept."""
    models = view.region.by(Model, "name")
    for name in unit.model_names:
        for model in models.get(name or "", ()):
            found = _approved_before(view, model) or _kept_before(view, model)
            if found:
                return found
    return None


def _approved_before(view: View, model: Model) -> str | None:
    for served in view.lineage.into(model.arn, ModelPackage):
        versions = view.region.by(ModelPackage, "group_name").get(served.group_name or "", ())
        earlier = [
            each.version
            for each in versions
            if each.approval == "Approved"
            and each.status == "Completed"
            and (each.version or 0) < (served.version or 0)
        ]
        if earlier:
            return f"version {max(each or 0 for each in earlier)} of {served.group_name}"
    return None


def _kept_before(view: View, model: Model) -> str | None:
    """An older model of the same images that serves nothing now."""
    serving = {name for unit in _units(view) for name in unit.model_names}
    images = _images(view, model)
    kept = [
        each
        for each in view.items(Model)
        if each.name not in serving
        and each.created_at < model.created_at
        and _images(view, each) == images
    ]
    newest = max(kept, key=lambda each: (each.created_at, each.arn), default=None)
    return f"model {newest.name}" if newest and images else None


def _images(view: View, model: Model) -> tuple[str, ...]:
    """What the images of a model hold, in order; empty where one of them is not known."""
    found = [
        framework_of(one.image)
        for each in model.containers
        for one in _unpacked(view, each.package_arn) or (each,)
    ]
    return tuple(each.name for each in found if each) if all(found) else ()


def _unpacked(view: View, package_arn: str | None) -> tuple[Container, ...]:
    package = view.region.get(ModelPackage, package_arn or "")
    return package.containers if package else ()
