"""Where data breaks the constraints of a baseline."""

from __future__ import annotations

import numpy as np
import pytest

from mlaudit_reference.container.arrays import Floats
from mlaudit_reference.container.records import Records
from mlaudit_reference.container.statistics import constraints_of, statistics_of
from mlaudit_reference.container.violations import against


def _records(numbers: Floats, words: list[str]) -> Records:
    return Records([""] * len(numbers), {"x": numbers}, {"w": words})


HALF_KNOWN = np.where(np.arange(1000) % 2, np.arange(1000.0), np.nan)
WORDS = ["a", "b"] * 500
BASELINE = constraints_of(statistics_of(_records(HALF_KNOWN, WORDS)))


@pytest.mark.parametrize(
    ("records", "check"),
    [
        (_records(HALF_KNOWN, WORDS), None),
        (_records(np.where(np.arange(1000) % 2.5 < 1, 1.0, np.nan), WORDS), "completeness_check"),
        (_records(-HALF_KNOWN, WORDS), "non_negative_check"),
        (_records(HALF_KNOWN, ["a", "z"] * 500), "categorical_values_check"),
        (_records(HALF_KNOWN, ["a", ""] * 500), "completeness_check"),
        (Records([""], {}, {"w": ["a"]}), "missing_column_check"),
        (Records([""], {}, {"w": ["a"], "x": ["1"]}), "data_type_check"),
    ],
)
def test_one_thing_wrong_is_one_violation(records: Records, check: str | None) -> None:
    found = against(BASELINE, statistics_of(records))
    assert [each["constraint_check_type"] for each in found] == ([check] if check else [])


def test_what_constraints_do_not_say_is_not_checked() -> None:
    silent = {
        "features": [
            {"name": "x", "inferred_type": "Fractional"},
            {"name": "w", "inferred_type": "String"},
        ]
    }
    found = against(silent, statistics_of(_records(-HALF_KNOWN, ["z", ""] * 500)))
    assert found == []


def test_few_records_may_be_off_by_chance() -> None:
    # One of four is there, half were: of a thousand that is a violation, of four it is none.
    found = against(BASELINE, statistics_of(_records(np.array([1.0] + [np.nan] * 3), ["a"] * 4)))
    assert found == []
