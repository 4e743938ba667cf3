"""The lineage of a workload as a reader sees it: a part of an audit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the lineage picture; ``kind`` is a resource type, ``data`` or ``image``."""

    id: str
    kind: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation in the lineage picture, read as *source relation target*."""

    source: str
    target: str
    relation: str


@dataclass(frozen=True, slots=True)
class LineagePicture:
    """How the parts of a workload hang together."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
