"""Change one fact of a system that does everything: one item changes, and only that one.

The tables are in ``flips/``: a change is to a call that makes the emulated account, to a value that
its calls share, or to a text of the checkout. The quick tests try the first change of each item.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlaudit.audit import Audit
from mlaudit.catalog import catalogue
from mlaudit.emulator import Scenario, load_scenario
from mlaudit.emulator.scenario import SeedCall
from mlaudit.model import Status

WORKLOAD = "credit-scoring"
PARTS = ("account_records", "credit_scoring", "data", "debugging", "environments", "shared")
VALUES, CHECKOUT = "values", "checkout"
Path_ = list[str | int | dict[str, Any]]


@dataclass(frozen=True)
class Flip:
    """One fact, changed.

    Attributes:
        item: The item that must change from pass.
        after: What it must become.
        call: The scenario's call that makes the fact, ``values``, or ``checkout``.
        at: Where in the call (``params``, ``becomes``, ``each``, or its ``time`` or caller ``by``),
            value or checkout it stands: keys, positions, and for an entry of a list the fields that
            tell it from the others.
        old: What stands there; in a checkout, a part of the text.
        new: What stands there instead; without it, what stood there is taken away.
        whole: Whether the whole call, or the whole text of a checkout, is taken away.
        also: Items derived from the same fact, with what they become.
        why: Why the items of ``also`` are derived from it.
    """

    item: str
    after: Status
    call: str
    at: Path_
    old: Any = None
    new: Any = None
    whole: bool = False
    also: Mapping[str, Status] = field(default_factory=dict)
    why: str = ""


def flips() -> list[Flip]:
    tables = sorted((Path(__file__).parent / "flips").glob("*.yaml"))
    rows = [row for table in tables for row in yaml.safe_load(table.read_text("utf-8")) or ()]
    return [
        Flip(
            **{
                **row,
                "after": Status(row["after"]),
                "also": {id_: Status(status) for id_, status in row.get("also", {}).items()},
            }
        )
        for row in rows
    ]


FLIPS = flips()


def by_item() -> list[Any]:
    """All flips; those that are not the first of their item are for the whole run of tests only."""
    first = {id(flip) for flip in {flip.item: flip for flip in reversed(FLIPS)}.values()}
    later = pytest.mark.scale
    return [
        pytest.param(flip, id=flip.item, marks=() if id(flip) in first else later) for flip in FLIPS
    ]


def is_changed(place: Any, flip: Flip) -> bool:
    """Change what a path leads to, where it is the old value."""
    *parents, last = flip.at
    for key in parents:
        place = entry(place, key)
    if isinstance(last, dict):
        last = place.index(entry(place, last)) if entry(place, last) is not None else -1
    if place is None or entry(place, last) is None or entry(place, last) != flip.old:
        return False
    if flip.new is None:
        place.pop(last)
    else:
        place[last] = flip.new
    return True


def entry(place: Any, key: str | int | dict[str, Any]) -> Any:
    if isinstance(key, dict):
        found = [each for each in place or () if isinstance(each, dict) and each | key == each]
        return found[0] if len(found) == 1 else None
    if isinstance(place, Mapping):
        return place.get(key)
    inside = isinstance(place, list) and isinstance(key, int) and 0 <= key < len(place)
    return place[key] if inside else None


def flipped(scenario: Scenario, flip: Flip) -> Scenario:
    """The scenario with one fact changed; refuses a change of nothing, or of several calls."""
    if flip.call == CHECKOUT:
        return scenario
    if flip.call == VALUES:
        values = deepcopy(scenario.values)
        assert is_changed(values, flip), "the flip changed nothing"
        return replace(scenario, values=values)
    calls, changed = [], 0
    for each in scenario.calls:
        after = changed_call(each, flip) if each.call == flip.call else each
        changed += after is not each
        calls += [after] if after else []
    assert changed == 1, f"the flip changed {changed} calls"
    return replace(scenario, calls=tuple(calls))


def changed_call(call: SeedCall, flip: Flip) -> SeedCall | None:
    parts: dict[str, Any] = {
        "params": deepcopy(call.params),
        "becomes": deepcopy(call.becomes),
        "each": [*deepcopy(call.each)] if isinstance(call.each, tuple) else call.each,
        "time": call.at,
        "by": call.by,
    }
    if not is_changed(parts, flip):
        return call
    if flip.whole:
        return None
    parts["each"] = tuple(parts["each"]) if isinstance(parts["each"], list) else parts["each"]
    parts["at"] = parts.pop("time")
    return replace(call, **parts)


def edited(checkout: Path, flip: Flip) -> None:
    """Change a text of the checkout, in which the old part stands once, or take it away."""
    path = checkout / str(flip.at[0])
    text = path.read_text("utf-8")
    assert text.count(flip.old) == 1, f"the flip changed {text.count(flip.old)} places"
    if flip.whole:
        path.unlink()
    else:
        path.write_text(text.replace(flip.old, flip.new or ""), "utf-8")


def native(scenario: Scenario) -> Scenario:
    """Only the calls that make the workload, and what all share."""
    calls = tuple(each for each in scenario.calls if each.file.startswith(PARTS))
    repositories = {WORKLOAD: scenario.repositories[WORKLOAD]}
    return replace(scenario, calls=calls, repositories=repositories)


def statuses(audit: Audit) -> dict[str, Status]:
    (workload,) = audit.workloads
    assert workload.name == WORKLOAD
    return {item.id: item.status for item in workload.items}


@pytest.fixture(scope="module")
def workload() -> Scenario:
    return native(load_scenario("exemplary"))


@pytest.fixture(scope="module")
def as_it_is(
    workload: Scenario, running: Callable[..., AbstractContextManager[Any]]
) -> dict[str, Status]:
    with running(workload) as account:
        return statuses(account.scan())


def test_every_item_is_flipped() -> None:
    assert {flip.item for flip in FLIPS} == {item.id for item in catalogue().items}


@pytest.mark.slow
@pytest.mark.parametrize("flip", by_item())
def test_one_fact_changes_one_item(
    flip: Flip,
    workload: Scenario,
    as_it_is: dict[str, Status],
    running: Callable[..., AbstractContextManager[Any]],
) -> None:
    assert bool(flip.why) == bool(flip.also)
    with running(flipped(workload, flip)) as account:
        if flip.call == CHECKOUT:
            edited(account.checkout(WORKLOAD), flip)
        after = statuses(account.scan())
    changed = {id_: after[id_] for id_ in after if after[id_] is not as_it_is[id_]}
    assert as_it_is[flip.item] is Status.PASS
    assert changed == {flip.item: flip.after, **flip.also}
