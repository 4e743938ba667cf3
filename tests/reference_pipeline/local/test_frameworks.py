"""Which frameworks take part, and what is said when they are missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlaudit_reference.local import frameworks
from mlaudit_reference.local.failures import LocalRunError

ALL = {"numpy", "optuna", "sklearn", "xgboost", "torch", "jax", "flax", "optax"}
Installed = Callable[[set[str]], None]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Let only these modules be there."""

    def only(names: set[str]) -> None:
        monkeypatch.setattr(frameworks, "find_spec", lambda name: name if name in names else None)

    return only


@pytest.mark.parametrize(
    ("there", "asked", "chosen"),
    [
        (ALL, (), ("sklearn", "xgboost", "pytorch", "jax")),
        (ALL - {"flax"}, (), ("sklearn", "xgboost", "pytorch")),
        (ALL, ("jax", "sklearn", "jax"), ("jax", "sklearn")),
        ({"numpy", "optuna", "sklearn"}, ("sklearn",), ("sklearn",)),
    ],
)
def test_who_takes_part(
    installed: Installed, there: set[str], asked: tuple[str, ...], chosen: tuple[str, ...]
) -> None:
    installed(there)
    assert frameworks.chosen(asked) == chosen
    expected = set() if asked else set(frameworks.MODULES) - set(chosen)
    assert set(frameworks.left_out(asked)) == expected


@pytest.mark.parametrize(
    ("there", "asked", "says"),
    [
        (set(), (), "numpy, optuna, sklearn, xgboost, torch, jax, flax, optax, which are not"),
        (ALL - {"torch", "jax"}, (), "The local run needs torch, jax, which are not installed"),
        (ALL - {"torch"}, ("sklearn", "pytorch"), "needs torch, which is not installed"),
        (ALL - {"optuna"}, (), "needs optuna, which is not installed"),
        (ALL, ("lisp",), "There is no framework 'lisp': choose from sklearn, xgboost"),
    ],
)
def test_what_is_missing_is_named_and_never_skipped(
    installed: Installed, there: set[str], asked: tuple[str, ...], says: str
) -> None:
    installed(there)
    with pytest.raises(LocalRunError, match=says) as refused:
        frameworks.chosen(asked)
    assert asked == ("lisp",) or "pip install 'mlaudit[reference]'" in str(refused.value)
