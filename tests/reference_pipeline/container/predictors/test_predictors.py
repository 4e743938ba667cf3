"""Which model lies in a folder."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.features import Preprocessor
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.predictors import load


def test_a_folder_says_which_framework_made_it(model_folder: Path, state: Preprocessor) -> None:
    framework, predict = load(model_folder)
    assert framework == "sklearn"
    assert predict(np.zeros((2, state.width), dtype=np.float32)) == pytest.approx([0.5, 0.5])


def test_a_framework_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_json(tmp_path / "framework.json", {"framework": "xgboost"})
    monkeypatch.setitem(sys.modules, "xgboost", None)
    monkeypatch.delitem(sys.modules, "mlaudit_reference.container.predictors.trees", raising=False)
    with pytest.raises(InputError, match="a model of xgboost needs xgboost"):
        load(tmp_path)


def test_no_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"framework\.json"):
        load(tmp_path)
