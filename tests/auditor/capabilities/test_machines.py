"""The machines that serve and train."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mlaudit.capabilities.machines import machines, training_capacities
from mlaudit.resources import Fleet, TrainingJob
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
