"""Which endpoints are updated, to what, and how they would come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mlaudit.model import Gap
from mlaudit.remediate.change import Change, merged
from mlaudit.remediate.fix import Choices, Sight
from mlaudit.remediate.fixes.rollouts import capture_and_rollback
from mlaudit.resources import (
    Alarm,
    Bucket,
    BucketProtection,
    DataCapture,
    Deployment,
    EndpointConfig,
    InferenceComponent,
    Resource,
    ScalableTarget,
    Topic,
    TrainingJob,
    Variant,
    WatchedMetric,
)
from mlaudit.testing import ACCOUNT, NOW, REGION, arn_of, build, gap, serving, view_of

ENDPOINT = serving("e")[0].arn
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call"
ON_VARIANT = {"EndpointName": "e", "VariantName": "main"}
WRITES = build(TrainingJob, artifact="s3://lake/t/model.tar.gz")
LAKE = (
    WRITES,
    build(Bucket, "lake"),
    build(BucketProtection, arn="arn:aws:s3:::lake#protection", bucket="lake", place=REGION),
)
BOTH = build(DataCapture, enabled=True, modes=("Input", "Output"), destination="s3://own/kept")
TWO: dict[str, Any] = {"instance_count": 2}


def alarm(name: str, metric: str, statistic: str) -> Alarm:
    watched = WatchedMetric("AWS/SageMaker", metric, statistic, ON_VARIANT)
    return build(Alarm, name, watches=(watched,), state="OK", actions=(TOPIC,))


ALARMED = (
    alarm("slow", "ModelLatency", "p99"),
    alarm("broken", "Invocation5XXErrors", "Sum"),
    build(Topic, arn=TOPIC, confirmed=1),
)


def deployed(**values: Any) -> Deployment:
    usual = {"arn": f"{ENDPOINT}#deployment", "subject_arn": ENDPOINT}
    return build(Deployment, **{**usual, "modified_at": NOW - timedelta(days=1), **values})


FRESH = deployed()
GUARDED = deployed(strategy="CANARY", bake_seconds=300, alarm_names=("slow",))


def planned(*resources: Resource, gaps: tuple[Gap, ...] = ()) -> list[Change]:
    view = view_of(*resources, gaps=gaps)
    return list(capture_and_rollback(Sight(view, {}, ACCOUNT, Choices(capture_percent=50))))


def served(config: Mapping[str, Any] | None = None, **variant: Any) -> tuple[Resource, ...]:
    return (*serving("e", config=config, **variant), *ALARMED)


def scaled(least: int) -> ScalableTarget:
    return build(ScalableTarget, resource_id="endpoint/e/variant/main", minimum=least, maximum=9)


ALL, CANARY = "ALL_AT_ONCE", "CANARY"
KEPT = "s3://lake/mlaudit/requests"

CASES: dict[str, tuple[tuple[Resource, ...], str | None, str | None]] = {
    "two instances": ((*served(**TWO), FRESH, *LAKE), CANARY, KEPT),
    "one instance": ((*served(), FRESH, *LAKE), ALL, KEPT),
    "no bucket": ((*served(**TWO), FRESH), CANARY, None),
    "all is kept already": ((*served({"data_capture": BOTH}, **TWO), FRESH), CANARY, None),
    "all is kept, with a way back": ((*served({"data_capture": BOTH}), GUARDED), None, None),
    "a way back, nothing kept": (
        (*served(**TWO), GUARDED, *LAKE),
        CANARY,
        KEPT,
    ),
    "a way back, nothing kept, no bucket": ((*served(), GUARDED), None, None),
    "nothing of all is kept": (
        (
            *served({"data_capture": replace(BOTH, sampling_percent=0)}),
            GUARDED,
            build(BucketProtection, arn="arn:aws:s3:::own#protection", bucket="own", place=REGION),
        ),
        ALL,
        "s3://own/kept",
    ),
    "in batches under alarms": (
        (*served({"data_capture": BOTH}), deployed(strategy="ROLLING", alarm_names=("slow",))),
        None,
        None,
    ),
    "a policy without alarms": (
        (*served({"data_capture": BOTH}), deployed(strategy=ALL, bake_seconds=60)),
        ALL,
        None,
    ),
    "a policy that drops the old fleet at once": (
        (*served({"data_capture": BOTH}), deployed(strategy=CANARY, alarm_names=("slow",))),
        ALL,
        None,
    ),
    "serverless": (
        (*served(instance_type=None, instance_count=None, serverless_concurrency=5), FRESH, *LAKE),
        ALL,
        None,
    ),
    "asynchronous": ((*served({"asynchronous": True}, **TWO), FRESH, *LAKE), CANARY, None),
    "managed scaling": (
        (*served(managed_scaling=True, managed_min=3), FRESH, *LAKE),
        CANARY,
        KEPT,
    ),
    "scaling that may have left one": ((*served(**TWO), FRESH, *LAKE, scaled(1)), ALL, KEPT),
    "scaling that leaves two at least": ((*served(), FRESH, *LAKE, scaled(2)), CANARY, KEPT),
    "an endpoint that is being updated": (
        (*serving("e", endpoint={"status": "Updating"}), *ALARMED, FRESH, *LAKE),
        None,
        None,
    ),
    "instances that guardrails do not work with": (
        (*served(instance_type="ml.inf1.xlarge"), FRESH, *LAKE),
        None,
        None,
    ),
    "an experiment": (
        (*served({"shadow_variants": (build(Variant),)}), FRESH, *LAKE),
        None,
        None,
    ),
    "components": (
        (
            *served(model_name=None),
            FRESH,
            build(InferenceComponent, endpoint_arn=ENDPOINT, variant_name="main"),
        ),
        None,
        None,
    ),
}


@pytest.mark.parametrize(("resources", "strategy", "kept"), CASES.values(), ids=CASES)
def test_endpoints_are_updated_once_with_a_way_back(
    resources: tuple[Resource, ...], strategy: str | None, kept: str | None
) -> None:
    changes = planned(*resources)
    found = {each.kind: each.patch or {} for each in changes}
    update = found.get("sagemaker.endpoint", {}).get("DeploymentConfig")
    policy = update and update["BlueGreenUpdatePolicy"]
    assert strategy == (policy and policy["TrafficRoutingConfiguration"]["Type"])
    capture = found.get("sagemaker.endpoint-config", {}).get("DataCaptureConfig")
    assert kept == (capture and capture["DestinationS3Uri"])
    assert {each.scope for each in changes} <= {ENDPOINT}
    assert planned(*resources) == changes


def test_the_new_configuration_is_like_the_one_in_use_and_is_made_first() -> None:
    tagged = {"data_capture": None, "tags": {"team": "risk", "aws:stack": "x"}}
    changes = planned(*served(tagged, **TWO), FRESH, *LAKE)
    closed, config, endpoint = changes
    assert closed.kind == "s3.public-access"
    assert set((closed.patch or {}).values()) == {True}
    assert config.like == {"EndpointConfigName": "e"}
    patch = config.patch or {}
    assert patch["DataCaptureConfig"]["InitialSamplingPercentage"] == 50
    assert [each["Key"] for each in patch["Tags"]] == ["mlaudit:managed-by", "team"]
    update = endpoint.patch or {}
    assert update["EndpointConfigName"] == config.key["EndpointConfigName"]
    rollback = update["DeploymentConfig"]["AutoRollbackConfiguration"]
    assert rollback == {"Alarms": [{"AlarmName": "broken"}, {"AlarmName": "slow"}]}
    assert update["DeploymentConfig"]["BlueGreenUpdatePolicy"]["TerminationWaitInSeconds"] > 0


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        ({"instance_count": 1}, "one instance alone"),
        ({"instance_count": None, "serverless_concurrency": 5}, "no instances to begin with"),
        ({"instance_count": 2}, "one instance first"),
    ],
)
def test_it_is_said_how_the_traffic_moves(variant: dict[str, Any], said: str) -> None:
    (update,) = [each for each in planned(*served(**variant), FRESH) if "update" in each.about]
    assert said in update.about


def test_what_two_endpoints_need_is_made_once() -> None:
    other = serving("f")[0].arn
    second = deployed(arn=f"{other}#deployment", subject_arn=other)
    kinds = [each.kind for each in planned(*serving("e"), *serving("f"), FRESH, second, *LAKE)]
    assert kinds.count("sagemaker.endpoint") == 2
    assert kinds.count("sns.topic") == kinds.count("s3.public-access") == 1


def test_no_more_alarms_watch_than_an_update_takes() -> None:
    many = [alarm(f"slow-{number:02}", "ModelLatency", "p99") for number in range(12)]
    changes = planned(*serving("e"), *ALARMED, *many, FRESH)
    (update,) = [each for each in changes if each.kind == "sagemaker.endpoint"]
    rollback = (update.patch or {})["DeploymentConfig"]["AutoRollbackConfiguration"]
    assert len(rollback["Alarms"]) == 10


def test_the_alarms_of_the_way_back_are_made_before_the_update() -> None:
    kinds = [each.kind for each in planned(*serving("e", **TWO), FRESH)]
    assert kinds == [
        "sns.topic",
        "cloudwatch.alarm",
        "cloudwatch.alarm",
        "sagemaker.endpoint-config",
        "sagemaker.endpoint",
    ]


LAST: dict[str, dict[str, Any]] = {
    "in batches": {"RollingUpdatePolicy": {"WaitIntervalInSeconds": 60}},
    "in linear steps": {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "LINEAR",
                "WaitIntervalInSeconds": 60,
                "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 20},
            },
            "MaximumExecutionTimeoutInSeconds": 3600,
        }
    },
    "by a canary": {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "CANARY",
                "WaitIntervalInSeconds": 60,
                "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 20},
            }
        }
    },
}


@pytest.mark.parametrize("last", LAST.values(), ids=LAST)
@pytest.mark.parametrize("count", [1, 2])
def test_nothing_stays_of_how_an_endpoint_was_updated_the_last_time(
    last: dict[str, Any], count: int
) -> None:
    changes = planned(*served(instance_count=count), FRESH)
    (update,) = [each for each in changes if each.kind == "sagemaker.endpoint"]
    after = merged({"EndpointConfigName": "e", "DeploymentConfig": last}, update.patch)
    policy = after["DeploymentConfig"]
    assert policy.keys() == {"BlueGreenUpdatePolicy", "AutoRollbackConfiguration"}
    routing = policy["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert routing.pop("WaitIntervalInSeconds") > 0
    one = {"Type": "INSTANCE_COUNT", "Value": 1}
    assert routing == ({"Type": "CANARY", "CanarySize": one} if count > 1 else {"Type": ALL})


def test_a_place_that_a_team_chose_stays() -> None:
    one_way = build(DataCapture, enabled=True, modes=("Input",), destination="s3://own/kept")
    own = build(BucketProtection, arn="arn:aws:s3:::own#protection", bucket="own", place=REGION)
    changes = planned(*served({"data_capture": one_way}, **TWO), GUARDED, own, *LAKE)
    (config,) = [each for each in changes if each.kind == "sagemaker.endpoint-config"]
    assert (config.patch or {})["DataCaptureConfig"]["DestinationS3Uri"] == "s3://own/kept"


@pytest.mark.parametrize(
    ("denied", "why"),
    [(None, "no bucket fits"), ("s3:GetBucketLocation", "its buckets could not be seen")],
)
def test_it_is_said_why_requests_are_not_kept(denied: str | None, why: str) -> None:
    gaps = (gap(denied),) if denied else ()
    said = " ".join(each.about for each in planned(*served(**TWO), FRESH, gaps=gaps))
    assert f"requests are not kept: {why}" in said


def test_a_configuration_made_from_another_has_another_name() -> None:
    names = set()
    for name in ("one", "two"):
        endpoint, config, model = serving("e", endpoint={"config_name": name}, **TWO)
        other = build(EndpointConfig, name, variants=config.variants)
        changes = planned(endpoint, other, model, *ALARMED, FRESH)
        names |= {each.key.get("EndpointConfigName") for each in changes} - {None}
    assert len(names) == 2


@pytest.mark.parametrize(
    "denied",
    [
        "cloudwatch:DescribeAlarms",
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:ListInferenceComponents",
        "resourcegroupstaggingapi:GetResources",
    ],
)
def test_nothing_is_updated_whose_state_is_not_whole(denied: str) -> None:
    resources = (*served(**TWO), *LAKE)  # how it was deployed is not seen either
    assert planned(*resources, gaps=(gap(denied, arn_of(type(serving("e")[0]), "e")),)) == []
    assert planned(*resources, FRESH, gaps=(gap(denied),)) == []
