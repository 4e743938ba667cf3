"""What new things are called, and how they are marked."""

from __future__ import annotations

import re

import pytest

from mlaudit.remediate.fix import Sight
from mlaudit.remediate.fixes.naming import SHORT, name_for, tag_list_for, tags_for
from mlaudit.sight import View
from mlaudit.testing import ACCOUNT, REGION, view_of


def sight(workload: str | None) -> Sight:
    return Sight(View(view_of().region, frozenset(), workload=workload), {}, ACCOUNT)


def test_a_plain_workload_gives_its_name_as_it_is() -> None:
    assert name_for(sight("fraud-detection")) == "mlaudit-fraud-detection"
    assert name_for(sight(None)) == f"mlaudit-{REGION}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a b", ()), ("a-b", ())),
        (("a", ("b-c",)), ("a-b", ("c",))),
        (("a", ("b", "c")), ("a", ("b-c",))),
        (("x" * 300, ()), ("x" * 301, ())),
        (("a", ()), ("a", ("a",))),
    ],
)
def test_names_of_different_things_differ(
    one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]
) -> None:
    assert name_for(sight(one[0]), *one[1]) != name_for(sight(other[0]), *other[1])


@pytest.mark.parametrize("workload", ["a", "Ein Modell (2)", "ü/ö", "x" * 300, "-"])
@pytest.mark.parametrize("part", ["main", "a/b c", "y" * 300])
def test_names_are_legal_and_the_same_every_time(workload: str, part: str) -> None:
    name = name_for(sight(workload), part, most=SHORT)
    assert re.fullmatch(r"mlaudit-[A-Za-z0-9](-*[A-Za-z0-9]){0,62}", name)
    assert len(name) <= SHORT
    assert name == name_for(sight(workload), part, most=SHORT)


def test_tags_name_the_workload_where_a_tag_can() -> None:
    assert tag_list_for(sight("fraud")) == [
        {"Key": "mlaudit:managed-by", "Value": "remediate"},
        {"Key": "mlaudit:workload", "Value": "fraud"},
    ]
    for workload in ("fraud (2)", None):
        assert tags_for(sight(workload)) == {"mlaudit:managed-by": "remediate"}
