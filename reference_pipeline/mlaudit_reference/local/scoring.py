"""Score records in a batch."""

from __future__ import annotations

import json
from pathlib import Path

from mlaudit_reference.local.jobs import Processing, run
from mlaudit_reference.local.workplace import Workplace


def score(place: Workplace, name: str, model: Path, data: Path) -> Path:
    """Score the CSV files of a folder. Returns the folder of the predictions.

    Raises:
        StepFailedError: Scoring failed.
    """
    root = run(place, Processing(name, "batch.py", {"model": model, "data": data}))
    return root / "processing" / "output" / "predictions"


def probabilities(predictions: Path) -> dict[str, float]:
    """The probability of each record by its id."""
    found: dict[str, float] = {}
    for path in sorted(predictions.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            lines = [json.loads(each) for each in file]
        found |= {each["record_id"]: each["probability"] for each in lines}
    return found
