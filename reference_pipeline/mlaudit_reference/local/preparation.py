"""From raw data to what models learn from: validation, then preprocessing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mlaudit_reference.local.dataset import Dataset
from mlaudit_reference.local.jobs import Processing, run
from mlaudit_reference.local.workplace import Workplace


@dataclass(frozen=True)
class Prepared:
    """Data that models learn from.

    Attributes:
        dataset: Where it comes from.
        output: What preprocessing wrote.
    """

    dataset: Dataset
    output: Path

    @property
    def channels(self) -> dict[str, Path]:
        """The channels of a training job."""
        return {each: self.output / each for each in ("train", "validation", "preprocessor")}

    @property
    def test(self) -> Path:
        """Raw records that no model has seen."""
        return self.output / "test"

    @property
    def baseline(self) -> Path:
        """Statistics of the training data."""
        return self.output / "baseline"


def prepare(place: Workplace, dataset: Dataset) -> Prepared:
    """Validate the data and split it.

    Raises:
        StepFailedError: The data breaks its constraints, or cannot be read.
    """
    inputs = {"settings": dataset.settings, "raw": dataset.raw}
    place.tell("Validating the data")
    run(place, Processing("validate", "validate.py", inputs))
    place.tell("Preprocessing")
    root = run(place, Processing("preprocess", "preprocess.py", inputs))
    return Prepared(dataset, root / "processing" / "output")
