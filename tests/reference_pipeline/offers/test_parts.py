"""The stacks of a system as values, in an order in which they can be deployed."""

from __future__ import annotations

from functools import cache

import pytest
import yaml

from mlaudit_reference.capabilities import capabilities
from mlaudit_reference.offers import (
    Aim,
    Part,
    Person,
    choose,
    derived,
    exercise,
    files_of,
    parts_of,
)

PERSON = Person(notify=("ops@example.com",), ttl_days=9)
ALL = frozenset(item for each in capabilities() for item in each.items)


@cache
def parts(*wanted: str) -> dict[str, Part]:
    draft = derived("old fraud", PERSON, production=False)
    system = choose(draft, Aim(frozenset(wanted) or ALL, kept=frozenset({"guard"})))
    assert system is not None
    return {each.stack: each for each in parts_of(system, files_of(system.manifest))}


def test_every_stack_comes_after_those_it_needs() -> None:
    done: set[str] = set()
    for part in parts().values():
        assert set(part.needs) <= done, part.name
        done.add(part.name)


def test_a_stack_says_what_a_deployment_takes() -> None:
    found = parts("8.1")
    first, training, api = found["foundation"], found["training"], found["serving-api"]
    assert first.tags["mlaudit:workload"] == "old fraud"
    assert {each.file.split("/")[0] for each in first.uploads} == {"code", "documents"}
    assert (first.from_export, first.capabilities) == (None, ())
    assert training.from_export == f"{first.name.removesuffix('-foundation')}-ArtifactBucketName"
    assert training.capabilities == ("CAPABILITY_IAM",)
    assert training.parameters["JobLogs"]["Default"] == "shared"
    assert "Default" not in training.parameters["CommitId"]
    assert api.needs[-1].endswith("-serving-realtime")
    assert {"guard", "expiry"} <= found.keys()


def test_its_files_are_there_and_its_template_is_one() -> None:
    draft = derived("fraud", PERSON, production=False)
    system = choose(draft, Aim(frozenset({"1.3"})))
    assert system is not None
    files = files_of(system.manifest)
    for part in parts_of(system, files):
        assert "Resources" in yaml.safe_load(files[part.file])
        assert all(each.file in files for each in part.uploads)


@pytest.mark.parametrize(
    ("stack", "items"),
    [
        ("foundation", set()),
        ("training", {"1.1", "1.3", "3.1", "5.9", "9.4"}),
        ("serving-realtime", {"4.5", "7.3", "7.7"}),
        ("monitoring", {"3.9", "6.1", "6.anomalies"}),
        ("promotion", {"7.2"}),
        ("guard", set()),
    ],
)
def test_a_stack_tells_the_items_that_pass_once_it_was_used(stack: str, items: set[str]) -> None:
    assert items <= parts()[stack].items
    assert bool(items) == bool(parts()[stack].items)


def test_what_has_to_happen_is_told_for_the_items_that_are_wanted_alone() -> None:
    monitoring = parts()["monitoring"]
    assert "detectors have learned" in monitoring.exercise
    assert "detectors have learned" not in exercise(monitoring.on, {"6.6"})
    assert exercise(monitoring.on, ()) == ""


def test_no_other_workload_s_files_have_the_name_of_its_stacks() -> None:
    assert {each.name.partition("-ref-")[0] for each in parts().values()} != {"old-fraud"}
    assert len({each.name.rpartition(each.stack)[0] for each in parts().values()}) == 1


def test_effort_is_that_of_all_that_comes_with_a_stack() -> None:
    assert parts()["training"].effort > parts()["guard"].effort > 0
