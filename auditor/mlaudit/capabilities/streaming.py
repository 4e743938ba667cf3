"""Streams that feed models: stream, mapping or pipe, function, endpoint, version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.registry import served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Verdict
from mlaudit.resources import Endpoint, EventSourceMapping, Function, Model, Pipe
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class StreamPath:
    """A stream whose records reach a model.

    Attributes:
        arn: The event source mapping, or the pipe.
        words: The path, spelled out to the versions that answer, as far as they are known.
        live: Whether records flow and the endpoint serves.
        at: When the mapping was last changed; a pipe does not tell.
    """

    arn: str
    words: str
    live: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StreamingGate:
    """The decision of the streaming gate as a conclusion: open is a pass, closed a fail."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Feed:
    """What brings the records of a stream to a function."""

    arn: str
    function_arn: str
    words: str
    enabled: bool
    at: datetime | None


@provider
def stream_paths(view: View) -> Evidence[StreamPath]:
    """Every stream-to-model path of a workload.

    A function of the workload that a stream feeds and that names no endpoint in its environment may
    still call one: that is a gap.
    """
    endpoints = {each.name: each for each in view.items(Endpoint)}
    feeds = _feeds(view)
    paths: list[StreamPath] = []
    unread: list[Gap] = []
    callers = {
        each.arn: each
        for endpoint in endpoints.values()
        for each in view.lineage.into(endpoint.arn, Function)
    }
    own = {each.arn: each for each in view.items(Function)}
    for _, function in sorted((callers | own).items()):
        fed = [each for each in feeds if each.function_arn == function.arn]
        called = [endpoints[name] for name in function.endpoint_names if name in endpoints]
        paths += [_path(view, each, function, endpoint) for each in fed for endpoint in called]
        if fed and not function.endpoint_names and function.arn in own:
            unread.append(
                Gap.unread("lambda:ListFunctions", view.region.name, "CodeNotRead", function.arn)
            )
    gaps = view.gaps(EventSourceMapping, Function, Endpoint, Pipe) + _unreadable(view)
    return Evidence(tuple(paths), tuple(dict.fromkeys((*gaps, *unread))))


def _unreadable(view: View) -> tuple[Gap, ...]:
    """Functions that a stream feeds and that may call any endpoint, whosever they are."""
    fed = {each.function_arn for each in _feeds(view)}
    return tuple(gap for gap in view.region.gaps(Function) if gap.subject in fed)


def _feeds(view: View) -> tuple[_Feed, ...]:
    return (*_mappings(view), *_pipes(view))


def _mappings(view: View) -> Iterator[_Feed]:
    for each in view.region.all(EventSourceMapping):
        if _streams(each.source_arn):
            words = f"{_named(each.source_arn)} feeds"
            yield _Feed(each.arn, each.function_arn, words, each.enabled, each.modified_at)


def _pipes(view: View) -> Iterator[_Feed]:
    """A pipe calls a function on the way, at its end, or both."""
    for each in view.region.all(Pipe):
        words = f"{_named(each.source_arn)} feeds pipe {each.name}, which calls"
        for arn in dict.fromkeys((each.enrichment_arn, each.target_arn)):
            if arn and _streams(each.source_arn):
                yield _Feed(each.arn, arn, words, each.enabled, None)


def _streams(source: str | None) -> bool:
    """Kinesis, managed Kafka, or a Kafka cluster of one's own (which has no ARN)."""
    return not _is_arn(source) or ":kinesis:" in str(source) or ":kafka:" in str(source)


def _is_arn(source: str | None) -> bool:
    return source is not None and source.startswith("arn:")


def _named(source: str | None) -> str:
    own = "a self-managed Kafka cluster"
    return str(source).rpartition(":")[2] if _is_arn(source) else own


def _path(view: View, feed: _Feed, function: Function, endpoint: Endpoint) -> StreamPath:
    off = "" if feed.enabled else " (switched off)"
    words = f"{feed.words} function {function.name}, which calls endpoint {endpoint.name}"
    return StreamPath(
        arn=feed.arn,
        words=words + _answering(view, endpoint) + off,
        live=feed.enabled and endpoint.serving,
        at=feed.at,
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
