"""Arranges a directed graph in layers, so that its edges run one way and rarely cross.

The classic steps: turn around the edges that close a cycle, give every node the layer after its
longest way from a start, put a waypoint wherever an edge passes a layer, and order each layer by
the middle of its neighbours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

Pair = tuple[str, str]
Slot = tuple[str, ...]
"""A place in a layer: ``(node,)``, or ``(source, target, layer)`` for a waypoint."""

_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Layers:
    """A graph in layers.

    Attributes:
        rows: The slots of each layer, in order.
        routes: For each edge the slots it passes, downwards.
        reversed: The edges that run upwards, because they close a cycle.
    """

    rows: tuple[tuple[Slot, ...], ...]
    routes: Mapping[Pair, tuple[Slot, ...]]
    reversed: frozenset[Pair]


def arrange(nodes: Sequence[str], edges: Sequence[Pair]) -> Layers:
    """Arrange the nodes; every edge must join two different ones of them."""
    upward = _closing_cycles(nodes, edges)
    downward = {edge: edge[::-1] if edge in upward else edge for edge in edges}
    depth = _depths(nodes, set(downward.values()))
    routes = {edge: _route(*downward[edge], depth) for edge in edges}
    rows: list[list[Slot]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        rows[depth[node]].append((node,))
    for route in routes.values():
        for waypoint in route[1:-1]:
            if waypoint not in rows[int(waypoint[2])]:
                rows[int(waypoint[2])].append(waypoint)
    return Layers(_untangled(rows, links(routes)), routes, frozenset(upward))


def links(routes: Mapping[Pair, tuple[Slot, ...]]) -> dict[Slot, list[Slot]]:
    """List the slots each slot is joined to, in the layers above and below."""
    joined: dict[Slot, list[Slot]] = {}
    for route in routes.values():
        for upper, lower in pairwise(route):
            joined.setdefault(upper, []).append(lower)
            joined.setdefault(lower, []).append(upper)
    return joined


def _closing_cycles(nodes: Sequence[str], edges: Sequence[Pair]) -> set[Pair]:
    """Walk the graph depth first, and find the edges that lead back to where the walk came from.

    The walk begins where nothing leads to, so that a cycle is cut where it is entered.
    """
    targets: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        targets[source].append(target)
    closing: set[Pair] = set()
    done: set[str] = set()
    reached = {target for _, target in edges}
    for start in sorted(nodes, key=reached.__contains__):
        _walk(start, targets, done, closing)
    return closing


def _walk(
    start: str, targets: Mapping[str, Sequence[str]], done: set[str], closing: set[Pair]
) -> None:
    path = {} if start in done else {start: iter(targets[start])}
    while path:
        here = next(reversed(path))
        there = next(path[here], None)
        if there is None:
            done.add(here)
            del path[here]
        elif there in path:
            closing.add((here, there))
        elif there not in done:
            path[there] = iter(targets[there])


def _depths(nodes: Sequence[str], edges: set[Pair]) -> dict[str, int]:
    """Give each node the layer after its deepest source; starts go right above their targets."""
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        before = dict(depth)
        for source, target in sorted(edges):
            depth[target] = max(depth[target], depth[source] + 1)
        if depth == before:
            break
    reached = {target for _, target in edges}
    for node in nodes:
        below = [depth[target] for source, target in edges if source == node]
        if below and node not in reached:
            depth[node] = min(below) - 1
    return depth


def _route(upper: str, lower: str, depth: Mapping[str, int]) -> tuple[Slot, ...]:
    between = range(depth[upper] + 1, depth[lower])
    return ((upper,), *((upper, lower, str(layer)) for layer in between), (lower,))


def _untangled(
    rows: Sequence[Sequence[Slot]], joined: Mapping[Slot, Sequence[Slot]]
) -> tuple[tuple[Slot, ...], ...]:
    """Order every layer by the middle of its neighbours, down and up a few times."""
    ordered = [tuple(row) for row in rows]
    for sweep in range(_SWEEPS):
        layers = range(len(ordered)) if sweep % 2 == 0 else reversed(range(len(ordered)))
        for layer in layers:
            place = {slot: i / len(row) for row in ordered for i, slot in enumerate(row)}
            middles = {
                slot: fmean(place[each] for each in joined.get(slot, [slot]))
                for slot in ordered[layer]
            }
            ordered[layer] = tuple(sorted(ordered[layer], key=middles.__getitem__))
    return tuple(ordered)
