"""How data of a workload is protected."""

from typing import Any

import pytest

from mlaudit.capabilities.protection import (
    data_at_rest,
    data_places,
    isolations,
    training_traffic,
)
from mlaudit.model import Gap
from mlaudit.resources import (
    BatchJob,
    BucketProtection,
    Container,
    DataCapture,
    Fleet,
    Resource,
    TrainingJob,
    Variant,
)
from mlaudit.testing import OLD, REGION, build, gap, serving, view_of

M5, PAIR, G5 = (Fleet("ml.m5.large", 1),), (Fleet("ml.m5.large", 2),), (Fleet("ml.g5.xlarge", 1),)
LONG_AGO = build(TrainingJob, "old", ended_at=OLD, fleets=PAIR, inputs=("s3://b/x",))


def bucket(name: str = "b", *, own_key: bool = False, place: str = REGION) -> BucketProtection:
    arn = f"arn:aws:s3:::{name}#protection"
    return build(BucketProtection, arn=arn, bucket=name, own_key=own_key, place=place)


def test_models_that_serve_and_training_of_the_window_reach_a_network_or_not() -> None:
    model = {"network_isolation": True}
    job = build(TrainingJob, "j", in_network=True)
    found = isolations(view_of(*serving("m", model=model), job, LONG_AGO)).items
    assert [(each.words, each.isolated, each.in_network) for each in found] == [
        ("model m on endpoint m", True, False),
        ("training job j", False, True),
    ]


def test_machines_that_train_together_talk_encrypted_or_not() -> None:
    jobs = (
        build(TrainingJob, "pair", fleets=PAIR, encrypts_traffic=True),
        build(TrainingJob, "one", fleets=M5),
        LONG_AGO,
    )
    (found,) = training_traffic(view_of(*jobs)).items
    assert (found.words, found.encrypted) == ("training job pair on 2 machines", True)


def test_how_nodes_of_a_batch_job_talk_is_not_known() -> None:
    job = build(BatchJob, "b", nodes=2)
    unread = Gap.unread("batch:DescribeJobs", REGION, "CodeNotRead", job.arn)
    assert training_traffic(view_of(job, build(BatchJob, "c"))).gaps == (unread,)


@pytest.mark.parametrize(
    ("resources", "kept"),
    [
        ((build(TrainingJob, "j", fleets=M5, encrypts_volumes=True),), [("volumes", True)]),
        ((build(TrainingJob, "j", fleets=M5),), [("volumes", False)]),
        ((build(TrainingJob, "j", fleets=G5),), []),
        ((LONG_AGO,), []),
        (
            (build(TrainingJob, "j", artifact="s3://b/a", encrypts_results=True),),
            [("results", True)],
        ),
        ((build(TrainingJob, "j", artifact="s3://b/a"), bucket()), [("results", False)]),
        ((build(TrainingJob, "j", artifact="s3://b/a"), bucket(own_key=True)), [("results", True)]),
    ],
)
def test_training_keeps_data(resources: tuple[Resource, ...], kept: list[tuple[str, bool]]) -> None:
    found = data_at_rest(view_of(*resources))
    said = [(each.words.partition(": ")[2], each.own_key) for each in found.items]
    assert (said, found.gaps) == (kept, ())


@pytest.mark.parametrize(
    ("config", "variant", "kept"),
    [
        ({"encrypts_volumes": True}, {}, [("endpoint e, variant main: volumes", True)]),
        ({}, {"instance_type": "ml.g4dn.xlarge"}, []),
        ({}, {"instance_type": None, "serverless_concurrency": 5}, []),
    ],
)
def test_endpoints_keep_data(
    config: dict[str, bool], variant: dict[str, Any], kept: list[tuple[str, bool]]
) -> None:
    found = data_at_rest(view_of(*serving("e", config=config, **variant)))
    assert [(each.words, each.own_key) for each in found.items] == kept


@pytest.mark.parametrize(
    ("encrypted", "others", "kept"),
    [(True, (), [True]), (False, (bucket(own_key=True),), [True]), (False, (), [])],
)
def test_recorded_requests_are_as_their_bucket_unless_a_key_is_named(
    *, encrypted: bool, others: tuple[Resource, ...], kept: list[bool]
) -> None:
    capture = build(DataCapture, enabled=True, destination="s3://b/c", encrypted=encrypted)
    variants = tuple(
        build(Variant, name, model_name="e", instance_type="ml.g5.xlarge") for name in ("a", "b")
    )
    place = serving("e", build(Container), config={"data_capture": capture, "variants": variants})
    found = data_at_rest(view_of(*place, *others))
    assert [each.own_key for each in found.items] == kept
    assert bool(found.gaps) is not bool(kept)


def test_data_is_where_its_bucket_is() -> None:
    jobs = (
        build(TrainingJob, "j", inputs=("s3://b/x", "s3://b/y", "s3://c/z")),
        build(TrainingJob, "k", inputs=("s3://b/x",)),
        LONG_AGO,
    )
    found = data_places(view_of(*jobs, bucket(), bucket("c", place="us-east-1")))
    said = [(each.bucket, each.here, each.place, each.readers) for each in found.items]
    assert said == [("b", True, REGION, 2), ("c", False, "us-east-1", 1)]
    assert (found.items[0].arn, found.gaps) == ("arn:aws:s3:::b", ())


def test_data_elsewhere_and_buckets_out_of_sight_are_gaps() -> None:
    job = build(TrainingJob, "j", inputs=("s3://b/x",), other_data=True)
    found = data_places(view_of(job))
    assert found.items == ()
    assert [each.code for each in found.gaps] == ["DataNotInS3", "BucketNotDescribed"]


@pytest.mark.parametrize("operation", ["s3:GetBucketLocation", "s3:GetBucketEncryption"])
def test_what_hides_a_bucket_matters_where_it_is_used(operation: str) -> None:
    job = build(TrainingJob, "j", inputs=("s3://b/x",), artifact="s3://b/a")
    mine, other = gap(operation, "arn:aws:s3:::b"), gap(operation, "arn:aws:s3:::other")
    for seen in (data_places, data_at_rest):
        assert seen(view_of(job, gaps=[mine, other])).gaps == (mine,)
        assert seen(view_of(job, bucket(), gaps=[other])).gaps == ()
