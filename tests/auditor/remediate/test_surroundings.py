"""What the changes of a plan hang on, as calls that make it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mlaudit.emulator.seeding import PastCall
from mlaudit.remediate.change import Change, Pinned, State
from mlaudit.remediate.stand_ins import NAME
from mlaudit.remediate.surroundings import Surroundings
from mlaudit.remediate.touched import Touched
from mlaudit.resources import (
    Bucket,
    BucketProtection,
    CapturedRecords,
    Container,
    DataCapture,
    Deployment,
    Endpoint,
    EventSourceMapping,
    Function,
    ImageRepository,
    LogGroup,
    LogStream,
    ModelPackage,
    ModelPackageGroup,
    Resource,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    StateMachine,
    Topic,
    Traffic,
)
from mlaudit.testing import ACCOUNT, NOW, RECENT, REGION, arn_of, build, serving, snapshot

GROUP = build(ModelPackageGroup, "fraud")
VERSION = build(
    ModelPackage, "fraud/3", group_name="fraud", version=3,
    containers=(build(Container, image="image"),),
)  # fmt: skip
ONE = serving("one", build(Container, package_arn=VERSION.arn))
TWO = serving("two", build(Container, image="image"))
SCALES = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/one/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:oncall"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"


def pin(
    kind: str, key: dict[str, str], after: State = None, before: State = None, scope: str = ""
) -> Pinned:
    return Pinned(Change(kind, key, REGION, scope, "", None), before, after)


def around(
    resources: Iterable[Resource], *pins: Pinned, named: frozenset[str] = frozenset()
) -> Surroundings:
    return Surroundings(Touched(snapshot(*resources), REGION, pins, named))


def made(surroundings: Surroundings) -> list[str]:
    """The operations that make it, in their order."""
    return [each.operation for each in surroundings.calls()]


def called(surroundings: Surroundings, operation: str) -> list[PastCall]:
    return [each for each in surroundings.calls() if each.operation == operation]


def names(surroundings: Surroundings) -> list[str]:
    return [getattr(each, "name", each.arn) for each in surroundings.made_again]


TARGET = pin("application-autoscaling.target", SCALES, {"MinCapacity": 1})
ALL = (*TWO, *ONE, VERSION, GROUP)
CHAIN = [
    "CreateModelPackageGroup",
    "CreateModelPackage",
    "CreateModel",
    "CreateEndpointConfig",
    "CreateEndpoint",
]


def test_a_target_hangs_on_its_endpoint_and_that_on_all_behind_it_in_order() -> None:
    surroundings = around(ALL, TARGET)
    assert made(surroundings) == CHAIN
    assert set(names(surroundings)) == {"one", "fraud", "fraud/3"}


@pytest.mark.parametrize(
    "touching",
    [
        pin("cloudwatch.alarm", {"AlarmName": "a"}, {}, scope=ONE[0].arn),
        pin("cloudwatch.alarm", {"AlarmName": "a"},
            {"Dimensions": [{"Name": "EndpointName", "Value": "one"}]}),
        pin("tags", {"ResourceARN": ONE[0].arn}, {}, {}),
    ],
    ids=["by its scope", "by its name in a state", "by its ARN"],
)  # fmt: skip
def test_an_endpoint_is_made_again_when_a_change_speaks_of_it(touching: Pinned) -> None:
    assert "one" in names(around(ALL, touching))
    assert "two" not in names(around(ALL, touching))


def test_all_endpoints_are_made_again_when_one_is_updated() -> None:
    """What one leaves behind, such as a configuration, another may still use."""
    update = pin("sagemaker.endpoint", {"EndpointName": "two"}, {"EndpointConfigName": "new"}, {})
    assert {"one", "two"} <= set(names(around(ALL, update)))


def test_one_that_serves_is_made_again_in_any_case() -> None:
    dashboard = pin("cloudwatch.dashboard", {"DashboardName": "d"}, {"DashboardBody": "{}"})
    assert "CreateEndpoint" in made(around(TWO, dashboard))


def test_the_version_that_a_stack_names_is_made_again() -> None:
    assert names(around([VERSION, GROUP], named=frozenset({VERSION.arn}))) == ["fraud", "fraud/3"]
    (call,) = called(around([VERSION, GROUP], named=frozenset({VERSION.arn})), "CreateModelPackage")
    assert call.becomes["ModelPackageVersion"] == 3


def test_everything_is_made_when_it_was_made() -> None:
    old = tuple(replace(each, created_at=NOW - timedelta(days=40)) for each in TWO)
    touching = pin("tags", {"ResourceARN": TWO[0].arn}, {}, {})
    assert {each.at for each in around(old, touching).calls()} == {NOW - timedelta(days=40)}


def test_an_endpoint_is_as_old_as_its_last_change() -> None:
    (call,) = called(around(TWO, TARGET), "CreateEndpoint")
    assert call.becomes == {"EndpointStatus": "InService", "LastModifiedTime": RECENT}


def test_its_requests_and_its_shares_are_made_again() -> None:
    arn = TWO[0].arn
    traffic = build(
        Traffic, arn=f"{arn}#main", endpoint_arn=arn, variant_name="main", requests=7.0,
        last_at=RECENT,
    )  # fmt: skip
    shares = build(Deployment, arn=f"{arn}#deployment", subject_arn=arn, weights={"main": 0.3})
    surroundings = around((*TWO, traffic, shares), TARGET)
    (metrics,) = called(surroundings, "PutMetricData")
    assert metrics.params["MetricData"][0]["Value"] == 7.0
    (weights,) = called(surroundings, "UpdateEndpointWeightsAndCapacities")
    wanted = [{"VariantName": "main", "DesiredWeight": 0.3}]
    assert weights.params["DesiredWeightsAndCapacities"] == wanted


def test_so_is_what_was_captured_and_the_bucket_it_lies_in() -> None:
    capture = build(DataCapture, enabled=True, sampling_percent=9, destination="s3://b/p")
    endpoint, config, model = serving("two", build(Container), config={"data_capture": capture})
    traffic = build(
        Traffic, arn=f"{endpoint.arn}#main", endpoint_arn=endpoint.arn, variant_name="main"
    )
    records = build(CapturedRecords, arn=f"{traffic.arn}#captured", written_at=RECENT)
    place = build(BucketProtection, bucket="b", place="eu-north-1")
    surroundings = around((endpoint, config, model, traffic, records, place), TARGET)
    (bucket,) = called(surroundings, "CreateBucket")
    assert bucket.params["CreateBucketConfiguration"] == {"LocationConstraint": "eu-north-1"}
    (written,) = called(surroundings, "PutObject")
    assert written.params["Key"].startswith(f"p/two/main/{RECENT:%Y/%m/%d/%H}/")
    assert written.at == RECENT


def test_a_target_keeps_its_id_and_what_hangs_on_it_by_the_clock() -> None:
    where = {"resource_id": SCALES["ResourceId"], "dimension": SCALES["ScalableDimension"]}
    target = build(ScalableTarget, arn="arn:t", minimum=1, maximum=4, **where)
    policy = build(ScalingPolicy, "p", arn="arn:p", **where)
    nightly = build(
        ScheduledScaling, "night", arn="arn:n", resource_id=where["resource_id"], schedule="cron(x)"
    )
    surroundings = around((*ALL, target, policy, nightly), TARGET)
    (made_again,) = called(surroundings, "RegisterScalableTarget")
    assert made_again.becomes == {"ScalableTargetARN": "arn:t"}
    (scheduled,) = called(surroundings, "PutScheduledAction")
    assert scheduled.becomes == {"ScheduledActionARN": "arn:n"}
    assert surroundings.marks("PutScalingPolicy", {**SCALES, "PolicyName": "p"}) == {
        "PolicyARN": "arn:p"
    }
    assert surroundings.marks("PutScalingPolicy", {**SCALES, "PolicyName": "q"}) == {}
    assert surroundings.marks("PutMetricAlarm", {}) == {}


def test_what_feeds_a_function_keeps_its_id() -> None:
    function = build(Function, "f")
    mapping = build(EventSourceMapping, "0d", function_arn=function.arn, source_arn=QUEUE)
    change = pin("lambda.event-source", {"UUID": "0d"}, {"Enabled": False}, {"Enabled": True})
    surroundings = around((function, mapping), change)
    assert made(surroundings) == ["CreateRole", "CreateFunction", "CreateEventSourceMapping"]
    assert called(surroundings, "CreateEventSourceMapping")[0].becomes == {"UUID": "0d"}


def test_a_function_that_calls_an_endpoint_names_it() -> None:
    function = build(Function, "f", endpoint_names=("two", "other"))
    (call,) = called(around((*TWO, function), TARGET), "CreateFunction")
    assert list(call.params["Environment"]["Variables"].values()) == ["two"]


def test_a_log_group_is_made_again_with_its_streams() -> None:
    group = build(LogGroup, "/aws/sagemaker/TrainingJobs")
    streams = [
        build(LogStream, "mine", group_name=group.name, last_event_at=RECENT),
        build(LogStream, "other", group_name="/aws/sagemaker/ProcessingJobs"),
    ]
    surroundings = around((group, *streams), pin("logs.group", {"logGroupName": group.name}))
    assert made(surroundings) == ["CreateLogGroup", "CreateLogStream", "PutLogEvents"]
    assert called(surroundings, "PutLogEvents")[0].at == RECENT


ML_MACHINE = {"tags": {"team": "ml"}, "log_group_arns": (f"arn:aws:logs:x:1:log-group:{NAME}:*",)}
LAMBDA = "/aws/lambda/f"
LOOKED_AT: list[tuple[str, tuple[Resource, ...], bool]] = [
    ("/aws/sagemaker/Endpoints/e", (), False),
    ("seen", (build(LogGroup, "seen"),), True),
    ("unseen", (), False),
    (LAMBDA, (build(Function, "f", tags={"team": "ml"}),), True),
    (LAMBDA, (build(Function, "f", endpoint_names=("e",)),), True),
    (LAMBDA, (build(Function, "f"),), False),
    (LAMBDA, (build(Function, "f"), build(
        EventSourceMapping, function_arn=arn_of(Function, "f"))), True),
    (NAME, (build(StateMachine, **ML_MACHINE),), True),
    (NAME, (build(StateMachine, **{**ML_MACHINE, "tags": {}}),), False),
]  # fmt: skip


@pytest.mark.parametrize(("group", "seen", "stands_in"), LOOKED_AT)
def test_a_machine_writes_to_a_group_that_the_scan_looks_at_for_another_reason(
    group: str, seen: tuple[Resource, ...], *, stands_in: bool
) -> None:
    change = pin("logs.group", {"logGroupName": group}, {})
    machines = called(around(seen, change), "CreateStateMachine")
    assert bool(machines) is stands_in
    for each in machines:
        assert f"log-group:{group}:*" in str(each.params["loggingConfiguration"])


BUCKET = pin("s3.versioning", {"Bucket": "b"}, {"Status": "Enabled"})
PLACE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/r"
REPOSITORY = build(ImageRepository, arn=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/r", place=PLACE)
IMAGES = pin("ecr.repository", {"repositoryName": "r"}, {}, {})


@pytest.mark.parametrize(
    ("seen", "change", "words"),
    [
        ((build(Bucket, "b"),), BUCKET, "s3://b/"),
        ((build(Bucket, "other"),), BUCKET, None),
        ((REPOSITORY,), IMAGES, f"{PLACE}:"),
        ((), IMAGES, None),
    ],
)
def test_a_job_uses_the_bucket_or_the_images_that_the_scan_looked_at(
    seen: tuple[Resource, ...], change: Pinned, words: str | None
) -> None:
    jobs = called(around(seen, change), "CreateTrainingJob")
    assert len(jobs) == (0 if words is None else 1)
    assert words is None or words in str(jobs[0].params)


@pytest.mark.parametrize(
    "change",
    [
        pin("sns.topic", {"TopicArn": TOPIC}, {}, {}),
        pin("sns.subscription", {"TopicArn": TOPIC, "Protocol": "sqs", "Endpoint": QUEUE}, {}),
    ],
)
def test_as_many_listen_to_a_topic_as_before(change: Pinned) -> None:
    topic: Any = build(Topic, arn=TOPIC, confirmed=3, pending=2, passes_to=(QUEUE,))
    surroundings = around([topic], change)
    listening = [each.params["Protocol"] for each in called(surroundings, "Subscribe")]
    assert sorted(listening) == ["email", "email", "sms", "sms", "sqs"]
    pending = [
        each.at for each in called(surroundings, "Subscribe") if each.params["Protocol"] == "email"
    ]
    assert pending == [NOW, NOW]
    assert called(surroundings, "PutMetricAlarm")[0].params["AlarmActions"] == [TOPIC]


def test_what_nobody_changes_is_not_made_again() -> None:
    topic = build(Topic, arn=TOPIC, confirmed=1)
    other: list[Resource] = [
        build(LogGroup, "/aws/sagemaker/x"),
        build(Bucket, "b"),
        REPOSITORY,
        topic,
    ]
    assert made(around(other, pin("cloudwatch.alarm", {"AlarmName": "a"}, {}))) == []


def test_a_configuration_stays_in_use_by_all_that_use_it() -> None:
    twin = build(Endpoint, "twin", config_name="one")
    assert {"one", "twin"} <= set(names(around((*ALL, twin), TARGET)))


def test_a_configuration_that_is_changed_is_set_up_from_what_was_read() -> None:
    key = {"EndpointConfigName": "two"}
    deleted = pin("sagemaker.endpoint-config", key, None, {"ProductionVariants": []})
    assert "CreateEndpointConfig" not in made(around(TWO, deleted))
    copied = pin("sagemaker.endpoint-config", key, {"ProductionVariants": []}, None)
    assert "CreateEndpointConfig" in made(around(TWO, copied))


def test_of_other_endpoints_no_requests_are_made_again() -> None:
    arn = TWO[0].arn
    traffic = build(Traffic, arn=f"{arn}#main", endpoint_arn=arn, requests=1.0, last_at=RECENT)
    assert called(around((*ALL, traffic), TARGET), "PutMetricData") == []
