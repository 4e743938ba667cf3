"""What can be seen of one region and of one workload in it: evidence, never bare lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from mlaudit.collect.plan import collectors_of, operations_behind
from mlaudit.evidence import Evidence
from mlaudit.lineage import Lineage
from mlaudit.model import GLOBAL, Gap, GapReason, Window
from mlaudit.resources import (
    AutoMLJob,
    BatchJob,
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    Model,
    ModelPackage,
    ModelPackageGroup,
    Pipeline,
    PipelineRun,
    ProcessingJob,
    Resource,
    RunStep,
    StateMachine,
    TrainingJob,
    TransformJob,
    TuningJob,
)
from mlaudit.snapshot import Snapshot

R = TypeVar("R", bound=Resource)
T = TypeVar("T")

LINKS: tuple[type, ...] = (
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    Model,
    ModelPackage,
    ModelPackageGroup,
    Pipeline,
    PipelineRun,
    RunStep,
    TrainingJob,
    TransformJob,
    TuningJob,
)
"""The chain along which lineage finds what belongs to a workload. A break anywhere in it can hide
members on its far side, so what keeps a link from being seen counts for every kind in reach."""

REACHED = frozenset((*LINKS, AutoMLJob, BatchJob, ProcessingJob, StateMachine))
"""What lineage finds by that chain, besides the links themselves."""


class Region:
    """One region of a snapshot, indexed once for all its workloads."""

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        """Index the region."""
        self.name = name
        self.window: Window = snapshot.scope.window
        self._collected = frozenset(snapshot.scope.collected)
        self._by_kind: dict[type, dict[str, Resource]] = defaultdict(dict)
        for each in snapshot.resources:
            if each.region == name:
                self._by_kind[type(each)][each.arn] = each
        self._all_gaps = tuple(gap for gap in snapshot.gaps if gap.region in {name, GLOBAL})
        self._gaps: dict[type, tuple[Gap, ...]] = {}
        self._keyed: dict[tuple[type, str], Mapping[str, tuple[Resource, ...]]] = {}
        self._once: dict[Callable[[Region], Any], Any] = {}

    @cached_property
    def lineage(self) -> Lineage:
        """How everything in the region hangs together."""
        return Lineage(each for some in self._by_kind.values() for each in some.values())

    def all(self, kind: type[R]) -> tuple[R, ...]:
        """Every resource of a type, by ARN."""
        return tuple(self._by_kind[kind].values())  # type: ignore[arg-type]

    def get(self, kind: type[R], arn: str) -> R | None:
        """One resource by its ARN."""
        return self._by_kind[kind].get(arn)  # type: ignore[return-value]

    def by(self, kind: type[R], attribute: str) -> Mapping[str, tuple[R, ...]]:
        """The resources of a type by the value of one attribute."""
        key = (kind, attribute)
        if key not in self._keyed:
            grouped: dict[str, list[R]] = defaultdict(list)
            for each in self.all(kind):
                grouped[getattr(each, attribute)].append(each)
            self._keyed[key] = {value: tuple(some) for value, some in grouped.items()}
        return self._keyed[key]  # type: ignore[return-value]

    def once(self, compute: Callable[[Region], T]) -> T:
        """What a function makes of the whole region, computed once for all its workloads."""
        if compute not in self._once:
            self._once[compute] = compute(self)
        found: T = self._once[compute]
        return found

    def gaps(self, kind: type) -> tuple[Gap, ...]:
        """Everything that keeps a type from being seen whole."""
        if kind not in self._gaps:
            behind = operations_behind(kind)
            seen = tuple(gap for gap in self._all_gaps if gap.operation in behind)
            self._gaps[kind] = seen + self._not_asked(kind)
        return self._gaps[kind]

    def gaps_of(self, operation: str) -> tuple[Gap, ...]:
        """What one operation did not show, for what no collector finds."""
        return tuple(gap for gap in self._all_gaps if gap.operation == operation)

    def _not_asked(self, kind: type) -> tuple[Gap, ...]:
        """Gaps for reads that a snapshot of an older version or a cut scan did not make."""
        return tuple(
            Gap(each.uses[0].id, self.name, "NotInSnapshot", GapReason.NOT_ASKED)
            for each in collectors_of(kind)
            if f"{self.name}/{each.name}" not in self._collected
        )


@dataclass(frozen=True)
class View:
    """What can be seen of one workload.

    Attributes:
        region: The region it lives in.
        members: Its ARNs; ``None`` takes the whole region, for what is judged for the platform.
        owned: ARNs of all workloads: a gap about one that is not a member here matters elsewhere.
        workload: The workload's name; ``None`` for the platform.
    """

    region: Region
    members: frozenset[str] | None
    owned: frozenset[str] = frozenset()
    workload: str | None = None
    _evidence: dict[Callable[[View], Any], Any] = field(default_factory=dict, compare=False)

    @property
    def window(self) -> Window:
        """The evidence window."""
        return self.region.window

    @property
    def lineage(self) -> Lineage:
        """How the region hangs together."""
        return self.region.lineage

    def of(self, kind: type[R]) -> Evidence[R]:
        """The workload's resources of a type."""
        return Evidence(self.items(kind), self.gaps(kind))

    def items(self, kind: type[R]) -> tuple[R, ...]:
        """The workload's resources of a type, for a capability that states the gaps itself."""
        if self.members is None:
            return self.region.all(kind)
        found = (self.region.get(kind, arn) for arn in sorted(self.members))
        return tuple(each for each in found if each is not None)

    def gaps(self, *kinds: type) -> tuple[Gap, ...]:
        """What keeps these types from being seen whole, as far as this workload goes."""
        if self.members is not None and not REACHED.isdisjoint(kinds):
            kinds += LINKS
            if BatchJob in kinds:
                kinds += (StateMachine,)  # only their definitions tell whose job it is
        return self._gaps_of(kinds)

    def _gaps_of(self, kinds: tuple[type, ...]) -> tuple[Gap, ...]:
        found = (gap for kind in kinds for gap in self.region.gaps(kind))
        return tuple(dict.fromkeys(gap for gap in found if self._concerns(gap)))

    def _concerns(self, gap: Gap) -> bool:
        """Whether a gap matters here: it is about a member, or it may be."""
        members = self.members or frozenset()
        return gap.subject in members or gap.subject not in self.owned

    def once(self, provider: Callable[[View], T]) -> T:
        """What a provider makes of this view, computed once for all who ask."""
        if provider not in self._evidence:
            self._evidence[provider] = provider(self)
        found: T = self._evidence[provider]
        return found

    def sees(self, *kinds: type) -> bool:
        """Whether the facts of these types are seen whole, whoever they belong to."""
        return not self._gaps_of(kinds)
