"""The machines that serve and train."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mlaudit.capabilities.machines import machines, shared_trainings, training_capacities
from mlaudit.resources import Fleet, HostUse, TrainingJob
from mlaudit.testing import OLD, RECENT, build, gap, serving, view_of

JOB = build(
    TrainingJob,
    "j",
    fleets=(Fleet("ml.m4.xlarge", 2),),
    spot=True,
    checkpoint_uri="s3://b/c",
    created_at=RECENT - timedelta(hours=3),
)
OF_LONG_AGO = build(TrainingJob, "old", fleets=(Fleet("ml.p2.xlarge", 1),), ended_at=OLD)
UNDER_WAY = build(TrainingJob, "now", fleets=(Fleet("ml.p3.2xlarge", 1),), ended_at=None)
MIXED = serving("e", instance_type=None, instance_pools=("ml.c5.large", "ml.c4.large"))


def test_what_serves_and_trained_is_on_a_machine() -> None:
    found = machines(view_of(*MIXED, JOB, OF_LONG_AGO, UNDER_WAY))
    assert [(each.words, each.family) for each in found.items] == [
        ("endpoint e, variant main", "c5"),
        ("endpoint e, variant main", "c4"),
        ("training job j", "m4"),
    ]
    assert found.gaps == ()


def test_training_of_the_window_paid_for_its_capacity() -> None:
    (found,) = training_capacities(view_of(JOB, OF_LONG_AGO, UNDER_WAY)).items
    assert (found.name, found.spot, found.checkpoints) == ("j", True, True)
    assert found.took == timedelta(hours=3)
    (plain,) = training_capacities(view_of(build(TrainingJob, "plain"))).items
    assert (plain.spot, plain.checkpoints) == (False, False)


@pytest.mark.parametrize("operation", ["sagemaker:ListTrainingJobs", "sagemaker:ListEndpoints"])
def test_what_could_not_be_seen_is_a_gap(operation: str) -> None:
    assert gap(operation) in machines(view_of(JOB, gaps=[gap(operation)])).gaps
    assert gap(operation) in training_capacities(view_of(JOB, gaps=[gap(operation)])).gaps


def used(*percents: float | None) -> tuple[HostUse, ...]:
    return tuple(
        build(HostUse, arn=f"{PAIR.arn}#{host}", host=str(host), job_arn=PAIR.arn, percent=percent)
        for host, percent in enumerate(percents)
    )


PAIR = build(TrainingJob, "pair", fleets=(Fleet("ml.m5.xlarge", 2),), inputs=("s3://b/t",))


@pytest.mark.parametrize(
    ("job", "hosts", "expected"),
    [
        (PAIR, used(80.0, 40.0), [(2, True, 40.0)]),
        (PAIR, used(80.0, None), [(2, True, None)]),
        (PAIR, (), [(2, True, None)]),
        (replace(PAIR, shards=True), (), [(2, False, None)]),
        (replace(PAIR, other_data=True), (), [(2, False, None)]),
        (replace(PAIR, ended_at=OLD), (), []),
        (replace(PAIR, fleets=(Fleet("ml.m5.xlarge", 1),)), (), []),
    ],
)
def test_machines_of_one_job_share_its_data(
    job: TrainingJob,
    hosts: tuple[HostUse, ...],
    expected: list[tuple[int, bool, float | None]],
) -> None:
    found = shared_trainings(view_of(job, *hosts))
    assert [(each.machines, each.copied, each.busy) for each in found.items] == expected
    assert found.gaps == ()


def test_a_machine_is_not_called_idle_where_its_use_was_not_seen() -> None:
    denied = gap("cloudwatch:GetMetricData")
    found = shared_trainings(view_of(PAIR, gaps=[denied]))
    assert (found.items, found.gaps) == ((), (denied,))
