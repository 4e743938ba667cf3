"""Editors that run, and those of which nobody can tell whether they are used."""

from datetime import timedelta
from typing import Any

import pytest

from mlaudit.capabilities.editors import open_editors
from mlaudit.resources import RunningEditor
from mlaudit.sight import Region, View
from mlaudit.testing import NOW, REGION, arn_of, build, gap, snapshot

NOTEBOOK: dict[str, Any] = {"product": "notebook instance", "instance_type": "ml.t3.xlarge"}
LONG_AGO = NOW - timedelta(days=15)


def platform(*resources: RunningEditor, **values: Any) -> View:
    return View(Region(snapshot(*resources, **values), REGION), None)


def test_an_editor_is_told_with_its_price() -> None:
    arn = arn_of(RunningEditor, "ana")
    values = {**NOTEBOOK, "arn": f"{arn}#running", "started_at": LONG_AGO, "closes": False}
    (found,) = open_editors(platform(build(RunningEditor, "ana", **values))).items
    assert (found.arn, found.words) == (arn, "notebook instance ana (ml.t3.xlarge)")
    assert (found.days, found.idle_days, found.closes) == (15, None, False)
    assert found.cost == "for about 146.00 USD a month at us-east-1 list prices"


@pytest.mark.parametrize("machine", [None, "ml.m5.xlarge"])
def test_a_price_is_never_that_of_something_else(machine: str | None) -> None:
    values = {**NOTEBOOK, "instance_type": machine, "closes": False}
    (found,) = open_editors(platform(build(RunningEditor, **values))).items
    assert found.cost == "at an unknown price"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"started_at": LONG_AGO, "closes": None}, False),
        ({"started_at": LONG_AGO, "closes": None, "used_at": NOW}, True),
        ({"started_at": NOW - timedelta(days=14), "closes": None}, True),
        ({"started_at": LONG_AGO, "closes": False}, True),
        ({"started_at": LONG_AGO, "closes": True}, True),
    ],
)
def test_a_script_that_may_stop_an_editor_hides_whether_it_is_idle(
    values: dict[str, Any],
    told: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    found = open_editors(platform(build(RunningEditor, "ana", **NOTEBOOK, **values)))
    assert len(found.items) == told
    unread = ["whether somebody uses running-editor/ana"]
    assert [each.words for each in found.gaps] == unread * (not told)


@pytest.mark.parametrize(
    "operation", ["sagemaker:ListApps", "sagemaker:ListNotebookInstances", "sagemaker:DescribeApp"]
)
def test_what_hides_editors_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    assert open_editors(platform(gaps=[missing])).gaps == (missing,)
