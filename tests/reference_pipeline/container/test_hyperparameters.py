"""Hyperparameters: defaults, what the service writes, and what the command line says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.hyperparameters import read
from mlaudit_reference.container.spaces import PARAMETERS, main, space


def _file(folder: Path, document: Any) -> Path:
    path = folder / "hyperparameters.json"
    path.write_text(json.dumps(document))
    return path


def test_nothing_said_means_defaults(tmp_path: Path) -> None:
    found = read("sklearn", tmp_path / "none.json", [])
    assert found == {
        "c": 1.0,
        "positive_weight": 1.0,
        "max_iterations": 500,
        "seed": 0,
        "warm_start": 0,
    }


def test_the_file_of_the_service_is_understood(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        {
            "learning-rate": "0.25",
            "max_depth": '"7"',
            "warm-start": "true",
            "sagemaker_program": '"train_xgboost.py"',
            "_tuning_objective_metric": "validation:auc",
        },
    )
    found = read("xgboost", path, [])
    assert (found["learning_rate"], found["max_depth"], found["warm_start"]) == (0.25, 7, 1)


def test_arguments_win_in_either_spelling(tmp_path: Path) -> None:
    path = _file(tmp_path, {"learning-rate": "0.25", "max-depth": "7"})
    found = read("xgboost", path, ["--learning-rate", "0.01", "--max_depth", "3"])
    assert (found["learning_rate"], found["max_depth"]) == (0.01, 3)


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"learning-speed": "1"}, "unknown hyperparameter learning_speed"),
        ({"max-depth": "deep"}, "hyperparameter max-depth: 'deep' is no integer"),
        ({"learning-rate": None}, "learning-rate: None is no continuous"),
        ({"warm-start": "perhaps"}, "warm-start: 'perhaps' is no flag"),
        ([], "holds no hyperparameters"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, document: Any, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        read("xgboost", _file(tmp_path, document), [])


@pytest.mark.parametrize("framework", PARAMETERS)
def test_the_space_holds_the_defaults_within_its_ranges(framework: str) -> None:
    assert len(space(framework)) >= 2
    for each in space(framework):
        assert each.minimum is not None
        assert each.maximum is not None
        assert each.minimum <= each.default <= each.maximum
        assert each.scale == "Linear" or each.minimum > 0


def test_the_space_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--framework", "xgboost"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed[0] == {
        "name": "learning-rate",
        "type": "Continuous",
        "default": 0.1,
        "minimum": 0.02,
        "maximum": 0.3,
        "scale": "Logarithmic",
    }
