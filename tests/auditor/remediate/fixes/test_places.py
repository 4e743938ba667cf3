"""Which bucket the requests of an endpoint can be kept in."""

from __future__ import annotations

import pytest

from mlaudit.remediate.fixes.places import bucket_for_requests
from mlaudit.resources import (
    Bucket,
    BucketProtection,
    DataCapture,
    EndpointConfig,
    ProcessingJob,
    Resource,
    TrainingJob,
)
from mlaudit.testing import REGION, build, view_of


def bucket(name: str, *, own_key: bool = False, place: str = REGION) -> tuple[Resource, ...]:
    arn = f"arn:aws:s3:::{name}#protection"
    known = build(BucketProtection, arn=arn, bucket=name, own_key=own_key, place=place)
    return build(Bucket, name), known


def writes(name: str, job: str = "it") -> ProcessingJob:
    return build(ProcessingJob, job, outputs=(f"s3://{name}/out",))


CASES: dict[str, tuple[tuple[Resource, ...], str | None]] = {
    "none": ((), None),
    "one that is written to": ((writes("a"), *bucket("a")), "a"),
    "one that a model lies in": (
        (build(TrainingJob, artifact="s3://a/model.tar.gz"), *bucket("a")),
        "a",
    ),
    "one that is only read": (
        (build(ProcessingJob, inputs=("s3://a/in",)), *bucket("a")),
        None,
    ),
    "one out of sight": ((writes("a"),), None),
    "one elsewhere": ((writes("a"), *bucket("a", place="us-west-2")), None),
    "the one that is used most": (
        (writes("a"), writes("b", "2"), writes("b", "3"), *bucket("a"), *bucket("b")),
        "b",
    ),
    "one with a key of its own first": (
        (writes("a"), writes("b", "2"), writes("b", "3"), *bucket("a", own_key=True), *bucket("b")),
        "a",
    ),
}


@pytest.mark.parametrize(("resources", "expected"), CASES.values(), ids=CASES)
def test_a_bucket_that_the_workload_writes_to(
    resources: tuple[Resource, ...], expected: str | None
) -> None:
    assert bucket_for_requests(view_of(*resources), build(EndpointConfig)) == expected


@pytest.mark.parametrize(("place", "expected"), [(REGION, "a"), ("us-west-2", None)])
def test_a_bucket_that_the_endpoint_names_is_taken_where_it_fits(
    place: str, expected: str | None
) -> None:
    capture = build(DataCapture, destination="s3://a/kept")
    view = view_of(writes("b"), *bucket("b"), *bucket("a", place=place))
    assert bucket_for_requests(view, build(EndpointConfig, data_capture=capture)) == expected
