"""Streams that reach a model."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.streaming import stream_paths
from mlaudit.model import GapReason
from mlaudit.resources import (
    Container,
    Endpoint,
    EventSourceMapping,
    Function,
    KinesisStream,
    ModelPackage,
    Pipe,
    Resource,
)
from mlaudit.testing import arn_of, build, gap, serving, view_of

FUNCTION, STREAM = arn_of(Function, "f"), arn_of(KinesisStream, "s")


def mapping(**values: Any) -> EventSourceMapping:
    return build(EventSourceMapping, **{"function_arn": FUNCTION, "source_arn": STREAM, **values})


def pipe(**values: Any) -> Pipe:
    usual = {"source_arn": STREAM, "target_arn": FUNCTION, "enabled": True}
    return build(Pipe, "p", **{**usual, **values})


def function(*endpoints: str) -> Function:
    return build(Function, "f", endpoint_names=endpoints)


CASES: dict[str, tuple[tuple[Resource, ...], list[bool]]] = {
    "live": ((mapping(), function("e"), build(Endpoint, "e")), [True]),
    "of Kafka": (
        (
            mapping(source_arn="arn:aws:kafka:eu-west-1:123456789012:cluster/c"),
            function("e"),
            build(Endpoint, "e"),
        ),
        [True],
    ),
    "of a Kafka of one's own": (
        (mapping(source_arn=None), function("e"), build(Endpoint, "e")),
        [True],
    ),
    "of a queue": (
        (
            mapping(source_arn="arn:aws:sqs:eu-west-1:123456789012:q"),
            function("e"),
            build(Endpoint, "e"),
        ),
        [],
    ),
    "switched off": ((mapping(enabled=False), function("e"), build(Endpoint, "e")), [False]),
    "to an endpoint that does not serve": (
        (mapping(), function("e"), build(Endpoint, "e", status="Failed")),
        [False],
    ),
    "to an endpoint that is updating": (
        (mapping(), function("e"), build(Endpoint, "e", status="Updating")),
        [True],
    ),
    "to an endpoint that is gone": ((mapping(), function("e")), []),
    "by a pipe": ((pipe(), function("e"), build(Endpoint, "e")), [True]),
    "by a pipe that asks on the way": (
        (
            pipe(enrichment_arn=FUNCTION, target_arn="arn:aws:sqs:eu-west-1:123456789012:q"),
            function("e"),
            build(Endpoint, "e"),
        ),
        [True],
    ),
    "by a pipe from a Kafka of one's own": (
        (pipe(source_arn="smk://kafka.example.com:9092"), function("e"), build(Endpoint, "e")),
        [True],
    ),
    "by a pipe from a queue": (
        (
            pipe(source_arn="arn:aws:sqs:eu-west-1:123456789012:q"),
            function("e"),
            build(Endpoint, "e"),
        ),
        [],
    ),
    "by a pipe that is stopped": (
        (pipe(enabled=False), function("e"), build(Endpoint, "e")),
        [False],
    ),
    "without a stream": ((function("e"), build(Endpoint, "e")), []),
}


@pytest.mark.parametrize(("resources", "expected"), CASES.values(), ids=CASES)
def test_a_stream_reaches_a_model(resources: tuple[Resource, ...], expected: list[bool]) -> None:
    evidence = stream_paths(view_of(*resources))
    assert [each.live for each in evidence.items] == expected
    assert evidence.gaps == ()


VERSION = build(ModelPackage, "fraud/3")
OF_VERSION = build(Container, package_arn=VERSION.arn)
PATH = "stream/s feeds function f, which calls endpoint e"
SPELLED: dict[str, tuple[tuple[Resource, ...], list[Any], str]] = {
    "to its version": ((*serving("e", OF_VERSION), VERSION), [], ", which serves fraud/3"),
    "to a model without a version": (
        serving("e"),
        [],
        ", which serves model e, which is in no registry",
    ),
    "to a version out of sight": (
        (*serving("e", OF_VERSION), VERSION),
        [gap("sagemaker:ListModelPackages")],
        ", which serves model e (its version could not be seen)",
    ),
    "to an endpoint whose models are out of sight": ((build(Endpoint, "e"),), [], ""),
    "to an endpoint that failed": (
        (build(Endpoint, "e", status="Failed"),),
        [],
        ", which does not serve",
    ),
}


@pytest.mark.parametrize(("resources", "gaps", "end"), SPELLED.values(), ids=SPELLED)
def test_a_path_is_spelled_out(resources: tuple[Resource, ...], gaps: list[Any], end: str) -> None:
    (path,) = stream_paths(view_of(*resources, mapping(), function("e"), gaps=gaps)).items
    assert path.words == f"{PATH}{end}"


@pytest.mark.parametrize(
    ("feed", "begins"),
    [
        (mapping(source_arn=None), "a self-managed Kafka cluster feeds function f, "),
        (pipe(source_arn="smk://k:9092"), "a self-managed Kafka cluster feeds pipe p, which calls"),
        (pipe(), "stream/s feeds pipe p, which calls function f, which calls endpoint e"),
    ],
)
def test_a_path_begins_with_its_stream(feed: Resource, begins: str) -> None:
    (path,) = stream_paths(view_of(feed, function("e"), build(Endpoint, "e"))).items
    assert path.words.startswith(begins)


def test_a_path_that_is_switched_off_says_so() -> None:
    off = view_of(mapping(enabled=False), function("e"), build(Endpoint, "e"))
    assert stream_paths(off).items[0].words.endswith(" (switched off)")


def test_a_function_of_others_that_calls_this_endpoint_counts() -> None:
    view = view_of(build(Endpoint, "e"), others=[mapping(), function("e", "theirs")])
    assert [each.live for each in stream_paths(view).items] == [True]


def test_a_function_that_calls_only_others_does_not() -> None:
    others: list[Resource] = [build(Endpoint, "theirs"), mapping(), function("theirs")]
    evidence = stream_paths(view_of(build(Endpoint, "e"), others=others))
    assert (evidence.items, evidence.gaps) == ((), ())


def test_a_fed_function_that_names_no_endpoint_is_a_gap() -> None:
    (missing,) = stream_paths(view_of(mapping(), function())).gaps
    assert (missing.reason, missing.subject) == (GapReason.CONTENT_NOT_READ, FUNCTION)


@pytest.mark.parametrize(
    "missing",
    [
        gap("lambda:ListFunctions"),
        gap("lambda:ListEventSourceMappings"),
        gap("pipes:ListPipes"),
        gap("sagemaker:ListEndpoints"),
        gap("lambda:ListFunctions", FUNCTION, code="EnvironmentNotReadable"),
    ],
)
def test_a_path_that_could_not_be_seen_is_not_missing(missing: Any) -> None:
    view = view_of(build(Endpoint, "e"), gaps=[missing])
    assert missing in stream_paths(view).gaps


def test_an_unreadable_function_of_others_may_call_this_endpoint() -> None:
    missing = gap("lambda:ListFunctions", FUNCTION, code="EnvironmentNotReadable")
    view = view_of(build(Endpoint, "e"), gaps=[missing], others=[mapping(), function()])
    assert missing in stream_paths(view).gaps
