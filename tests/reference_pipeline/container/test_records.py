"""Records of requests: what is refused, and with which words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.records import RecordError, from_objects, from_table
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.tables import Table

GOOD: dict[str, Any] = {
    "application_id": "a-7",
    "income": 30000,
    "debt_ratio": 0.3,
    "loan_amount": 9000.5,
    "months_employed": None,
    "open_accounts": 2,
    "purpose": "car",
    "housing": None,
    "region": "north",
}


def test_missing_values_are_nan_and_empty(settings: Settings) -> None:
    found = from_objects([GOOD], settings)
    assert found.ids == ["a-7"]
    assert math.isnan(found.numeric["months_employed"][0])
    assert found.numeric["income"].tolist() == [30000.0]
    assert found.categorical["housing"] == [""]


def test_a_number_may_be_the_id_and_the_id_may_be_missing(settings: Settings) -> None:
    nameless = {name: value for name, value in GOOD.items() if name != "application_id"}
    objects = [{**GOOD, "application_id": 12}, nameless, {**GOOD, "application_id": [1]}]
    assert from_objects(objects, settings).ids == ["12", "", ""]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"income": "30000"}, "field 'income' is not a number"),
        ({"income": True}, "field 'income' is not a number"),
        ({"income": 10**400}, "field 'income' is not a finite number"),
        ({"purpose": 3}, "field 'purpose' is no text up to 1000 characters"),
        ({"purpose": "x" * 1001}, "field 'purpose' is no text up to 1000 characters"),
        ({"shoe_size": 42}, "field 'shoe_size' is not known"),
    ],
)
def test_the_record_and_the_field_are_named(
    settings: Settings, change: dict[str, Any], problem: str
) -> None:
    with pytest.raises(RecordError) as refused:
        from_objects([GOOD, {**GOOD, **change}], settings)
    assert str(refused.value) == f"record 2 (a-7): {problem}"
    assert refused.value.log_as == f"record 2: {problem}"


def test_a_missing_field_is_named(settings: Settings) -> None:
    objects = [{name: value for name, value in GOOD.items() if name != "region"}]
    with pytest.raises(RecordError, match="field 'region' is missing"):
        from_objects(objects, settings)


def test_what_is_no_object_is_refused(settings: Settings) -> None:
    with pytest.raises(RecordError, match="record 1: not an object"):
        from_objects([3], settings)


def test_raw_data_and_a_request_give_the_same_records(settings: Settings) -> None:
    cells = {name: ["" if value is None else str(value)] for name, value in GOOD.items()}
    of_table, of_objects = from_table(Table(cells), settings), from_objects([GOOD], settings)
    assert of_table.ids == of_objects.ids
    for name in settings.numeric:
        same = np.array_equal(of_table.numeric[name], of_objects.numeric[name], equal_nan=True)
        assert same, name
    assert of_table.categorical == of_objects.categorical


def test_raw_data_with_a_word_for_a_number_is_refused(settings: Settings) -> None:
    cells = {name: ["1", "x"] for name in settings.features}
    with pytest.raises(InputError, match="column income, record 2: not a number"):
        from_table(Table(cells), settings)
