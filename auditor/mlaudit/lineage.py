"""How the resources of one region hang together: a graph of ARNs with typed questions.

This is the only module that knows networkx. Edges point the way things come about: data to job to
package to model to endpoint, trigger to pipeline to run to what it made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

import networkx as nx

from mlaudit.drawing import Edge, LineagePicture, Node
from mlaudit.relations import relations
from mlaudit.resources import (
    AirflowEnvironment,
    Alarm,
    AnomalyDetector,
    ApiCall,
    ApiMethod,
    ApiStage,
    BatchQueue,
    Benchmark,
    Bucket,
    BucketProtection,
    BucketRetention,
    BuildProject,
    CallLog,
    CapturedRecords,
    CatalogDatabase,
    CatalogTable,
    ComponentTraffic,
    CompositeAlarm,
    ConfigRecorder,
    Dashboard,
    DataArtifact,
    DataQualityResult,
    DataQualityRuleset,
    DatasetLineage,
    DeliveryPipeline,
    DeliveryRun,
    Deployment,
    Endpoint,
    EventSourceMapping,
    Function,
    HostUse,
    ImageRepository,
    InstanceQuota,
    KafkaCluster,
    KinesisStream,
    LoadRun,
    LogAnomalyDetector,
    LogGroup,
    LogStream,
    ModelCard,
    MonitorDetails,
    PersonalDataScan,
    Pipe,
    Resource,
    ResourceTags,
    RolePermissions,
    RuleUse,
    RunningEditor,
    RunStart,
    RunStep,
    ScalingPolicy,
    ScheduledScaling,
    StoredImage,
    TestReport,
    Topic,
    TrackedRun,
    Tracker,
    Traffic,
    TrainingTools,
    Trigger,
    WorkEnvironment,
)
from mlaudit.resources.repository import RepositoryFact

R = TypeVar("R", bound=Resource)

SHARED_KINDS = (
    AirflowEnvironment,
    Alarm,
    BatchQueue,
    Bucket,
    CompositeAlarm,
    Dashboard,
    DeliveryPipeline,
    BuildProject,
    KafkaCluster,
    KinesisStream,
    LogGroup,
    Topic,
    Trigger,
)
"""What several workloads may use at a time: it belongs to each, and ties none to another."""

_FACTS = (
    AnomalyDetector,
    RepositoryFact,
    Benchmark,
    BucketProtection,
    BucketRetention,
    CatalogDatabase,
    CallLog,
    CapturedRecords,
    CatalogTable,
    ComponentTraffic,
    ConfigRecorder,
    DataArtifact,
    DataQualityResult,
    DataQualityRuleset,
    DatasetLineage,
    ApiCall,
    ApiMethod,
    ApiStage,
    TestReport,
    DeliveryRun,
    Deployment,
    HostUse,
    ImageRepository,
    InstanceQuota,
    LoadRun,
    LogAnomalyDetector,
    LogStream,
    ModelCard,
    MonitorDetails,
    PersonalDataScan,
    Pipe,
    ResourceTags,
    RolePermissions,
    RuleUse,
    RunStart,
    RunningEditor,
    RunStep,
    ScalingPolicy,
    ScheduledScaling,
    StoredImage,
    TrackedRun,
    Tracker,
    Traffic,
    TrainingTools,
    WorkEnvironment,
)
"""What is said of another resource: it relates others and is none itself."""

_PICTURED = 120
"""How many nodes a picture shows at most; jobs beyond that are left out, the newest stay."""


class Lineage:
    """The relations between the resources of one region."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Relate the resources."""
        resources = tuple(resources)
        self._resources = {each.arn: each for each in resources if not isinstance(each, _FACTS)}
        self._ancestors: dict[str, tuple[str, ...]] = {}
        self._graph: nx.DiGraph[str] = nx.DiGraph()
        self._graph.add_nodes_from(self._resources)
        for relation in relations(resources):
            self._graph.add_edge(relation.source, relation.target, relation=relation.words)
        self._between = frozenset(self._callers_of_several())

    @property
    def arns(self) -> Iterable[str]:
        """The ARNs of all resources it relates."""
        return self._resources.keys()

    def upstream(self, arn: str, kind: type[R]) -> tuple[R, ...]:
        """What something descends from, of one type, by ARN."""
        if arn not in self._graph:
            return ()
        if arn not in self._ancestors:
            self._ancestors[arn] = tuple(sorted(nx.ancestors(self._graph, arn)))
        return self._of(self._ancestors[arn], kind)

    def into(self, arn: str, kind: type[R]) -> tuple[R, ...]:
        """What leads directly to something, of one type, by ARN."""
        return self._of(sorted(self._graph.predecessors(arn)), kind) if arn in self._graph else ()

    def reach(self, seeds: Iterable[str], closed: frozenset[str] = frozenset()) -> frozenset[str]:
        """All that hangs together with the seeds.

        A function that calls several endpoints, and what feeds it, is of all that it serves. Only
        where it is a seed itself, as by a tag, it ties them.

        Args:
            seeds: Where to start.
            closed: ARNs that are somebody else's: not entered.
        """
        seen = {seed for seed in seeds if seed in self._graph}
        tied = self._between - seen
        todo = list(seen)
        while todo:
            here = todo.pop()
            if not self._ties(here) and here not in self._between:
                continue
            near = {each for each in nx.all_neighbors(self._graph, here) if each in self._resources}
            if here in tied:
                near = {each for each in near if not self._ties(each)}
            new = near - seen - closed
            seen |= new
            todo.extend(new)
        return frozenset(seen)

    def components(self, among: frozenset[str]) -> Iterator[frozenset[str]]:
        """Groups of resources that hang together, among some, by their first ARN."""
        closed = frozenset(self._resources) - among
        seen: set[str] = set()
        for arn in sorted(self.tying(among)):
            if arn not in seen:
                group = self.reach([arn], closed)
                seen |= group
                yield group

    def tying(self, arns: Iterable[str]) -> frozenset[str]:
        """Those that can be of one workload only, unlike what several may share."""
        return frozenset(arn for arn in arns if self._ties(arn))

    def picture(self, members: Iterable[str]) -> LineagePicture:
        """What to draw of a workload: its members and the data they read and write."""
        inside = {arn for arn in members if arn in self._graph}
        inside |= {
            near
            for arn in inside
            for near in nx.all_neighbors(self._graph, arn)
            if near not in self._resources
        }
        drawn = self._graph.subgraph(self._most_telling(inside))
        return LineagePicture(
            nodes=tuple(self._node(each) for each in sorted(drawn) if drawn.degree(each)),
            edges=tuple(
                Edge(source, target, drawn.edges[source, target]["relation"])
                for source, target in sorted(drawn.edges)
            ),
        )

    def _ties(self, arn: str) -> bool:
        resource = self._resources.get(arn)
        shared = arn in self._between or isinstance(resource, SHARED_KINDS)
        return resource is not None and not shared

    def _callers_of_several(self) -> Iterator[str]:
        """The functions that call more than one endpoint, and what brings them their input."""
        for arn, each in self._resources.items():
            if isinstance(each, Function) and arn in self._graph:
                called = self._of(self._graph.successors(arn), Endpoint)
                if len(called) > 1:
                    yield arn
                    yield from (one.arn for one in self.into(arn, EventSourceMapping))

    def _of(self, arns: Iterable[str], kind: type[R]) -> tuple[R, ...]:
        found = (self._resources.get(arn) for arn in arns)
        return tuple(each for each in found if isinstance(each, kind))

    def _most_telling(self, arns: set[str]) -> set[str]:
        """At most so many nodes of each kind that a picture can be read."""
        by_kind = defaultdict(list)
        for arn in arns:
            by_kind[self._node(arn).kind].append(arn)
        share = max(6, _PICTURED // max(1, len(by_kind)))
        return {arn for some in by_kind.values() for arn in sorted(some, key=self._age)[:share]}

    def _age(self, arn: str) -> tuple[float, str]:
        made = getattr(self._resources.get(arn), "created_at", None)
        return (-made.timestamp() if made else 0.0, arn)

    def _node(self, arn: str) -> Node:
        resource = self._resources.get(arn)
        if resource is None:
            return Node(arn, "data", arn.removeprefix("s3://"), "")
        label = getattr(resource, "name", "") or arn.rpartition("/")[2]
        detail = str(getattr(resource, "status", "") or "")
        return Node(arn, type(resource).__name__, label, detail)
