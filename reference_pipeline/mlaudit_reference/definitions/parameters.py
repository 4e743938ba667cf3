"""What a run is told when it starts, and what it takes where nothing is said."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit_reference.definitions import images
from mlaudit_reference.definitions.expressions import Deployed, Value
from mlaudit_reference.manifest import Manifest, Platform, Strategy

AS_IT_IS = "as-it-is"
"""The data as it lies in its bucket when the run starts."""


@dataclass(frozen=True)
class Setting:
    """A parameter of a run.

    Attributes:
        name: Its name.
        about: What it is for.
        default: What it is where nothing is said; ``None`` where something must be.
        choices: What it may be; empty for anything.
    """

    name: str
    about: str
    default: Value | None
    choices: tuple[str, ...] = ()


def settings_of(manifest: Manifest) -> tuple[Setting, ...]:
    """The parameters of a run.

    No run can register a version as approved: that is for a person (guide item 9.4).
    """
    plan = manifest.training
    found = [
        Setting(
            "ApprovalStatus",
            "How the version is registered.",
            "PendingManualApproval",
            ("PendingManualApproval", "Rejected"),
        ),
        Setting("CommitId", "The commit that the code is of.", Deployed("CommitId")),
        Setting("DataPrefix", "Where the data lies in the data bucket.", manifest.data.prefix),
        Setting(
            "DataVersion",
            "Which state of the data it is.",
            None if plan.cache_days else AS_IT_IS,
        ),
        Setting("ServingImage", "The image that answers requests.", images.serving_image(manifest)),
        Setting("Trigger", "Why there is a run.", "manual"),
    ]
    if manifest.platform is Platform.SAGEMAKER:
        found += _of_jobs(manifest)
    if manifest.tuning.enabled:
        strategy = manifest.tuning.strategy.value
        found.append(Setting("TuningStrategy", "How to search.", strategy, _strategies(manifest)))
    if plan.incremental:
        found.append(Setting("PreviousModel", "The model to go on from, model.tar.gz in S3.", None))
    return tuple(sorted(found, key=lambda each: each.name))


def _of_jobs(manifest: Manifest) -> list[Setting]:
    """What a run may say of its jobs; with AWS Batch the job definitions say it."""
    about = "The image of training and processing."
    return [
        Setting("TrainingImage", about, images.training_image(manifest)),
        Setting("TrainingInstanceType", "What to train on.", manifest.training.instance_type),
    ]


def _strategies(manifest: Manifest) -> tuple[str, ...]:
    """The strategies that a run may choose among: Hyperband needs a request of its own."""
    if manifest.tuning.strategy is Strategy.HYPERBAND:
        return (Strategy.HYPERBAND.value,)
    return (Strategy.BAYESIAN.value, Strategy.RANDOM.value)
