"""What is shown on a dashboard where it is shown nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlaudit.model import Gap
from mlaudit.remediate.fix import Planner, Sight
from mlaudit.remediate.fixes.dashboards import dashboard, machine_dashboard
from mlaudit.resources import Alarm, Dashboard, Resource, WatchedMetric
from mlaudit.testing import ACCOUNT, REGION, build, gap, serving, view_of

SERVES = serving("e", instance_type="ml.m5.large")
ON_VARIANT = {"EndpointName": "e", "VariantName": "main"}
HOSTS = "/aws/sagemaker/Endpoints"
DRIFT = WatchedMetric("Own", "feature_drift", "Maximum", {"EndpointName": "e"})
MACHINES = WatchedMetric(HOSTS, "CPUUtilization", "Average", ON_VARIANT)
QUALITY = build(Alarm, "drift", watches=(DRIFT,))


def board(*shows: WatchedMetric, **values: Any) -> Dashboard:
    return build(Dashboard, "team", shows=shows, **values)


def body(
    plan: Planner, *resources: Resource, gaps: tuple[Gap, ...] = ()
) -> list[dict[str, Any]] | None:
    changes = list(plan(Sight(view_of(*resources, gaps=gaps), {}, ACCOUNT)))
    if not changes:
        return None
    (change,) = changes
    assert change.key == {"DashboardName": f"mlaudit-{REGION}"}
    assert change.scope == SERVES[0].arn
    widgets: list[dict[str, Any]] = json.loads((change.patch or {})["DashboardBody"])["widgets"]
    return widgets


CASES: dict[str, tuple[tuple[Resource, ...], bool, bool]] = {
    "nothing": ((), False, False),
    "no dashboard": (SERVES, True, True),
    "machines on one": ((*SERVES, board(MACHINES)), False, False),
    "machines, and a metric of the model nowhere": (
        (*SERVES, board(MACHINES), QUALITY),
        False,
        True,
    ),
    "both on one": ((*SERVES, board(MACHINES, DRIFT), QUALITY), False, False),
    "both, but apart": (
        (*SERVES, board(MACHINES), build(Dashboard, "other", shows=(DRIFT,)), QUALITY),
        False,
        True,
    ),
    "another endpoint": (
        (*SERVES, board(WatchedMetric(HOSTS, "CPUUtilization", None, {"EndpointName": "x"}))),
        True,
        True,
    ),
    "one that shows more than is understood": ((*SERVES, board(hides_metrics=True)), False, False),
}


@pytest.mark.parametrize(("resources", "own", "region"), CASES.values(), ids=CASES)
def test_what_is_shown_nowhere_is_shown(
    resources: tuple[Resource, ...], *, own: bool, region: bool
) -> None:
    assert (body(machine_dashboard, *resources) is not None) is own
    assert (body(dashboard, *resources) is not None) is region


@pytest.mark.parametrize("plan", [dashboard, machine_dashboard])
@pytest.mark.parametrize(
    "denied", ["cloudwatch:ListDashboards", "cloudwatch:GetDashboard", "sagemaker:ListEndpoints"]
)
def test_nothing_is_made_that_may_be_there(plan: Planner, denied: str) -> None:
    assert body(plan, *SERVES, gaps=(gap(denied),)) is None


def test_a_dashboard_shows_machines_requests_and_what_is_measured_of_the_model() -> None:
    widgets = body(dashboard, *SERVES, QUALITY) or []
    shown = [{row[1]: row[2:6] for row in each["properties"]["metrics"]} for each in widgets]
    variant = ["EndpointName", "e", "VariantName", "main"]
    assert shown[0] == dict.fromkeys(
        ("CPUUtilization", "MemoryUtilization", "DiskUtilization"), variant
    )
    assert shown[1] == dict.fromkeys(
        ("Invocations", "Invocation5XXErrors", "ModelLatency"), variant
    )
    assert shown[2] == {"feature_drift": ["EndpointName", "e"]}
    assert len({(each["x"], each["y"]) for each in widgets}) == len(widgets)


def test_what_nothing_measures_is_not_put_on_a_dashboard() -> None:
    assert len(body(dashboard, *SERVES) or []) == 2
