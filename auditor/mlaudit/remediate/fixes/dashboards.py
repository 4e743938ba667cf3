"""Dashboards of what serves: its machines, its requests, and what is measured of its models."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from mlaudit.capabilities.alarms import Place, places
from mlaudit.capabilities.dashboards import model_metrics, places_not_shown
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Sight
from mlaudit.remediate.fixes.naming import name_for
from mlaudit.remediate.fixes.rules import REQUESTS, full_machines, own_dimensions

_WIDTH, _HEIGHT = 8, 6
_COLUMNS = 24
"""CloudWatch lays widgets out on so many columns."""


def machine_dashboard(sight: Sight) -> Iterator[Change]:
    """A dashboard of the workload, where the machines of one of its places are shown nowhere."""
    if places_not_shown(sight.view, whole=False):
        yield _dashboard(sight)


def dashboard(sight: Sight) -> Iterator[Change]:
    """A dashboard of the region, where one of its places is shown nowhere, or not with its model.

    What nothing measures is not put on it: an empty chart shows nothing.
    """
    view = sight.view
    bare = places_not_shown(view, whole=False)
    apart = places_not_shown(view, whole=True)
    if bare or any(model_metrics(view, each) for each in apart):
        yield _dashboard(sight)


def _dashboard(sight: Sight) -> Change:
    shown = places(sight.view)
    whose = f"workload {sight.view.workload}" if sight.view.workload else "the region"
    return Change(
        kind="cloudwatch.dashboard",
        key={"DashboardName": name_for(sight)},
        region=sight.view.region.name,
        scope=min(each.placement.endpoint.arn for each in shown),
        about=f"show what serves in {whose} on one dashboard",
        patch={"DashboardBody": _body(sight, shown)},
    )


def _body(sight: Sight, shown: Iterable[Place]) -> str:
    widgets = [each for place in shown for each in _widgets(sight, place)]
    columns = _COLUMNS // _WIDTH
    laid_out = [
        {**each, "x": at % columns * _WIDTH, "y": at // columns * _HEIGHT}
        for at, each in enumerate(widgets)
    ]
    return json.dumps({"widgets": laid_out}, sort_keys=True)


def _widgets(sight: Sight, place: Place) -> Iterator[dict[str, Any]]:
    own = [word for pair in own_dimensions(place).items() for word in pair]
    machines = [[namespace, name, *own] for name, namespace, _ in full_machines(place)]
    requests = [["AWS/SageMaker", name, *own, {"stat": stat}] for name, stat in REQUESTS]
    model = [
        [each.namespace, each.name, *(word for pair in each.dimensions.items() for word in pair)]
        for each in model_metrics(sight.view, place)
    ]
    yield _widget(sight, f"{place.words}: machines", machines)
    yield _widget(sight, f"{place.words}: requests", requests)
    if model:
        yield _widget(sight, f"{place.words}: data and results", model)


def _widget(sight: Sight, title: str, rows: list[list[Any]]) -> dict[str, Any]:
    return {
        "type": "metric",
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": title,
            "region": sight.view.region.name,
            "view": "timeSeries",
            "stat": "Average",
            "period": 300,
            "metrics": rows,
        },
    }
