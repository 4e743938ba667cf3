"""Find the workloads of a region: by tag, by SageMaker project, by lineage, by mapping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from mlaudit.resources import (
    KINDS,
    AutoMLJob,
    BatchJob,
    Endpoint,
    EndpointConfig,
    FeatureGroup,
    InferenceComponent,
    Model,
    ModelPackage,
    ModelPackageGroup,
    MonitoringSchedule,
    Pipeline,
    ProcessingJob,
    RecommendationJob,
    Resource,
    ResourceTags,
    StateMachine,
    TrainingJob,
    TransformJob,
    TuningJob,
    UnusedEndpointConfig,
)
from mlaudit.sight import Region, View

WORKLOAD_TAG = "mlaudit:workload"
PROJECT_TAG = "sagemaker:project-name"
TAG_KEYS = (WORKLOAD_TAG, PROJECT_TAG)
"""The tag keys that name a workload, the strongest first."""

ML_KINDS: tuple[type[Resource], ...] = (
    AutoMLJob,
    BatchJob,
    Endpoint,
    EndpointConfig,
    FeatureGroup,
    InferenceComponent,
    Model,
    ModelPackage,
    ModelPackageGroup,
    MonitoringSchedule,
    Pipeline,
    ProcessingJob,
    RecommendationJob,
    TrainingJob,
    TransformJob,
    TuningJob,
    UnusedEndpointConfig,
)
"""What must belong to a workload, or is listed as an orphan."""

NAMING_KINDS: tuple[type[ModelPackageGroup | Pipeline | Endpoint | StateMachine], ...] = (
    ModelPackageGroup,
    Pipeline,
    Endpoint,
    StateMachine,
)
"""What makes a workload of resources that hang together, and names it, the strongest first."""

_FOUND_BY = ("tag", "project")


@dataclass(frozen=True, slots=True)
class Workload:
    """The unit of judgement: what belongs together to train, register and serve models.

    Attributes:
        name: Its name, unique in its region.
        region: Where it lives.
        found_by: ``tag``, ``project``, ``lineage`` or ``mapping``.
        members: The ARNs of all that belongs to it.
    """

    name: str
    region: str
    found_by: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """The workloads of a region, and the ML resources that belong to none."""

    workloads: tuple[Workload, ...]
    orphans: tuple[str, ...]


def views_of(
    region: Region, tag_keys: Sequence[str], mapping: Mapping[str, Sequence[str]]
) -> tuple[Found, tuple[View, ...]]:
    """The workloads of a region, and what can be seen of each, in the same order."""
    found = find_workloads(region, tag_keys, mapping)
    owned = region.lineage.tying(arn for each in found.workloads for arn in each.members)
    return found, tuple(View(region, each.members, owned, each.name) for each in found.workloads)


def find_workloads(
    region: Region, tag_keys: Sequence[str], mapping: Mapping[str, Sequence[str]]
) -> Found:
    """Slice a region into workloads.

    A tag on a resource decides first, then the SageMaker project's tag; what hangs together with
    it belongs to it, except what carries another workload's tag. What is left and hangs together
    with a package group, a pipeline, an endpoint in service or an ML state machine is a workload
    by lineage; what several of them may use, such as a function that calls the endpoints of both,
    belongs to each. The mapping takes in what is still left.

    Args:
        region: Where to look.
        tag_keys: The tag keys that name a workload, the strongest first.
        mapping: Patterns of names or ARNs (``*`` matches any text) for each workload's name.
    """
    workloads = list(_tagged(region, tag_keys))
    taken = region.lineage.tying(_members(workloads))
    workloads += _by_lineage(region, taken, {each.name for each in workloads})
    left = set(_ml_arns(region)) - _members(workloads)
    workloads = _with_mapped(region, workloads, left, mapping)
    orphans = set(_ml_arns(region)) - _members(workloads)
    return Found(tuple(sorted(workloads, key=lambda each: each.name)), tuple(sorted(orphans)))


def _members(workloads: Iterable[Workload]) -> frozenset[str]:
    return frozenset(arn for each in workloads for arn in each.members)


def _tagged(region: Region, tag_keys: Sequence[str]) -> Iterator[Workload]:
    seeds: dict[str, set[str]] = defaultdict(set)
    found_by: dict[str, int] = {}
    for arn, tags in _all_tags(region):
        strength = next((at for at, key in enumerate(tag_keys) if tags.get(key)), None)
        if strength is not None:
            name = tags[tag_keys[strength]]
            seeds[name].add(arn)
            found_by[name] = min(strength, found_by.get(name, strength))
    claimed = frozenset(arn for some in seeds.values() for arn in some)
    for name, own in seeds.items():
        members = region.lineage.reach(own, claimed - own)
        how = _FOUND_BY[min(found_by[name], len(_FOUND_BY) - 1)]
        if members:
            yield Workload(name, region.name, how, members)


def _all_tags(region: Region) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What the account-wide listing says, and what each resource says itself, which is newer."""
    found: dict[str, dict[str, str]] = {}
    for kind in sorted(KINDS.values(), key=lambda each: each is not ResourceTags):
        for each in region.all(kind):
            tags = getattr(each, "tags", None)
            found.setdefault(each.arn, {}).update(tags if isinstance(tags, Mapping) else {})
    yield from found.items()


def _by_lineage(region: Region, taken: frozenset[str], names: set[str]) -> Iterator[Workload]:
    free = frozenset(region.lineage.arns) - taken
    for members in region.lineage.components(free):
        anchor = _anchor(region, members)
        if anchor:
            name = _unused(anchor, names)
            names.add(name)
            yield Workload(name, region.name, "lineage", members)


def _anchor(region: Region, members: frozenset[str]) -> str | None:
    for kind in NAMING_KINDS:
        found = [region.get(kind, arn) for arn in sorted(members)]
        for each in found:
            if each and _anchors(each):
                return each.name
    return None


def _anchors(resource: ModelPackageGroup | Pipeline | Endpoint | StateMachine) -> bool:
    """An endpoint must serve, and a state machine must run machine learning, to be a workload."""
    match resource:
        case Endpoint():
            return resource.serving
        case StateMachine():
            return resource.runs_ml
        case _:
            return True


def _unused(name: str, names: set[str]) -> str:
    taken = 2
    unused = name
    while unused in names:
        unused = f"{name} ({taken})"
        taken += 1
    return unused


def _with_mapped(
    region: Region,
    workloads: list[Workload],
    left: set[str],
    mapping: Mapping[str, Sequence[str]],
) -> list[Workload]:
    by_name = {each.name: each for each in workloads}
    claims: dict[str, set[str]] = {}
    for name, patterns in mapping.items():
        claims[name] = {arn for arn in left if any(_matches(arn, each) for each in patterns)}
        left = left - claims[name]
    named = frozenset(arn for some in claims.values() for arn in some)
    for name, mine in claims.items():
        if not mine:
            continue
        known = by_name.get(name)
        taken = region.lineage.tying(_members(by_name.values()))
        members = region.lineage.reach(mine, taken | named - mine)
        by_name[name] = Workload(
            name,
            region.name,
            known.found_by if known else "mapping",
            members | (known.members if known else frozenset()),
        )
    return list(by_name.values())


def _matches(arn: str, pattern: str) -> bool:
    return fnmatchcase(arn, pattern) or fnmatchcase(arn.rpartition("/")[2], pattern)


def _ml_arns(region: Region) -> Iterator[str]:
    for kind in ML_KINDS:
        for each in region.all(kind):
            yield each.arn
