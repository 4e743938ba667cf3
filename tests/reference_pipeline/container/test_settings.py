"""Settings are read, completed, and refused with one clear sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.settings import Settings, Thresholds, first, parse, read


def _file(folder: Path, document: Any) -> Path:
    path = folder / "settings.json"
    path.write_text(json.dumps(document))
    return path


def test_what_is_written_is_read_again(settings: Settings, tmp_path: Path) -> None:
    assert read(_file(tmp_path, settings.document())) == settings


def test_thresholds_have_defaults_and_unknown_ones_are_left_alone(settings: Settings) -> None:
    document = {**settings.document(), "thresholds": {"auc_min": 0.8, "latency_max": 3}}
    assert parse(document).thresholds == Thresholds(auc_min=0.8, bias_max=0.2, decision=0.5)


def test_numeric_features_come_first(settings: Settings) -> None:
    assert settings.features == settings.numeric + settings.categorical


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"problem": "regression"}, "problem is 'regression'"),
        ({"features": {"numeric": [], "categorical": []}}, "no feature"),
        ({"features": {"numeric": ["income", "income"], "categorical": []}}, "income"),
        ({"label": "income"}, "named more than once: income"),
        ({"protected": {"attribute": "sex"}}, "lacks 'privileged'"),
        ({"features": 3}, "settings.json"),
        ({"seed": "first"}, "settings.json"),
    ],
)
def test_what_cannot_be_used_is_refused(
    settings: Settings, tmp_path: Path, change: dict[str, Any], complaint: str
) -> None:
    path = _file(tmp_path, {**settings.document(), **change})
    with pytest.raises(InputError, match=complaint):
        read(path)


def test_the_first_file_that_is_there_counts(settings: Settings, tmp_path: Path) -> None:
    path = _file(tmp_path, settings.document())
    assert first([tmp_path / "none.json", path]) == settings
    with pytest.raises(InputError, match="no settings at"):
        first([tmp_path / "none.json"])


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{")
    with pytest.raises(InputError, match=r"settings\.json is no JSON"):
        read(path)
