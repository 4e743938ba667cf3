"""No check sends anybody to a service that AWS closes, ends or no longer develops."""

import re
from datetime import date

import pytest

from mlaudit.catalog import catalogue
from mlaudit.lifecycle import notices, runtimes

TODAY = date(2026, 11, 21)
"""The day the table was last compared with its sources."""
MAKER = re.compile(r"^(Amazon|AWS|SageMaker) ")
CATALOGUE = catalogue()
STEPS = {item.id: item.next_step for item in (*CATALOGUE.items, *CATALOGUE.extended)}
RETIRED = {
    *(MAKER.sub("", each.name) for each in notices().values() if each.warning(TODAY)),
    *(each.name for each in runtimes().values() if each.warning(TODAY)),
}


def named_in(step: str) -> list[str]:
    return [name for name in sorted(RETIRED) if re.search(rf"\b{re.escape(name)}\b", step)]


@pytest.mark.parametrize("id_", STEPS)
def test_no_next_step_sends_to_what_is_retired(id_: str) -> None:
    assert named_in(STEPS[id_]) == []


def test_the_names_are_those_of_people() -> None:
    assert {"Model Monitor", "Debugger", "Profiler", "Clarify", "Ground Truth"} <= RETIRED
    assert {"Augmented AI", "Edge Manager", "CodeGuru Reviewer", "Audit Manager"} <= RETIRED
    assert "python3.9" in RETIRED
    assert "python3.14" not in RETIRED


def test_a_step_that_does_so_would_be_found() -> None:
    assert named_in("Schedule SageMaker Model Monitor, with python3.9.") == [
        "Model Monitor",
        "python3.9",
    ]
    assert named_in("Give the job a profiler, and debuggers of your own.") == []
