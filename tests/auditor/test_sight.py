"""Gaps reach the evidence they belong to, and no other."""

from __future__ import annotations

import pytest

from mlaudit.collect.plan import collectors
from mlaudit.model import GLOBAL, Gap, GapReason
from mlaudit.resources import (
    KINDS,
    Bucket,
    Endpoint,
    EndpointConfig,
    FeatureGroup,
    LogGroup,
    LogStream,
    Model,
    Pipeline,
    Resource,
    RunStep,
    ScalableTarget,
    Traffic,
    TrainingJob,
    Trigger,
)
from mlaudit.sight import Region, View
from mlaudit.testing import REGION, arn_of, build, gap, snapshot, view_of

CONFIGS = "sagemaker:DescribeEndpointConfig"

REACHES = [
    ("sagemaker:DescribeEndpoint", Endpoint, True),
    ("sagemaker:DescribeEndpoint", EndpointConfig, True),
    ("sagemaker:DescribeEndpoint", Traffic, True),
    (CONFIGS, EndpointConfig, True),
    (CONFIGS, Traffic, False),
    ("cloudwatch:GetMetricData", Traffic, True),
    ("cloudwatch:GetMetricData", Endpoint, False),
    ("logs:DescribeLogGroups", LogStream, True),
    ("logs:DescribeLogStreams", LogGroup, False),
    ("lambda:ListFunctions", LogGroup, True),
    ("sagemaker:ListPipelineExecutionSteps", RunStep, True),
    ("sagemaker:ListPipelineExecutionSteps", TrainingJob, True),
    ("sagemaker:ListPipelineExecutionSteps", ScalableTarget, False),
    ("application-autoscaling:DescribeScalableTargets", ScalableTarget, True),
    ("s3:GetBucketVersioning", Bucket, True),
    ("no:SuchOperation", Endpoint, False),
]


@pytest.mark.parametrize(("operation", "kind", "reaches"), REACHES)
def test_a_gap_reaches_what_rests_on_its_operation(
    operation: str, kind: type[Resource], *, reaches: bool
) -> None:
    missing = gap(operation)
    assert view_of(gaps=[missing]).of(kind).gaps == ((missing,) if reaches else ())


SUBJECTS = [
    ("of this workload", arn_of(Endpoint, "mine"), True),
    ("of another workload", arn_of(Endpoint, "theirs"), False),
    ("of nobody", arn_of(Endpoint, "orphan"), True),
    ("unknown", arn_of(Endpoint, "unread"), True),
    ("of the whole listing", None, True),
]


@pytest.mark.parametrize(("subject", "matters"), [each[1:] for each in SUBJECTS])
def test_a_gap_about_another_workload_does_not_matter(
    subject: str | None, *, matters: bool
) -> None:
    missing = gap(CONFIGS, subject)
    view = view_of(build(Endpoint, "mine"), gaps=[missing], others=[build(Endpoint, "theirs")])
    assert (missing in view.gaps(EndpointConfig)) is matters
    assert view.sees(EndpointConfig) is not matters


def test_a_gap_of_another_region_does_not_matter() -> None:
    elsewhere = gap(CONFIGS, region="us-east-1")
    assert view_of(gaps=[elsewhere]).gaps(EndpointConfig) == ()


def test_a_gap_of_no_region_matters_everywhere() -> None:
    missing = gap("s3:GetBucketVersioning", region=GLOBAL)
    assert view_of(gaps=[missing]).gaps(Bucket) == (missing,)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_type_is_seen_where_its_collector_did_not_run(kind: type[Resource]) -> None:
    of_kind = [each for each in collectors() if kind in each.yields]
    view = view_of(without=[each.name for each in of_kind])
    missing = {
        Gap(each.uses[0].id, REGION, "NotInSnapshot", GapReason.NOT_ASKED) for each in of_kind
    }
    assert missing
    assert set(view.gaps(kind)) >= missing
    assert not view.sees(kind)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_type_is_seen_after_a_whole_scan(kind: type[Resource]) -> None:
    view = view_of()
    assert view.of(kind).gaps == ()
    assert view.sees(kind)


def test_a_view_holds_the_members_of_a_type() -> None:
    mine, theirs = build(Endpoint, "mine"), build(Endpoint, "theirs")
    view = view_of(mine, others=[theirs])
    assert view.items(Endpoint) == (mine,)
    assert view.items(Model) == ()


def test_the_view_of_a_region_holds_everything_and_every_gap() -> None:
    both = (build(Endpoint, "a"), build(Endpoint, "b"))
    missing = gap(CONFIGS, both[0].arn)
    view = View(Region(snapshot(*both, gaps=[missing]), REGION), None)
    assert view.items(Endpoint) == both
    assert view.of(EndpointConfig).gaps == (missing,)
    assert view.gaps(FeatureGroup) == ()


def test_a_region_is_indexed_by_attribute() -> None:
    both = (build(Trigger, "a", enabled=True), build(Trigger, "b", enabled=False))
    region = Region(snapshot(*both, build(Pipeline, "p", region="us-east-1")), REGION)
    assert region.by(Trigger, "name") == {"a": (both[0],), "b": (both[1],)}
    assert region.get(Trigger, both[0].arn) == both[0]
    assert region.get(Trigger, "arn:nothing") is None
    assert region.all(Pipeline) == ()
