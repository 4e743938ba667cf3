"""Artifacts, actions, contexts and the associations between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import listing, naming

_KINDS = ("Artifact", "Action", "Context", "TrialComponent")
_EDGES = "Association"


def add(call: Call) -> Record:
    """Associate two entities."""
    source, destination = (
        _entity(call, call.params[key]) for key in ("SourceArn", "DestinationArn")
    )
    kind = call.params.get("AssociationType", "AssociatedWith")
    key = f"{source['_arn']}>{destination['_arn']}"
    call.space.table(_EDGES)[key] = {
        "_arn": key,
        "_kind": _EDGES,
        "_born": call.now,
        "SourceArn": source["_arn"],
        "SourceName": naming.name_of(source["_kind"], source),
        "SourceType": _type(source),
        "DestinationArn": destination["_arn"],
        "DestinationName": naming.name_of(destination["_kind"], destination),
        "DestinationType": _type(destination),
        "AssociationType": kind,
        "CreationTime": call.now,
    }
    return dict(call.params)


def remove(call: Call) -> Record:
    """Remove an association."""
    key = f"{call.params['SourceArn']}>{call.params['DestinationArn']}"
    if call.space.table(_EDGES).pop(key, None) is None:
        raise Refusal("ResourceNotFound", f"Association {key} does not exist.")
    return dict(call.params)


def list_associations(call: Call) -> Record:
    """List associations."""
    return listing.answer(call, _EDGES, call.space.rows(_EDGES))


def delete_artifact(call: Call) -> Record:
    """Delete an artifact by its ARN or its source."""
    wanted = call.params.get("Source", {}).get("SourceUri")
    for arn, row in list(call.space.table("Artifact").items()):
        if arn == call.params.get("ArtifactArn") or (
            wanted and row["Source"]["SourceUri"] == wanted
        ):
            del call.space.table("Artifact")[arn]
            return {"ArtifactArn": arn}
    raise Refusal("ResourceNotFound", "The artifact does not exist.")


def query(call: Call) -> Record:
    """Walk the graph from the given entities."""
    starts = call.params.get("StartArns", [])
    for arn in starts:
        _entity(call, arn)
    depths, edges = _walk(call, starts)
    vertices = [_vertex(call, arn) for arn in depths if arn not in starts]
    filters = call.params.get("Filters") or {}
    for name, key in (("LineageTypes", "LineageType"), ("Types", "Type")):
        if filters.get(name):
            vertices = [vertex for vertex in vertices if vertex[key] in filters[name]]
    answer: Record = {"Vertices": vertices}
    if call.params.get("IncludeEdges", True):
        answer["Edges"] = edges
    return answer


def _walk(call: Call, starts: list[str]) -> tuple[dict[str, int], list[Record]]:
    limit = int(call.params.get("MaxDepth") or 10)
    depths = dict.fromkeys(starts, 0)
    edges: list[Record] = []
    queue = deque(starts)
    while queue:
        here = queue.popleft()
        if depths[here] >= limit:
            continue
        for there, edge in _neighbours(call, here):
            if edge not in edges:
                edges.append(edge)
            if there not in depths:
                depths[there] = depths[here] + 1
                queue.append(there)
    return depths, edges


def _neighbours(call: Call, here: str) -> Iterator[tuple[str, Record]]:
    direction = call.params.get("Direction", "Both")
    for edge in call.space.rows(_EDGES):
        if direction in {"Both", "Descendants"} and edge["SourceArn"] == here:
            yield edge["DestinationArn"], edge
        if direction in {"Both", "Ascendants"} and edge["DestinationArn"] == here:
            yield edge["SourceArn"], edge


def _entity(call: Call, arn: str) -> Record:
    for kind in _KINDS:
        if arn in call.space.table(kind):
            return call.space.table(kind)[arn]
    raise Refusal("ResourceNotFound", f"{arn} does not exist.")


def _vertex(call: Call, arn: str) -> Record:
    entity = _entity(call, arn)
    return {"Arn": arn, "Type": _type(entity), "LineageType": entity["_kind"]}


def _type(entity: Record) -> str:
    return str(entity.get(f"{entity['_kind']}Type") or entity["_kind"])
