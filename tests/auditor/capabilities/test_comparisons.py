"""Versions side by side: by a copy of the traffic, or by a share of it."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit.capabilities.comparisons import shadow_uses, traffic_splits
from mlaudit.model import Gap
from mlaudit.resources import (
    DataCapture,
    Deployment,
    Endpoint,
    InferenceComponent,
    Resource,
    ShadowTest,
    Traffic,
    Variant,
)
from mlaudit.testing import RECENT, arn_of, build, gap, serving, view_of

ENDPOINT = arn_of(Endpoint, "e")
CAPTURE = DataCapture(
    enabled=True, sampling_percent=100, modes=("Input",), destination=None, encrypted=False
)
SHADOW = {"shadow_variants": (build(Variant, "next"),)}
PLAIN = serving("e")
KEPT = serving("e", config={**SHADOW, "data_capture": CAPTURE})


def answered(variant: str = "main", requests: float = 5.0) -> Traffic:
    return build(
        Traffic,
        arn=f"{ENDPOINT}#{variant}",
        endpoint_arn=ENDPOINT,
        variant_name=variant,
        requests=requests,
        last_at=RECENT if requests else None,
    )


def tried(status: str, percent: int = 50) -> ShadowTest:
    return build(ShadowTest, "t", status=status, sampling_percent=percent, endpoint_name="e")


SHADOWS: dict[str, tuple[tuple[Resource, ...], list[tuple[bool, bool]]]] = {
    "none": (PLAIN, [(False, False)]),
    "nothing serves": ((), []),
    "a test that ran": ((tried("Completed"),), [(True, True)]),
    "a test that runs": ((tried("Running"),), [(True, True)]),
    "a test that was called off": ((tried("Cancelled"),), [(True, False)]),
    "a test of nothing": ((tried("Completed", 0),), [(True, False)]),
    "a variant": ((*KEPT, answered()), [(True, True)]),
    "a variant without traffic": ((*KEPT, answered(requests=0.0)), [(True, False)]),
    "a variant whose answers are not kept": (
        (*serving("e", config=SHADOW), answered()),
        [(True, False)],
    ),
}


@pytest.mark.parametrize(("resources", "expected"), SHADOWS.values(), ids=SHADOWS)
def test_shadows_are_found(
    resources: tuple[Resource, ...], expected: list[tuple[bool, bool]]
) -> None:
    evidence = shadow_uses(view_of(*resources))
    assert [(each.present, each.compared) for each in evidence.items] == expected
    assert evidence.gaps == ()


def test_a_shadow_is_told_in_words() -> None:
    uses = shadow_uses(view_of(*serving("e", config=SHADOW), tried("Completed"))).items
    assert {each.words for each in uses} == {
        "endpoint e copies its traffic to next and keeps no answers",
        "shadow test t with 50 % of the traffic is completed",
    }


@pytest.mark.parametrize(
    ("resources", "missing", "items"),
    [
        (PLAIN, gap("sagemaker:ListInferenceExperiments"), 1),
        (PLAIN, gap("sagemaker:DescribeInferenceExperiment"), 1),
        (KEPT, gap("cloudwatch:GetMetricData"), 0),
        (PLAIN[:1], gap("sagemaker:DescribeEndpointConfig", ENDPOINT), 0),
    ],
)
def test_an_unseen_shadow_is_a_gap(
    resources: tuple[Resource, ...], missing: Gap, items: int
) -> None:
    evidence = shadow_uses(view_of(*resources, gaps=[missing]))
    assert (len(evidence.items), evidence.gaps) == (items, (missing,))


def weighed(arn: str = ENDPOINT, **weights: float) -> Deployment:
    return build(Deployment, arn=f"{arn}#deployment", subject_arn=arn, weights=weights)


SPLITS: dict[str, tuple[tuple[Resource, ...], tuple[Any, ...]]] = {
    "two that answer": ((answered("a"), answered("b")), (("a", "b"), ("a", "b"))),
    "two, one idle": ((answered("a"), answered("b", 0.0)), (("a", "b"), ("a",))),
}


@pytest.mark.parametrize(("resources", "expected"), SPLITS.values(), ids=SPLITS)
def test_traffic_is_shared(resources: tuple[Resource, ...], expected: tuple[Any, ...]) -> None:
    evidence = traffic_splits(view_of(*PLAIN, weighed(a=1.0, b=0.5, c=0.0), *resources))
    assert [(each.weighted, each.answered) for each in evidence.items] == [expected]
    assert evidence.gaps == ()


@pytest.mark.parametrize(
    ("resources", "missing"),
    [
        (PLAIN, gap("sagemaker:DescribeEndpoint", ENDPOINT)),
        ((*PLAIN, weighed(a=1.0, b=1.0)), gap("cloudwatch:GetMetricData")),
    ],
)
def test_an_unseen_share_is_a_gap(resources: tuple[Resource, ...], missing: Gap) -> None:
    evidence = traffic_splits(view_of(*resources, gaps=[missing]))
    assert (evidence.items, evidence.gaps) == ((), (missing,))


def test_one_variant_needs_no_count() -> None:
    seen = view_of(*PLAIN, weighed(a=1.0), gaps=[gap("cloudwatch:GetMetricData")])
    assert len(traffic_splits(seen).items) == 1
    assert traffic_splits(seen).gaps == ()


COMPONENTS = [build(InferenceComponent, name, endpoint_arn=ENDPOINT) for name in "xy"]
OTHER = (*serving("f"), weighed(arn_of(Endpoint, "f"), a=1.0))


@pytest.mark.parametrize("more", [COMPONENTS, OTHER], ids=["components", "endpoints"])
def test_a_program_may_share_requests_between_several(more: Any) -> None:
    evidence = traffic_splits(view_of(*PLAIN, weighed(a=1.0), *more))
    assert {each.code for each in evidence.gaps} == {"RoutingNotRead"}


def test_weights_that_went_meanwhile_are_a_gap() -> None:
    (missing,) = traffic_splits(view_of(*PLAIN)).gaps
    assert missing.code == "WeightsNotKnown"
