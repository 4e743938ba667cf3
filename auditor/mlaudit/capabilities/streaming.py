"""Streams that feed models: stream, mapping, function, endpoint, version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Verdict
from mlaudit.resources import Endpoint, EventSourceMapping, Function, Model
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class StreamPath:
    """A stream whose records reach a model.

    Attributes:
        arn: The event source mapping.
        words: The path, spelled out to the versions that answer, as far as they are known.
        live: Whether records flow and the endpoint serves.
        at: When the mapping was last changed.
    """

    arn: str
    words: str
    live: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StreamingGate:
    """The decision of the streaming gate as a conclusion: open is a pass, closed a fail."""

    verdict: Verdict


@provider
def stream_paths(view: View) -> Evidence[StreamPath]:
    """Every stream-to-model path of a workload.

    A function of the workload that a stream feeds and that names no endpoint in its environment may
    still call one: that is a gap.
    """
    endpoints = {each.name: each for each in view.items(Endpoint)}
    mappings = view.region.by(EventSourceMapping, "function_arn")
    paths: list[StreamPath] = []
    unread: list[Gap] = []
    callers = {
        each.arn: each
        for endpoint in endpoints.values()
        for each in view.lineage.into(endpoint.arn, Function)
    }
    own = {each.arn: each for each in view.items(Function)}
    for _, function in sorted((callers | own).items()):
        fed = [each for each in mappings.get(function.arn, ()) if _streams(each)]
        called = [endpoints[name] for name in function.endpoint_names if name in endpoints]
        paths += [_path(view, each, function, endpoint) for each in fed for endpoint in called]
        if fed and not function.endpoint_names and function.arn in own:
            unread.append(
                Gap.unread("lambda:ListFunctions", view.region.name, "CodeNotRead", function.arn)
            )
    gaps = view.gaps(EventSourceMapping, Function, Endpoint) + _unreadable(view)
    return Evidence(tuple(paths), tuple(dict.fromkeys((*gaps, *unread))))


def _unreadable(view: View) -> tuple[Gap, ...]:
    """Functions that a stream feeds and that may call any endpoint, whosever they are."""
    mappings = view.region.by(EventSourceMapping, "function_arn")
    return tuple(
        gap
        for gap in view.region.gaps(Function)
        if any(_streams(each) for each in mappings.get(gap.subject or "", ()))
    )


def _streams(mapping: EventSourceMapping) -> bool:
    """Kinesis, managed Kafka, or a Kafka cluster of one's own (which has no ARN)."""
    source = mapping.source_arn
    return source is None or ":kinesis:" in source or ":kafka:" in source


def _path(
    view: View, mapping: EventSourceMapping, function: Function, endpoint: Endpoint
) -> StreamPath:
    source = (mapping.source_arn or "a self-managed Kafka cluster").rpartition(":")[2]
    state = "" if mapping.enabled else " (mapping disabled)"
    words = f"{source} feeds function {function.name}, which calls endpoint {endpoint.name}"
    return StreamPath(
        arn=mapping.arn,
        words=words + _answering(view, endpoint) + state,
        live=mapping.enabled and endpoint.serving,
        at=mapping.modified_at,
    )


def _answering(view: View, endpoint: Endpoint) -> str:
    """What answers on an endpoint, in words; that it is not known makes no path less live."""
    if not endpoint.serving:
        return ", which does not serve"
    known = {each.arn: each for each in view.once(served_versions).items}
    told: list[str] = []
    for model in view.lineage.upstream(endpoint.arn, Model):
        served = known.get(model.arn)
        if served is None:
            told.append(f"model {model.name} (its version could not be seen)")
        else:
            told.append(served.name or f"model {model.name}, which is in no registry")
    return f", which serves {' and '.join(sorted(told))}" if told else ""
