"""What a local run reached, as values and as ``summary.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mlaudit_reference.container.files import write_json
from mlaudit_reference.local.resumption import Resumed
from mlaudit_reference.local.service import Latency
from mlaudit_reference.local.stream.proof import Proof


@dataclass(frozen=True)
class Trained:
    """A model that was trained and evaluated.

    Attributes:
        name: The job that trained it.
        framework: What with.
        validation_auc: Area under the ROC curve on the validation data; the best is picked by it.
        test_auc: The same on the test data, which nothing was chosen by.
        bias: The greatest difference in positive predictions between groups.
        accepted: Whether it reaches the thresholds.
    """

    name: str
    framework: str
    validation_auc: float
    test_auc: float
    bias: float
    accepted: bool


@dataclass(frozen=True)
class Tuned:
    """What the search for hyperparameters came to.

    Attributes:
        framework: What was searched.
        before: ``validation:auc`` with the defaults.
        after: The best one found.
        trials: Trainings that were started.
        stopped: Those of them that were stopped early.
    """

    framework: str
    before: float
    after: float
    trials: int
    stopped: int


@dataclass(frozen=True)
class Window:
    """What the drift job says of some data; ``None`` is "not measured".

    Attributes:
        psi: The population stability index of the feature that moved most.
        ndcg: How far attributions agree with those of training; 1 is fully.
        quality: Area under the ROC curve against the labels.
        violations: Features that break a constraint.
        retrain: Whether training would start anew.
        reasons: Why, or why not.
    """

    psi: float | None
    ndcg: float | None
    quality: float | None
    violations: int | None
    retrain: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Drifted:
    """What the drift job says of data like the training data, and of data that has shifted."""

    same: Window
    shifted: Window


@dataclass(frozen=True)
class Summary:
    """What a run reached.

    Attributes:
        rows: Records of the data.
        left_out: Frameworks that are not installed.
        trained: The models, the best first.
        tuned: The search; ``None`` where the manifest wants none.
        picked: The name of the registered model.
        version: The folder of the registered version.
        scored: Records scored in a batch.
        latency: Real-time answers.
        stream: The proof of streaming.
        drift: The drift job.
        resumed: The proof of resuming; ``None`` where no framework that keeps checkpoints was used.
        seconds: How long the whole run took.
    """

    rows: int
    left_out: tuple[str, ...]
    trained: tuple[Trained, ...]
    tuned: Tuned | None
    picked: str
    version: Path
    scored: int
    latency: Latency
    stream: Proof
    drift: Drifted
    resumed: Resumed | None
    seconds: float

    def document(self) -> Mapping[str, Any]:
        """The summary as JSON."""
        return {**asdict(self), "version": str(self.version)}

    def write(self, path: Path) -> None:
        """Write it to a file."""
        write_json(path, self.document())
