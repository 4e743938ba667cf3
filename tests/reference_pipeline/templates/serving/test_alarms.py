"""Alarms say what they watch, and whom they tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.manifest.serving import Scaling
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.serving.alarms import (
    Watch,
    alarm,
    hosts,
    processor_cores,
    traffic,
)

Make = Callable[..., Manifest]


@pytest.mark.parametrize(
    ("instance_type", "cores"),
    [
        ("ml.t2.medium", 2),
        ("ml.t3.medium", 2),
        ("ml.m7g.medium", 1),
        ("ml.c6i.large", 2),
        ("ml.m5.xlarge", 4),
        ("ml.c7i.2xlarge", 8),
        ("ml.g5.12xlarge", 48),
        ("ml.p5.48xlarge", 192),
    ],
)
def test_processors_are_counted_by_the_size_of_the_instance(instance_type: str, cores: int) -> None:
    assert processor_cores(instance_type) == cores


def test_a_busy_processor_counts_as_much_as_the_instance_has() -> None:
    small, large = (hosts(f"ml.c6i.{size}")["Processor"].threshold for size in ("large", "4xlarge"))
    assert (small, large) == (170, 1360)


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("Sum", {"Statistic": "Sum"}),
        ("p99", {"ExtendedStatistic": "p99"}),
    ],
)
def test_percentiles_are_statistics_of_their_own(
    make: Make, statistic: str, expected: dict[str, str]
) -> None:
    watch = Watch("too slow", "ModelLatency", 1, statistic)
    made = alarm(make(), watch, {"EndpointName": "one"})["Properties"]
    given = {
        key: value for key, value in made.items() if "Statistic" in key and isinstance(value, str)
    }
    assert given == expected


@pytest.mark.parametrize(
    ("below", "compares"), [(False, "GreaterThanThreshold"), (True, "LessThanThreshold")]
)
def test_alarms_go_off_above_or_below(make: Make, compares: str, *, below: bool) -> None:
    watch = Watch("odd", "Invocations", 1, below=below)
    assert alarm(make(), watch, {})["Properties"]["ComparisonOperator"] == compares


def test_more_than_the_largest_fleet_answers_is_a_flood() -> None:
    watches = traffic(Scaling(minimum=2, maximum=5, invocations=100))
    assert watches["Flood"].threshold == 500
    assert watches["Silence"].silence == "breaching"


def test_people_hear_of_what_sets_nothing_else_off(make: Make) -> None:
    manifest, watch = make(), Watch("too many", "Invocations", 1)
    told = alarm(manifest, watch, {})["Properties"]["AlarmActions"]
    moved = alarm(manifest, watch, {}, ["policy"])["Properties"]["AlarmActions"]
    assert told == [shared.alerts(manifest)]
    assert moved == ["policy"]
