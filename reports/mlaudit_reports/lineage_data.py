"""What the lineage picture of the HTML report shows: what is linked, and links that are wanting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlaudit.audit import ItemResult, WorkloadAudit
from mlaudit.drawing import Edge, LineagePicture, Node
from mlaudit.model import Status

_TONES = (
    ("watch", ("monitor", "alarm", "schedule", "rule", "trigger", "log")),
    ("image", ("image",)),
    ("job", ("job", "pipeline", "execution", "state")),
    ("data", ("data", "feature", "bucket", "stream")),
    ("model", ("model", "package")),
    ("serving", ("endpoint", "component", "function", "mapping")),
)

_SERVING = ("Endpoint", "Function", "TransformJob", "Model")
_TRAINING = ("TrainingJob", "Pipeline")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A link that a checklist item asks for.

    Attributes:
        item: The item.
        label: What should stand there.
        relation: What it should do to the things below.
        kinds: The kinds of those things, the first that is there counts.
        present: The kind that makes the link visible already; empty where none does.
    """

    item: str
    label: str
    relation: str
    kinds: tuple[str, ...]
    present: str = ""


_WANTED = (
    _Wanted("3.3", "record of the training data", "is read by", _TRAINING, "data"),
    _Wanted("3.1", "registered version", "is deployed on", _SERVING, "ModelPackage"),
    _Wanted("6.1", "data quality monitor", "monitors", _SERVING),
    _Wanted("6.2", "distribution monitor", "monitors", _SERVING),
    _Wanted("6.3", "concept drift monitor", "monitors", _SERVING),
    _Wanted("6.4", "evaluation of live answers", "monitors", _SERVING),
    _Wanted("6.notification", "alarm that tells somebody", "watches", _SERVING, "Alarm"),
)

STATES = {Status.FAIL: "missing", Status.NOT_ASSESSED: "not seen"}
"""How a wanted link is shown, by the status of the item that asks for it."""


@dataclass(frozen=True, slots=True)
class Ghost:
    """Something that should be linked and is not there, or could not be seen.

    Attributes:
        node: It, as if it were there; the kind is the item that asks for it.
        state: One of :data:`STATES`.
        edges: What it should be linked to.
    """

    node: Node
    state: str
    edges: tuple[Edge, ...]


def tone(kind: str) -> str:
    """Pick the colour family of a kind of node; its word is always written beside."""
    lower = kind.lower()
    return next((name for name, parts in _TONES if any(p in lower for p in parts)), "other")


def joined(picture: LineagePicture) -> tuple[Edge, ...]:
    """Draw one arrow where several relations join the same two nodes that are there."""
    known = {node.id for node in picture.nodes}
    relations: dict[tuple[str, str], list[str]] = {}
    for edge in picture.edges:
        if edge.source != edge.target and {edge.source, edge.target} <= known:
            relations.setdefault((edge.source, edge.target), []).append(edge.relation)
    return tuple(Edge(*pair, ", ".join(dict.fromkeys(each))) for pair, each in relations.items())


def told(picture: LineagePicture) -> Iterator[tuple[str, str, str]]:
    """Tell every relation by the names of what it joins."""
    labels = {node.id: node.label for node in picture.nodes}
    for edge in picture.edges:
        yield (
            labels.get(edge.source, edge.source),
            edge.relation,
            labels.get(edge.target, edge.target),
        )


def alone(picture: LineagePicture) -> tuple[Node, ...]:
    """List the nodes that no relation names."""
    linked = {end for edge in picture.edges for end in (edge.source, edge.target)}
    return tuple(node for node in picture.nodes if node.id not in linked)


def ghosts(workload: WorkloadAudit) -> tuple[Ghost, ...]:
    """The links that items ask for and that are missing, or that could not be seen."""
    results = {item.id: item for item in workload.items}
    kinds = {node.kind for node in workload.lineage.nodes}
    wanted = (each for each in _WANTED if each.item in results and each.present not in kinds)
    found = (_ghost(each, results[each.item], workload.lineage.nodes) for each in wanted)
    return tuple(each for each in found if each)


def _ghost(wanted: _Wanted, result: ItemResult, nodes: Iterable[Node]) -> Ghost | None:
    state = STATES.get(result.status)
    targets = _first(wanted.kinds, tuple(nodes))
    if not state or not targets:
        return None
    node = Node(f"wanted/{wanted.item}", wanted.item, wanted.label, result.summary)
    edges = tuple(Edge(node.id, each.id, wanted.relation) for each in targets)
    return Ghost(node, state, edges)


def _first(kinds: Iterable[str], nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The nodes of the first kind of which there are any; a few stand for all."""
    found = ([node for node in nodes if node.kind == kind] for kind in kinds)
    return tuple(next(filter(None, found), []))[:_MOST_TARGETS]


_MOST_TARGETS = 3
