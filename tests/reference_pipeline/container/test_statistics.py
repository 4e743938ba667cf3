"""Statistics and constraints, against examples counted by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.records import Records
from mlaudit_reference.container.statistics import (
    Document,
    constraints_of,
    feature,
    numeric_statistics,
    read,
    sample_of,
    shares_of,
    statistics_of,
    text_statistics,
)


def _of(found: Document) -> Document:
    return {"version": 0.0, "dataset": {"item_count": 0}, "features": [found]}


def test_numbers_are_summed_up_without_the_missing_ones() -> None:
    found = numeric_statistics("x", np.array([1.0, 2.0, np.nan, 6.0]))
    said = found["numerical_statistics"]
    assert found["inferred_type"] == "Integral"
    assert said["common"] == {"num_present": 3, "num_missing": 1}
    assert (said["mean"], said["sum"], said["min"], said["max"]) == (3.0, 9.0, 1.0, 6.0)
    assert said["std_dev"] == pytest.approx(np.sqrt(14 / 3))
    buckets = said["distribution"]["kll"]["buckets"]
    assert [each["count"] for each in buckets] == [1, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert (buckets[0]["lower_bound"], buckets[-1]["upper_bound"]) == (1.0, 6.0)


def test_a_feature_without_values_has_counts_alone() -> None:
    said = numeric_statistics("x", np.array([np.nan]))["numerical_statistics"]
    assert said == {"common": {"num_present": 0, "num_missing": 1}}


def test_words_are_counted_and_empty_ones_are_missing() -> None:
    found = text_statistics("w", ["b", "a", "", "b"])
    said = found["string_statistics"]
    assert said["common"] == {"num_present": 3, "num_missing": 1}
    assert said["distinct_count"] == 2
    buckets = said["distribution"]["categorical"]["buckets"]
    assert buckets == [{"value": "a", "count": 1}, {"value": "b", "count": 2}]
    assert shares_of(_of(found), "w") == {"a": 0.25, "b": 0.5, "": 0.25}


@pytest.mark.parametrize("rows", [1, 2, 100, 2048, 2049, 10_000])
def test_the_sketch_stands_for_all_values(rows: int) -> None:
    values = np.random.default_rng(0).standard_normal(rows)
    sample = sample_of(_of(numeric_statistics("x", values)), "x")
    assert min(rows, 1024) <= len(sample) <= 2048
    for share in (0.1, 0.5, 0.9):
        below = np.mean(values <= np.quantile(sample, share))
        assert below == pytest.approx(share, abs=0.002 + 1 / rows)


def test_each_value_of_a_sketch_is_the_middle_of_those_it_stands_for() -> None:
    found = numeric_statistics("x", np.arange(8192.0))["numerical_statistics"]
    levels = found["distribution"]["kll"]["sketch"]["data"]
    assert levels[:2] == [[], []]
    assert levels[2][:3] == [2, 6, 10]
    assert len(levels[2]) == 2048


def test_a_sketch_with_several_levels_is_read() -> None:
    sketch = {"data": [[], [1.0], [2.0, 3.0]]}
    found = {"name": "x", "numerical_statistics": {"distribution": {"kll": {"sketch": sketch}}}}
    assert sample_of(_of(found), "x").tolist() == [1, 2, 2, 3, 3]


def test_constraints_follow_from_statistics() -> None:
    records = Records(
        ["1", "2", "3", "4"],
        {"x": np.array([1.0, 2.0, 3.0, 4.0]), "y": np.array([-1.0, 2.5, np.nan, np.nan])},
        {"w": ["a", "b", "a", ""]},
    )
    found = {each["name"]: each for each in constraints_of(statistics_of(records))["features"]}
    assert found["x"] == {
        "name": "x",
        "inferred_type": "Integral",
        "completeness": 1.0,
        "num_constraints": {"is_non_negative": True},
    }
    assert found["y"]["completeness"] == 0.45
    assert found["y"]["num_constraints"] == {"is_non_negative": False}
    assert found["w"]["string_constraints"] == {"domains": ["a", "b"]}


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"features": 3}', '{"features": [{"name": "x"}]}']
)
def test_what_holds_no_features_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "statistics.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"statistics\.json"):
        read(path)


def test_a_feature_that_is_not_there_has_no_statistics() -> None:
    nothing: Document = {"features": []}
    assert feature(nothing, "x") is None
    assert sample_of(nothing, "x").tolist() == []
    assert shares_of(nothing, "x") == {}
