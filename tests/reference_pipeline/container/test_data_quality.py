"""What is wrong with data, feature by feature."""

from __future__ import annotations

from mlaudit_reference.container.data import SETTINGS, Recipe, generate
from mlaudit_reference.container.data_quality import quality_of
from mlaudit_reference.container.records import from_table
from mlaudit_reference.container.statistics import constraints_of, statistics_of
from mlaudit_reference.container.tables import Table

STATISTICS = statistics_of(from_table(generate(Recipe(2000, seed=1)), SETTINGS))
CONSTRAINTS = constraints_of(STATISTICS)
NOW = generate(Recipe(500, seed=2))


def _with(**columns: list[str]) -> Table:
    return Table({**NOW.columns, **columns})


def _kinds(table: Table) -> set[tuple[str, str]]:
    found = quality_of(table, SETTINGS, STATISTICS, CONSTRAINTS)
    return {(each["feature_name"], each["constraint_check_type"]) for each in found.violations}


def test_more_of_the_same_is_all_right() -> None:
    found = quality_of(NOW, SETTINGS, STATISTICS, CONSTRAINTS)
    assert found.violations == []
    assert found.broken == 0
    assert found.features["income"]["mistyped"] == 0
    assert found.features["purpose"] == {"missing": 0, "new": 0, "new_categories": []}


def test_each_thing_that_goes_wrong_is_found_and_counted() -> None:
    half = ["1e9"] * 250 + ["9000"] * 250
    assert _kinds(_with(loan_amount=half)) == {("loan_amount", "range_check")}
    words = ["x"] * 250 + ["9000"] * 250
    assert ("loan_amount", "data_type_check") in _kinds(_with(loan_amount=words))
    assert _kinds(_with(housing=["boat"] * 500)) == {("housing", "categorical_values_check")}
    assert _kinds(_with(open_accounts=[""] * 500)) == {("open_accounts", "completeness_check")}
    table = Table({name: each for name, each in NOW.columns.items() if name != "income"})
    assert _kinds(table) == {("income", "missing_column_check")}


def test_a_feature_with_two_faults_is_one_broken_feature() -> None:
    table = _with(loan_amount=["x"] * 250 + ["-1e9"] * 250)
    found = quality_of(table, SETTINGS, STATISTICS, CONSTRAINTS)
    assert len(found.violations) > 1
    assert found.broken == 1
    assert found.features["loan_amount"] == {"missing": 0, "mistyped": 250, "out_of_range": 250}


def test_new_categories_are_counted_and_a_few_are_shown() -> None:
    boats = [f"boat-{number % 7}" for number in range(500)]
    found = quality_of(_with(housing=boats), SETTINGS, STATISTICS, CONSTRAINTS)
    assert found.features["housing"]["new"] == 500
    assert len(found.features["housing"]["new_categories"]) == 5
