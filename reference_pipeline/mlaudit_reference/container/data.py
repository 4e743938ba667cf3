"""A generated data set: applications for consumer credit, and whether they were paid back.

Not real people, but the shape of the real thing: skewed incomes, missing values, categories, an
attribute that must not decide, a label with noise. The best possible model reaches an area under
the ROC curve of about 0.83. ``schema.md`` beside this file describes the columns.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from mlaudit_reference.container.arrays import Floats
from mlaudit_reference.container.files import write_json
from mlaudit_reference.container.settings import Settings
from mlaudit_reference.container.tables import Table, write_file

Texts = npt.NDArray[np.str_]
Random = np.random.Generator
Number = TypeVar("Number", int, float)

SETTINGS = Settings(
    name="consumer-credit",
    label="defaulted",
    record_id="application_id",
    event_time="applied_at",
    protected="age_group",
    privileged="over-40",
    numeric=("income", "debt_ratio", "loan_amount", "months_employed", "open_accounts"),
    categorical=("purpose", "housing", "region"),
)
"""The settings that fit the generated data."""

_PURPOSES = {
    "car": 0.30,
    "furniture": 0.22,
    "education": 0.12,
    "renovation": 0.20,
    "business": 0.16,
}
_NEW_PURPOSE = "crypto"
_HOUSING = {"rent": 0.48, "own": 0.37, "family": 0.15}
_REGIONS = {"north": 0.24, "south": 0.31, "east": 0.19, "west": 0.26}
_MISSING = {"income": 0.03, "debt_ratio": 0.06, "months_employed": 0.08}
_FLIPPED = 0.01
_DEEP = 0.2
_FIRST_DAY = np.datetime64("2025-01-01T00:00:00", "s")
_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Recipe:
    """What to generate.

    Attributes:
        rows: How many applications.
        seed: The same seed gives the same applications.
        drift: 0 to 1: how far the applications have shifted (incomes fall, debts rise, a purpose
            comes up that was not there).
        concept: 0 to 1: how far what leads to default has changed, the applications being the same.
        first: The number of the first application, so that two sets do not share ids.
    """

    rows: int
    seed: int = 0
    drift: float = 0.0
    concept: float = 0.0
    first: int = 0


def generate(recipe: Recipe) -> Table:
    """Make the applications, in the order of their time."""
    random = np.random.default_rng(recipe.seed)
    people = _people(random, recipe)
    risk = _risk(people, recipe.concept)
    label = random.random(recipe.rows) < 1 / (1 + np.exp(-risk))
    label ^= random.random(recipe.rows) < _FLIPPED
    ids = recipe.first + np.arange(recipe.rows)
    seconds = np.sort(random.integers(0, _SECONDS, recipe.rows))
    columns: dict[str, Sequence[str]] = {
        SETTINGS.record_id: [f"a{number:08d}" for number in ids],
        SETTINGS.event_time: [f"{time}Z" for time in _FIRST_DAY + seconds],
        SETTINGS.protected: people[SETTINGS.protected].tolist(),
    }
    for name in SETTINGS.numeric:
        lost = random.random(recipe.rows) < _MISSING.get(name, 0.0)
        columns[name] = _written(people[name], lost)
    columns |= {name: people[name].tolist() for name in SETTINGS.categorical}
    columns[SETTINGS.label] = [str(int(each)) for each in label]
    return Table(columns)


def _people(random: Random, recipe: Recipe) -> dict[str, Any]:
    rows, drift = recipe.rows, recipe.drift
    young = random.random(rows) < 0.45 + 0.15 * drift
    income = random.lognormal(10.45 - 0.06 * young - 0.35 * drift, 0.5, rows)
    housing = _chosen(random, _HOUSING, rows)
    purpose = _chosen(random, _PURPOSES, rows)
    purpose[random.random(rows) < 0.15 * drift] = _NEW_PURPOSE
    return {
        "age_group": np.where(young, "up-to-40", "over-40"),
        "income": np.round(income, 2),
        "debt_ratio": np.round(np.clip(random.beta(2 + 2.5 * drift, 5, rows) * 1.2, 0, 1.2), 4),
        "loan_amount": np.round(random.lognormal(8.9 + 0.2 * drift, 0.6, rows), 2),
        "months_employed": np.round(random.gamma(1.6, np.where(young, 30, 48), rows)),
        "open_accounts": random.poisson(3.0 + 2.0 * drift, rows).astype(np.float64),
        "purpose": purpose,
        "housing": housing,
        "region": _chosen(random, _REGIONS, rows),
    }


def _risk(people: Mapping[str, Any], concept: float) -> Floats:
    """The log-odds of default: not linear in what a model sees, and changed by ``concept``."""
    burden = np.log(people["loan_amount"] / people["income"]) + 1.55
    debt = people["debt_ratio"] - 0.34
    steady = np.sqrt(people["months_employed"]) - 7.0
    rented = people["housing"] == "rent"
    risky = people["purpose"] == "business"
    risk = -2.05 + (1.15 - 1.6 * concept) * burden + (4.6 - 4.0 * concept) * debt
    risk += (-0.17 + 0.3 * concept) * steady + 0.4 * rented + 1.0 * risky * (burden > 0)
    risk += 0.16 * np.abs(people["open_accounts"] - 3) + 1.4 * (debt > _DEEP) * rented
    result: Floats = risk - 0.35 * (people["region"] == "south")
    return result


def _chosen(random: Random, shares: Mapping[str, float], rows: int) -> Texts:
    # Objects first, so that a longer word can be put in later.
    words = random.choice(list(shares), size=rows, p=list(shares.values()))
    return words.astype("<U16")


def _written(values: Floats, lost: npt.NDArray[np.bool_]) -> list[str]:
    pairs = zip(values.tolist(), lost.tolist(), strict=True)
    return ["" if gone else repr(value).removesuffix(".0") for value, gone in pairs]


def write(recipe: Recipe, folder: Path, files: int = 1) -> None:
    """Write ``raw/*.csv`` and ``settings/settings.json`` below a folder.

    Args:
        recipe: What to generate.
        folder: Where to.
        files: Over how many files the applications are spread.
    """
    table = generate(recipe)
    bounds = np.linspace(0, recipe.rows, files + 1).astype(int)
    for number, (start, end) in enumerate(zip(bounds, bounds[1:])):  # noqa: B905, RUF007 - 3.10
        part = Table({name: values[start:end] for name, values in table.columns.items()})
        write_file(folder / "raw" / f"applications-{number:03d}.csv", part)
    write_json(folder / "settings" / "settings.json", SETTINGS.document())


def main(argv: Sequence[str] | None = None) -> int:
    """Generate data as the arguments say."""
    parser = argparse.ArgumentParser(description="Generate applications for consumer credit.")
    parser.add_argument("--output", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--rows", type=_count, default=120_000, help="how many applications")
    parser.add_argument("--seed", type=_whole, default=0, help="where chance starts from")
    parser.add_argument("--drift", type=_share, default=0.0, help="0 to 1: shifted applications")
    parser.add_argument("--concept", type=_share, default=0.0, help="0 to 1: changed reasons")
    parser.add_argument("--first", type=_whole, default=0, help="the number of the first one")
    parser.add_argument("--files", type=_count, default=1, help="over how many files to spread it")
    said = parser.parse_args(argv)
    recipe = Recipe(said.rows, said.seed, said.drift, said.concept, said.first)
    write(recipe, said.output, said.files)
    return 0


def _whole(text: str) -> int:
    return _within(int(text), 0, sys.maxsize)


def _count(text: str) -> int:
    return _within(int(text), 1, sys.maxsize)


def _share(text: str) -> float:
    return _within(float(text), 0.0, 1.0)


def _within(value: Number, least: Number, most: Number) -> Number:
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"{value} is not from {least} to {most}")
    return value


if __name__ == "__main__":
    sys.exit(main())
