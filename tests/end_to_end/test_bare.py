"""One model made by hand, with nothing around it, is judged as an expert would judge it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlaudit.audit import ItemResult
from mlaudit.catalog import catalogue
from mlaudit.emulator import load_scenario
from mlaudit.model import Status

TABLE = Path(__file__).parent.parent / "data" / "bare.yaml"


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, str]]:
    """The expert's table: a status and a reason for each item."""
    table: dict[str, dict[str, str]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


def test_the_table_has_every_item_of_the_catalogue_with_a_reason(
    expected: dict[str, dict[str, str]],
) -> None:
    assert [*expected] == [item.id for item in catalogue().items]
    assert {Status(each["status"]) for each in expected.values()} == {*Status} - {Status.PASS}
    assert [item for item, each in expected.items() if not each["why"].endswith(".")] == []


@pytest.fixture(scope="module")
def found(running: Callable[..., AbstractContextManager[Any]]) -> dict[str, ItemResult]:
    with running(load_scenario("bare")) as account:
        (workload,) = account.scan().workloads
    return {item.id: item for item in workload.items}


@pytest.mark.slow
def test_every_item_is_judged_as_the_expert_does(
    found: dict[str, ItemResult], expected: dict[str, dict[str, str]]
) -> None:
    differing = {
        item: f"{found[item].status}, not {each['status']}: {found[item].summary}"
        for item, each in expected.items()
        if found[item].status != each["status"]
    }
    assert differing == {}


@pytest.mark.slow
def test_what_is_not_assessed_says_what_was_not_seen(found: dict[str, ItemResult]) -> None:
    untold = [
        item
        for item, result in found.items()
        if result.status is Status.NOT_ASSESSED and not result.gaps
    ]
    assert untold == []
