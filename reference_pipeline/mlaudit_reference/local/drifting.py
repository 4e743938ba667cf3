"""Run the drift job on data like the training data, and on data that has shifted.

What it measures decides whether training would start anew, as in the account.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from mlaudit_reference.container.retraining import Policy, State, decide
from mlaudit_reference.local.dataset import Dataset, Row, generated, rows_of
from mlaudit_reference.local.jobs import Processing, run
from mlaudit_reference.local.registration import Live
from mlaudit_reference.local.scoring import score
from mlaudit_reference.local.summary import Drifted, Window
from mlaudit_reference.local.workplace import Workplace

_GENERATED = 20_000
_FIRST = 90_000_000
"""The number of the first shifted record: no id of the training data comes again."""
_FACTOR = 1.5
_DAYS_SINCE = 7.0


def drift(place: Workplace, live: Live) -> Drifted:
    """Look for drift in the test data, which has none, and in data that has shifted.

    Raises:
        StepFailedError: A step failed.
    """
    place.tell("Looking for drift in data like the training data")
    same = _measured(place, live, "same", live.prepared.test)
    place.tell("Looking for drift in data that has shifted")
    shifted = _measured(place, live, "shifted", _shifted(place, live))
    return Drifted(same, shifted)


def _measured(place: Workplace, live: Live, name: str, current: Path) -> Window:
    """Score a window of data, hold it against the baseline and the labels, and decide."""
    prepared = live.prepared
    inputs = {
        "settings": prepared.dataset.settings,
        "baseline": prepared.baseline,
        "current": current,
        "model": live.model,
        "explainability": live.explainability,
        "predictions": score(place, f"drift/{name}-predictions", live.model, current),
        "labels": current,
    }
    root = run(place, Processing(f"drift/{name}", "drift.py", inputs))
    report = root / "processing" / "output" / "report" / "drift.json"
    return window_of(json.loads(report.read_text("utf-8"))["metrics"])


def window_of(metrics: Mapping[str, float]) -> Window:
    """What metrics say of a window; what was not measured is ``None`` and no reason."""
    psi, ndcg = metrics.get("DriftPsiMax"), metrics.get("AttributionNdcg")
    quality, violations = metrics.get("QualityAuc"), metrics.get("DataQualityViolations")
    state = State(days_since=_DAYS_SINCE, psi=psi, ndcg=ndcg, quality=quality)
    decision = decide(state, Policy())
    return Window(
        psi=psi,
        ndcg=ndcg,
        quality=quality,
        violations=None if violations is None else int(violations),
        retrain=decision.start,
        reasons=decision.reasons,
    )


def _shifted(place: Workplace, live: Live) -> Path:
    """Generated applications whose world has changed; or, of data of one's own, larger numbers."""
    folder = place.work / "shifted"
    dataset = live.prepared.dataset
    if dataset.generated:
        seed = str(live.seed + 1)
        said = ["--rows", str(_GENERATED), "--seed", seed, "--drift", "1", "--concept", "1"]
        generated(folder, [*said, "--first", str(_FIRST)])
        return folder / "raw"
    folder.mkdir(parents=True)
    write_enlarged(rows_of(live.prepared.test), dataset, folder / "records.csv")
    return folder


def write_enlarged(rows: Iterable[Row], dataset: Dataset, path: Path) -> None:
    """Write records with every number half as large again, as after a change of unit."""
    writer = None
    with path.open("w", newline="", encoding="utf-8") as file:
        for row in rows:
            if writer is None:
                writer = csv.DictWriter(file, list(row))
                writer.writeheader()
            numbers = {
                name: repr(float(row[name]) * _FACTOR) for name in dataset.numeric if row[name]
            }
            writer.writerow({**row, **numbers})
