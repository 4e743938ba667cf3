"""The programs at the root of the code bundle lead to code that is there."""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest

from mlaudit_reference.container import entry

PROGRAMS = sorted(Path(entry.__path__[0]).glob("[!_]*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_it_leads_to_one_module_that_is_there(path: Path) -> None:
    tree = ast.walk(ast.parse(path.read_text()))
    (module,) = (str(node.module) for node in tree if isinstance(node, ast.ImportFrom))
    assert module.startswith("mlaudit_reference.container.")
    assert find_spec(module) is not None


def test_every_step_has_one() -> None:
    assert {
        "validate",
        "preprocess",
        "train_sklearn",
        "train_xgboost",
        "train_pytorch",
        "train_jax",
        "evaluate",
        "inference",
        "preprocess_model",
        "postprocess_model",
        "serve",
        "batch",
        "drift",
    } <= {path.stem for path in PROGRAMS}
