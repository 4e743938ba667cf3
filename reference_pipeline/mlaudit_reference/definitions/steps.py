"""The steps of the training pipeline, as a tree of jobs and the gates between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mlaudit_reference.definitions import automl, learning, places, registering
from mlaudit_reference.definitions.expressions import (
    Joined,
    Made,
    Output,
    Parameter,
    Reported,
    Request,
    Value,
    joined,
)
from mlaudit_reference.definitions.processing import processing
from mlaudit_reference.manifest import Manifest, Platform


class Kind(StrEnum):
    """What a step makes; named as in the definition of a SageMaker pipeline."""

    PROCESSING = "Processing"
    TRAINING = "Training"
    TUNING = "Tuning"
    AUTOML = "AutoML"
    REGISTER = "RegisterModel"
    LINEAGE = "Lineage"
    FAIL = "Fail"


VALIDATE = "ValidateData"
CHECK_DATA = "CheckData"
PREPARE = "Preprocess"
TRAIN = "Train"
TUNE = "Tune"
AUTOML = "AutoML"
EVALUATE = "EvaluateAndExplain"
CHECK_MODEL = "CheckModel"
REGISTER = "RegisterModel"
LINEAGE = "RecordLineage"


@dataclass(frozen=True)
class Step:
    """One job or record.

    Attributes:
        name: Its name.
        kind: What it makes.
        about: What it does, for people.
        request: The arguments of the operation that makes it.
        after: What must have ended before, other than what the request refers to.
        reports: Reports that gates read: the output and the file, by the name of the report.
    """

    name: str
    kind: Kind
    about: str
    request: Request
    after: tuple[str, ...] = ()
    reports: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Limit:
    """What a gate asks of a number.

    Attributes:
        number: Where it stands.
        operator: ``GreaterThanOrEqualTo`` or ``LessThanOrEqualTo``.
        bound: What it is compared with.
    """

    number: Reported
    operator: str
    bound: float


@dataclass(frozen=True)
class Gate:
    """A decision: whether to go on.

    Attributes:
        name: Its name.
        about: What it asks, for people.
        limits: All must hold.
        then: What runs if they do.
        otherwise: What ends the run if they do not.
    """

    name: str
    about: str
    limits: tuple[Limit, ...]
    then: tuple[Step | Gate, ...]
    otherwise: Step


Steps = tuple[Step | Gate, ...]


def steps_of(manifest: Manifest) -> Steps:
    """The training pipeline of a system, from raw data to a registered version."""
    return (_validation(manifest), _data_gate(manifest))


def walk(steps: Steps) -> Iterator[Step | Gate]:
    """Every step and gate, in the order in which they run."""
    for each in steps:
        yield each
        if isinstance(each, Gate):
            yield from walk(each.then)
            yield each.otherwise


def _validation(manifest: Manifest) -> Step:
    outputs = {"validation": places.of_run(places.VALIDATION, "validation")}
    return Step(
        VALIDATE,
        Kind.PROCESSING,
        "Refuses raw data that breaks its schema, and counts it.",
        processing(
            manifest,
            program="validate.py",
            role="Validate",
            inputs={"raw": places.raw_data()},
            outputs=outputs,
        ),
        reports={"DataStatistics": ("validation", "statistics.json")},
    )


def _data_gate(manifest: Manifest) -> Gate:
    found = places.output(VALIDATE, places.VALIDATION, "validation")
    count = Reported(found, "DataStatistics", "statistics.json", "dataset.item_count")
    message = f"There are fewer than {manifest.data.least} records to learn from."
    learned = (_training(manifest), *((_tuning(manifest),) if manifest.tuning.enabled else ()))
    other = (_automl(manifest),) if manifest.automl.enabled else ()
    return Gate(
        CHECK_DATA,
        "Goes on only with enough data that kept its schema.",
        (Limit(count, "GreaterThanOrEqualTo", manifest.data.least),),
        (_preparation(manifest), *learned, *other, _evaluation(manifest), _model_gate(manifest)),
        _failure("DataRefused", message),
    )


def _preparation(manifest: Manifest) -> Step:
    wanted = ("train", "validation", "test", "baseline", "preprocessor")
    return Step(
        PREPARE,
        Kind.PROCESSING,
        "Splits the data, fits preprocessing, and measures the baseline for drift.",
        processing(
            manifest,
            program="preprocess.py",
            role="Preprocess",
            inputs={"raw": places.raw_data()},
            outputs={name: places.of_run(places.PREPARED, name) for name in wanted},
        ),
    )


def _training(manifest: Manifest) -> Step:
    return Step(
        TRAIN,
        Kind.TRAINING,
        "Trains once as it is: what is broken fails here, before a search is paid for.",
        learning.training(manifest, _channels(manifest)),
    )


def _tuning(manifest: Manifest) -> Step:
    return Step(
        TUNE,
        Kind.TUNING,
        f"Searches hyperparameters ({manifest.tuning.strategy}).",
        learning.tuning(manifest, _channels(manifest)),
        after=(TRAIN,),
    )


def _automl(manifest: Manifest) -> Step:
    return Step(
        AUTOML,
        Kind.AUTOML,
        "Lets AutoML look for a model of its own, to compare with.",
        automl.steps_request(manifest),
        after=(PREPARE,),
    )


def _evaluation(manifest: Manifest) -> Step:
    wanted = ("evaluation", "model_quality", "bias", "explainability", "model_data")
    return Step(
        EVALUATE,
        Kind.PROCESSING,
        "Measures quality, bias and what each feature contributes, on data kept apart.",
        processing(
            manifest,
            program="evaluate.py",
            role="Evaluate",
            inputs={
                "model": model_of(manifest),
                "test": _prepared("test"),
                "baseline": _prepared("baseline"),
            },
            outputs={name: places.of_run(places.EVALUATION, name) for name in wanted},
        ),
        reports={"Evaluation": ("evaluation", "evaluation.json")},
    )


def _model_gate(manifest: Manifest) -> Gate:
    found = _evaluated("evaluation")
    auc = Reported(found, "Evaluation", "evaluation.json", "metrics.auc.value")
    bias = Reported(found, "Evaluation", "evaluation.json", "bias.max_abs_dppl")
    limits = manifest.evaluation
    message = (
        f"The model has an AUC below {limits.auc_min}, or treats groups more unequally than "
        f"{limits.bias_max}."
    )
    return Gate(
        CHECK_MODEL,
        "Lets nothing be registered that is too weak or too unfair.",
        (
            Limit(auc, "GreaterThanOrEqualTo", limits.auc_min),
            Limit(bias, "LessThanOrEqualTo", limits.bias_max),
        ),
        (_registration(manifest), _lineage(manifest)),
        _failure("ModelRefused", message),
    )


def _registration(manifest: Manifest) -> Step:
    wanted = ("bias", "evaluation", "explainability", "model_data", "model_quality")
    reports: dict[str, Value] = {name: _evaluated(name) for name in wanted}
    reports["baseline"] = _prepared("baseline")
    return Step(
        REGISTER,
        Kind.REGISTER,
        "Registers a version with its reports, baselines, commit and data; a person approves it.",
        registering.package(manifest, model_of(manifest), reports),
    )


def _lineage(manifest: Manifest) -> Step:
    return Step(
        LINEAGE,
        Kind.LINEAGE,
        "Records the state of the raw data and the commit that the model was made of.",
        registering.lineage(manifest, model_of(manifest)),
        after=(REGISTER,),
    )


def _failure(name: str, message: str) -> Step:
    return Step(name, Kind.FAIL, "Ends the run and says why.", {"ErrorMessage": message})


def model_of(manifest: Manifest) -> Made | Joined:
    """Where the model lies that is judged: the best of the search, where there is one."""
    if manifest.platform is Platform.BATCH:
        return places.model_on_batch()
    if not manifest.tuning.enabled:
        return Made(TRAIN, "ModelArtifacts.S3ModelArtifacts")
    best = Made(TUNE, "BestTrainingJob.TrainingJobName")
    return joined(places.artifact(places.MODELS), best, f"/{places.MODEL_ARCHIVE}")


def _channels(manifest: Manifest) -> dict[str, Value]:
    prepared = {name: _prepared(name) for name in ("train", "validation", "preprocessor")}
    earlier = {"model": Parameter("PreviousModel")} if manifest.training.incremental else {}
    return {**prepared, **earlier, learning.CODE_CHANNEL: places.code()}


def _prepared(name: str) -> Output:
    return places.output(PREPARE, places.PREPARED, name)


def _evaluated(name: str) -> Output:
    return places.output(EVALUATE, places.EVALUATION, name)
