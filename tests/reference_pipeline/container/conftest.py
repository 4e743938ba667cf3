"""A small data set, a model of it that needs numpy alone, and the folders of a job."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).parent

if find_spec("numpy"):
    from mlaudit_reference.container.data import SETTINGS, Recipe, generate
    from mlaudit_reference.container.features import Preprocessor, fit
    from mlaudit_reference.container.files import write_json
    from mlaudit_reference.container.predictors import linear
    from mlaudit_reference.container.preprocess import labels_of
    from mlaudit_reference.container.records import from_table
    from mlaudit_reference.container.settings import Settings
    from mlaudit_reference.container.tables import Table
    import numpy as np  # isort: skip


class _WithoutNumpy(pytest.Module):
    """A module whose tests cannot run."""

    def collect(self) -> NoReturn:
        pytest.skip("numpy is missing: pip install 'mlaudit[reference]'", allow_module_level=True)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Skip what needs numpy where it is missing; streams and staging do not need it."""
    if find_spec("numpy") or {"streaming", "test_staging.py"} & {
        *module_path.relative_to(HERE).parts
    }:
        return None
    module: pytest.Module = _WithoutNumpy.from_parent(parent, path=module_path)
    return module


@pytest.fixture
def ml_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that stands for ``/opt/ml``."""
    root = tmp_path / "ml"
    monkeypatch.setenv("ML_ROOT", str(root))
    return root


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings of the generated data."""
    return SETTINGS


@pytest.fixture(scope="session")
def table() -> Table:
    """Applications, enough to learn a little from."""
    return generate(Recipe(rows=3000, seed=7))


@pytest.fixture(scope="session")
def state(table: Table) -> Preprocessor:
    """The state of preprocessing."""
    return fit(from_table(table, SETTINGS))


@pytest.fixture(scope="session")
def model_folder(
    table: Table, state: Preprocessor, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A model as training leaves it: log-odds by least squares, which takes numpy alone."""
    folder = tmp_path_factory.mktemp("model")
    vectors = state.transform(from_table(table, SETTINGS)).astype(np.float64)
    aimed_at = 4 * labels_of(table, SETTINGS) - 2.6
    weights, *_ = np.linalg.lstsq(vectors, aimed_at, rcond=None)
    linear.write(folder / linear.FILE, weights.astype(np.float64), 0.0)
    write_json(folder / "settings.json", SETTINGS.document())
    write_json(folder / "preprocessor.json", state.document())
    card = {"framework": "sklearn", "artifact": linear.FILE, "width": state.width}
    write_json(folder / "framework.json", card)
    return folder
