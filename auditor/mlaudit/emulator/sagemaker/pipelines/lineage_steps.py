"""What a Lineage step does: it creates entities, then the associations between them."""

from __future__ import annotations

from datetime import datetime

from mlaudit.emulator.cloud import Call, Record

_KINDS = ("Action", "Artifact", "Context")


def record(call: Call, arguments: Record, at: datetime) -> Record:
    """Create what the arguments of a step describe; answer as the metadata of the step does.

    An association names an entity of the same step, or one that is there by its ARN.
    """
    made: Record = {f"{kind}Arns": {} for kind in _KINDS}
    for kind in _KINDS:
        for params in arguments.get(f"{kind}s", []):
            answer = call.invoke(f"Create{kind}", params, now=at)
            made[f"{kind}Arns"][params[f"{kind}Name"]] = answer[f"{kind}Arn"]
    made["Associations"] = [
        _associated(call, each, made, at) for each in arguments.get("Associations", [])
    ]
    return {key: value for key, value in made.items() if value}


def _associated(call: Call, asked: Record, made: Record, at: datetime) -> Record:
    ends = {
        "SourceArn": _arn(asked["Source"], made),
        "DestinationArn": _arn(asked["Destination"], made),
    }
    kind = {key: asked[key] for key in ("AssociationType",) if key in asked}
    call.invoke("AddAssociation", {**ends, **kind}, now=at)
    return ends


def _arn(end: Record, made: Record) -> str:
    arn: str = end.get("Arn") or made[f"{end['Type']}Arns"][end["Name"]]
    return arn
