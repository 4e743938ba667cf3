"""Places the lineage of a workload on a drawing, from the top down, for the HTML report."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import fmean

from mlaudit.audit import Edge, LineagePicture, Node
from mlaudit_reports import layers
from mlaudit_reports.layers import Layers, Slot

WIDTH = 200
HEIGHT = 50
_WAYPOINT_WIDTH = 26
_SPACE = 22
_ROW = 102
_MARGIN = 12
_ROUNDS = 12
_MOST_NODES = 60

_TONES = (
    ("watch", ("monitor", "alarm", "schedule", "rule")),
    ("image", ("image",)),
    ("job", ("job", "pipeline", "execution", "state")),
    ("data", ("data", "feature", "bucket", "stream")),
    ("model", ("model", "package")),
    ("serving", ("endpoint",)),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A node on the drawing; ``left`` and ``top`` are pixels, ``tone`` picks its colour."""

    node: Node
    left: int
    top: int
    tone: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge on the drawing; ``x`` and ``y`` are where its relation is written."""

    edge: Edge
    path: str
    x: int
    y: int
    upward: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A lineage with a place for everything.

    Attributes:
        boxes: The nodes that are drawn.
        arrows: The edges between them.
        left_out: How many linked nodes there was no room for.
        width: In pixels.
        height: In pixels.
    """

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    left_out: int
    width: int
    height: int


def draw(picture: LineagePicture) -> Drawing | None:
    """Place what is linked; with nothing linked there is nothing to draw."""
    known = {node.id for node in picture.nodes}
    edges = [e for e in picture.edges if {e.source, e.target} <= known and e.source != e.target]
    linked = _most_linked(picture.nodes, edges)
    kept = set(linked[:_MOST_NODES])
    nodes = [node for node in picture.nodes if node in kept]
    drawn = {node.id for node in nodes}
    edges = _joined([edge for edge in edges if {edge.source, edge.target} <= drawn])
    if not edges:
        return None
    pairs = [(edge.source, edge.target) for edge in edges]
    arranged = layers.arrange([node.id for node in nodes], pairs)
    return _placed(nodes, edges, arranged, left_out=len(linked) - len(nodes))


def labels(picture: LineagePicture) -> dict[str, str]:
    """Tell what each node is called where relations are listed."""
    return {node.id: node.label for node in picture.nodes}


def alone(picture: LineagePicture) -> tuple[Node, ...]:
    """List the nodes that no relation names, and that a drawing therefore has no place for."""
    linked = {end for edge in picture.edges for end in (edge.source, edge.target)}
    return tuple(node for node in picture.nodes if node.id not in linked)


def tone(kind: str) -> str:
    """Pick the colour family of a kind of node; its word is always written beside."""
    lower = kind.lower()
    return next((name for name, parts in _TONES if any(p in lower for p in parts)), "other")


def _joined(edges: Sequence[Edge]) -> list[Edge]:
    """Draw one arrow where several relations join the same two nodes."""
    relations: dict[tuple[str, str], list[str]] = {}
    for edge in edges:
        relations.setdefault((edge.source, edge.target), []).append(edge.relation)
    return [Edge(*pair, ", ".join(each)) for pair, each in relations.items()]


def _most_linked(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[Node]:
    count = Counter(end for edge in edges for end in (edge.source, edge.target))
    return sorted((node for node in nodes if count[node.id]), key=lambda node: -count[node.id])


def _placed(
    nodes: Sequence[Node], edges: Sequence[Edge], arranged: Layers, left_out: int
) -> Drawing:
    middle = _middles(arranged)
    row = {slot: index for index, slots in enumerate(arranged.rows) for slot in slots}
    boxes = tuple(
        Box(
            node,
            left=round(middle[node.id,] - WIDTH / 2),
            top=_MARGIN + row[node.id,] * _ROW,
            tone=tone(node.kind),
        )
        for node in nodes
    )
    points = {slot: (round(x), _MARGIN + row[slot] * _ROW) for slot, x in middle.items()}
    arrows = tuple(_arrow(edge, arranged, points) for edge in edges)
    right = max(x + _width(slot) / 2 for slot, x in middle.items())
    return Drawing(
        boxes=boxes,
        arrows=arrows,
        left_out=left_out,
        width=round(right) + _MARGIN,
        height=2 * _MARGIN + (len(arranged.rows) - 1) * _ROW + HEIGHT,
    )


def _arrow(edge: Edge, arranged: Layers, points: Mapping[Slot, tuple[int, int]]) -> Arrow:
    """Draw an edge from the foot of the upper box, straight past waypoints, to the lower box."""
    pair = (edge.source, edge.target)
    route = [points[slot] for slot in arranged.routes[pair]]
    path = f"M{route[0][0]},{route[0][1] + HEIGHT}"
    for (x, y), (next_x, next_y) in pairwise(route):
        foot, half = y + HEIGHT, (y + HEIGHT + next_y) // 2
        path += f"V{foot}C{x},{half} {next_x},{half} {next_x},{next_y}"
    upward = pair in arranged.reversed
    (x, y), (next_x, next_y) = route[-2:] if upward else route[:2]
    return Arrow(edge, path, (x + next_x) // 2, (y + HEIGHT + next_y) // 2, upward)


def _middles(arranged: Layers) -> dict[Slot, float]:
    """Move every slot towards the middle of its neighbours, as far as its row has room."""
    middle: dict[Slot, float] = {}
    for row in arranged.rows:
        middle.update(_spread(row, dict.fromkeys(row, 0.0)))
    joined = layers.links(arranged.routes)
    for _ in range(_ROUNDS):
        for row in arranged.rows:
            wanted = {
                slot: fmean(middle[each] for each in joined.get(slot, [slot])) for slot in row
            }
            middle.update(_spread(row, wanted))
    leftmost = min(x - _width(slot) / 2 for slot, x in middle.items())
    return {slot: x - leftmost + _MARGIN for slot, x in middle.items()}


def _spread(row: Sequence[Slot], wanted: Mapping[Slot, float]) -> dict[Slot, float]:
    """Keep the order of a row and its distances, and stay as near to the wish as that allows."""
    placed: dict[Slot, float] = {}
    free = -inf
    for slot in row:
        placed[slot] = max(wanted[slot], free + _width(slot) / 2)
        free = placed[slot] + _width(slot) / 2 + _SPACE
    shift = fmean(wanted[slot] - placed[slot] for slot in row)
    return {slot: x + shift for slot, x in placed.items()}


def _width(slot: Slot) -> int:
    return WIDTH if len(slot) == 1 else _WAYPOINT_WIDTH
