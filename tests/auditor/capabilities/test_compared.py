"""Which version's baseline a monitor compares with."""

from __future__ import annotations

import pytest

from mlaudit.capabilities.compared import compared_baselines
from mlaudit.resources import (
    Container,
    ModelPackage,
    MonitorDetails,
    MonitoringSchedule,
    Resource,
)
from mlaudit.testing import arn_of, build, gap, serving, view_of

NEW, OLD = "s3://b/2/constraints.json", "s3://b/1/constraints.json"


def package(number: int, baseline: str) -> ModelPackage:
    return build(
        ModelPackage,
        f"fraud/{number}",
        arn=arn_of(ModelPackage, f"fraud/{number}"),
        group_name="fraud",
        version=number,
        approval="Approved",
        baselines={"ModelDataQuality": baseline},
    )


def schedule(*baselines: str) -> tuple[Resource, ...]:
    held = build(MonitoringSchedule, "s", endpoint_name="e")
    details = build(
        MonitorDetails, arn=f"{held.arn}#details", schedule_arn=held.arn, baselines=baselines
    )
    return held, details


SERVES = (
    *serving("e", build(Container, package_arn=arn_of(ModelPackage, "fraud/2"))),
    package(1, OLD),
    package(2, NEW),
)


@pytest.mark.parametrize(
    ("baselines", "expected"),
    [
        ((NEW,), [(("fraud/2",), ())]),
        ((OLD,), [((), ("fraud/1",))]),
        (("s3://b/elsewhere",), [((), ())]),
        ((), []),
    ],
)
def test_a_baseline_belongs_to_the_versions_it_is_registered_with(
    baselines: tuple[str, ...], expected: list[tuple[tuple[str, ...], tuple[str, ...]]]
) -> None:
    found = compared_baselines(view_of(*SERVES, *schedule(*baselines)))
    assert [(each.serving, each.others) for each in found.items] == expected
    assert found.gaps == ()


@pytest.mark.parametrize(
    "operation",
    [
        "sagemaker:ListMonitoringSchedules",
        "sagemaker:DescribeMonitoringSchedule",
        "sagemaker:ListModelPackages",
        "sagemaker:ListModels",
    ],
)
def test_while_a_version_may_be_hidden_no_baseline_is_called_stale(operation: str) -> None:
    found = compared_baselines(view_of(*SERVES, *schedule(OLD), gaps=[gap(operation)]))
    assert found.items == ()
    assert gap(operation) in found.gaps
