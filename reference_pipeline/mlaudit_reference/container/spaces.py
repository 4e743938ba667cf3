"""The hyperparameters of each framework: defaults, and the ranges that tuning searches.

Names, types and scales are those of ``ParameterRanges`` in CreateHyperParameterTuningJob.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

OBJECTIVE = "validation:auc"
"""What tuning maximises."""

METRICS = {
    name: f"{name}=([0-9.]+);"
    for name in ("train:auc", "validation:auc", "train:logloss", "validation:logloss")
}
"""The expressions that find metrics in the logs of training (``MetricDefinitions``)."""


@dataclass(frozen=True)
class Parameter:
    """A hyperparameter.

    Attributes:
        name: As it stands on the command line, without the two hyphens.
        type: ``Continuous`` or ``Integer``; ``Flag`` for true or false.
        default: Its value where nothing is said.
        minimum: Where its range starts; ``None`` if it is not tuned.
        maximum: Where its range ends.
        scale: How the range is walked.
    """

    name: str
    type: Literal["Continuous", "Integer", "Flag"]
    default: float
    minimum: float | None = None
    maximum: float | None = None
    scale: Literal["Linear", "Logarithmic"] = "Linear"

    @property
    def is_tuned(self) -> bool:
        """Whether tuning searches it."""
        return self.minimum is not None


_COMMON = (Parameter("seed", "Integer", 0), Parameter("warm-start", "Flag", 0))

_NETWORK = (
    Parameter("learning-rate", "Continuous", 0.003, 0.0003, 0.03, "Logarithmic"),
    Parameter("hidden", "Integer", 64, 16, 256, "Logarithmic"),
    Parameter("depth", "Integer", 2, 1, 3),
    Parameter("weight-decay", "Continuous", 1e-4, 1e-6, 1e-2, "Logarithmic"),
    Parameter("batch-size", "Integer", 512, 128, 4096, "Logarithmic"),
    Parameter("epochs", "Integer", 8),
    *_COMMON,
)

PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "sklearn": (
        Parameter("c", "Continuous", 1.0, 0.001, 100.0, "Logarithmic"),
        Parameter("positive-weight", "Continuous", 1.0, 0.5, 4.0, "Logarithmic"),
        Parameter("max-iterations", "Integer", 500),
        *_COMMON,
    ),
    "xgboost": (
        Parameter("learning-rate", "Continuous", 0.1, 0.02, 0.3, "Logarithmic"),
        Parameter("max-depth", "Integer", 5, 2, 9),
        Parameter("min-child-weight", "Continuous", 5.0, 1.0, 50.0, "Logarithmic"),
        Parameter("subsample", "Continuous", 0.8, 0.5, 1.0),
        Parameter("colsample-bytree", "Continuous", 0.8, 0.5, 1.0),
        Parameter("reg-lambda", "Continuous", 1.0, 0.1, 10.0, "Logarithmic"),
        Parameter("rounds", "Integer", 300),
        Parameter("early-stopping-rounds", "Integer", 20),
        *_COMMON,
    ),
    "pytorch": _NETWORK,
    "jax": _NETWORK,
}


def space(framework: str) -> tuple[Parameter, ...]:
    """What tuning searches for a framework."""
    return tuple(each for each in PARAMETERS[framework] if each.is_tuned)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the space of a framework as JSON."""
    parser = argparse.ArgumentParser(description="Print what tuning searches.")
    parser.add_argument("--framework", choices=PARAMETERS, required=True)
    framework: str = parser.parse_args(argv).framework
    sys.stdout.write(json.dumps([asdict(each) for each in space(framework)], indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
