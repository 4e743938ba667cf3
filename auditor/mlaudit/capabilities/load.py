"""Load tests of what serves: by Inference Recommender, AI benchmarks, or a team's own tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import served_versions
from mlaudit.capabilities.repositories import LoadSuite, load_suites
from mlaudit.capabilities.serving import (
    Placement,
    placement_gaps,
    placements,
    running_components,
)
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import (
    Benchmark,
    InferenceComponent,
    LoadRun,
    Model,
    RecommendationJob,
    ScalingPolicy,
)
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class LoadedVariant:
    """A variant that serves, and what tried how much it bears.

    Attributes:
        arn: Its endpoint.
        words: It in words.
        tests: The load tests of what it serves on its machines, in words.
        nearly: Those of another version or machine, and those that nothing shows to run.
        measured: The most requests a minute that one machine bore; ``None`` where none tells.
        target: The requests a minute for each machine at which it scales out; ``None`` where it
            does not scale by them.
        at: When the newest of the tests ended.
    """

    arn: str
    words: str
    tests: tuple[str, ...]
    nearly: tuple[str, ...]
    measured: int | None
    target: float | None
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@dataclass(frozen=True, slots=True)
class _Test:
    words: str
    rate: int | None
    at: datetime


@provider
def loaded_variants(view: View) -> Evidence[LoadedVariant]:
    """Every serving variant whose tests and scaling were seen.

    One that nothing is known to have tested is a gap while a benchmark or a test of the team's
    repository could not be seen.
    """
    suites = view.once(load_suites)
    others = (*view.gaps(Benchmark), *suites.gaps)
    gaps = [*placement_gaps(view), *view.gaps(RecommendationJob, LoadRun)]
    gaps += view.gaps(Model, InferenceComponent)
    items: list[LoadedVariant] = []
    for placement in placements(view):
        found = _tested(view, placement, suites)
        hidden = (
            *_unknown_versions(view, placement),
            *(others if not found.tests else ()),
            *(view.gaps(ScalingPolicy) if found.measured is not None else ()),
        )
        if not hidden and view.sees(RecommendationJob, LoadRun):
            items.append(found)
        gaps += hidden
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _unknown_versions(view: View, placement: Placement) -> tuple[Gap, ...]:
    """What keeps the version of what a variant serves from being known."""
    mine = {each.arn for each in _models(view, placement)}
    others = {each.arn for each in view.region.all(Model)} - mine
    return tuple(each for each in view.once(served_versions).gaps if each.subject not in others)


def _tested(view: View, placement: Placement, suites: Evidence[LoadSuite]) -> LoadedVariant:
    exact = list(_tests_of(view, placement))
    own = [each.practice for each in suites.items]
    nearly = {f"recommendation job {each.name}" for each in _studies(view)}
    nearly -= {each.words for each in exact}
    return LoadedVariant(
        arn=placement.endpoint.arn,
        words=placement.words,
        tests=(*(each.words for each in exact), *(each.words for each in own if each.on_commit)),
        nearly=(*sorted(nearly), *(each.words for each in own if not each.on_commit)),
        measured=max((each.rate for each in exact if each.rate is not None), default=None),
        target=_target(view, placement),
        at=max((each.at for each in exact), default=None),
    )


def _studies(view: View) -> tuple[RecommendationJob, ...]:
    """The recommendation jobs of the workload that measured anything in the window."""
    return tuple(
        each
        for each in view.items(RecommendationJob)
        if each.status == "COMPLETED" and view.window.covers(each.completed_at)
    )


def _tests_of(view: View, placement: Placement) -> Iterator[_Test]:
    """The tests of what a variant serves now, on machines of its type."""
    name, since = placement.endpoint.name, placement.config.created_at
    models = _models(view, placement)
    names, arns = {each.name for each in models}, {each.arn for each in models}
    packages = {
        each.package.arn
        for each in view.once(served_versions).items
        if each.package and each.arn in arns
    }
    for run in view.region.all(LoadRun):
        words = f"recommendation job {run.name}"
        if name in run.endpoint_rates and run.ended_at >= since:
            yield _Test(words, run.endpoint_rates[name], run.ended_at)
        elif run.model_name in names or run.package_version_arn in packages:
            machines = _machines(placement)
            if run.rates.keys() >= set(machines):
                rate = min((run.rates[each] for each in machines), default=None)
                yield _Test(words, rate, run.ended_at)
    for benchmark in view.region.by(Benchmark, "endpoint_name").get(name, ()):
        if benchmark.ended_at >= since:
            yield _Test(f"benchmark {benchmark.name}", None, benchmark.ended_at)


def _models(view: View, placement: Placement) -> tuple[Model, ...]:
    names = {placement.variant.model_name}
    names |= {
        each.model_name
        for each in running_components(view, placement.endpoint)
        if each.variant_name == placement.variant.name
    }
    models = view.region.by(Model, "name")
    return tuple(each for name in sorted(filter(None, names)) for each in models.get(name, ()))


def _machines(placement: Placement) -> tuple[str, ...]:
    variant = placement.variant
    return variant.instance_pools or ((variant.instance_type,) if variant.instance_type else ())


_BY_REQUESTS = frozenset({"SageMakerVariantInvocationsPerInstance", "InvocationsPerInstance"})


def _target(view: View, placement: Placement) -> float | None:
    """The requests a minute for each machine at which the first of its policies scales out."""
    key = f"endpoint/{placement.endpoint.name}/variant/{placement.variant.name}"
    targets = [
        each.target_value
        for each in view.region.by(ScalingPolicy, "resource_id").get(key, ())
        if each.metric in _BY_REQUESTS and each.target_value is not None
    ]
    return min(targets, default=None)
