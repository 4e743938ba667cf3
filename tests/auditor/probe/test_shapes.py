"""Whole repositories of several shapes: each fact at its file and line, and what items make of it.

The files of each are in one document in ``repositories/``, with the facts that they show. Beyond
those facts nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlaudit.catalog import Catalogue
from mlaudit.judge import judge
from mlaudit.model import Status
from mlaudit.probe import checkouts, with_checkouts
from mlaudit.resources.repository import FactKind, RepositoryFact
from mlaudit.snapshot import Snapshot
from mlaudit.testing import serving, snapshot

Write = Callable[..., Path]

SHAPES = sorted((Path(__file__).parent / "repositories").glob("*.yaml"))
ROOT = Path(__file__).parents[3]
SEEN = snapshot(*serving("e", endpoint={"tags": {"mlaudit:workload": "fraud"}}))


def facts_of(found: Snapshot) -> Iterable[str]:
    for each in found.resources:
        if isinstance(each, RepositoryFact) and each.kind is not FactKind.REPOSITORY:
            what = " ".join(filter(None, (each.kind, each.tool)))
            where = f"{each.path}:{each.line}" if each.line else each.path
            yield f"{what}: {where}" + ", on commit" * each.on_commit


@pytest.fixture(params=SHAPES, ids=lambda path: path.stem)
def shape(request: pytest.FixtureRequest) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(request.param.read_text("utf-8"))
    return read


def test_every_fact_is_found_at_its_place_and_nothing_else(
    shape: dict[str, Any], write: Write, seen: Callable[..., Snapshot]
) -> None:
    found = seen(write(shape["files"], git=shape.get("git", False)))
    assert sorted(facts_of(found)) == sorted(shape["facts"])
    assert found.gaps == ()


def test_items_are_judged_by_what_a_commit_starts(
    shape: dict[str, Any], write: Write, catalogue: Catalogue
) -> None:
    root = write(shape["files"], git=shape.get("git", False))
    seen = with_checkouts(SEEN, checkouts([str(root)]))
    (workload,) = judge(seen, catalogue).workloads
    found = {each.id: each.status.value for each in workload.items if each.id in shape["items"]}
    assert found == shape["items"]


def test_tools_that_no_commit_starts_never_pass() -> None:
    items = yaml.safe_load((SHAPES[0].parent / "never_called.yaml").read_text("utf-8"))["items"]
    of_the_code = {items[each] for each in ("5.1", "5.2", "5.5", "5.6", "5.7", "5.10")}
    assert of_the_code == {Status.PARTIAL.value}


def test_this_repository_shows_how_it_checks_itself(seen: Callable[..., Snapshot]) -> None:
    """Its CI calls a script, which calls ``make check``; the lines of a file may move."""
    found = {re.sub(r":\d+", "", each) for each in facts_of(seen(ROOT))}
    assert {each for each in found if "on commit" in each} >= {
        "ci GitHub Actions: .github/workflows/ci.yml, on commit",
        "style analysis ruff: Makefile, on commit",
        "style analysis mypy: Makefile, on commit",
        "security analysis ruff: Makefile, on commit",
        "unit tests pytest: Makefile, on commit",
        "integration tests pytest: Makefile, on commit",
    }
    assert found >= {"lock file: constraints.txt", "task runner Makefile: Makefile"}
    assert not {each for each in found if each.startswith(("hook", "notebook"))}
