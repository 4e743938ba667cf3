"""Answer requests with a model, or with one part of it where containers are chained."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from mlaudit_reference.container import features, payloads
from mlaudit_reference.container import settings as settings_file
from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.decisions import contributions, decide
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.features import Preprocessor
from mlaudit_reference.container.logs import log
from mlaudit_reference.container.payloads import RequestError
from mlaudit_reference.container.predictors import Predict, load
from mlaudit_reference.container.records import (
    RecordError,
    Records,
    from_objects,
    number_of,
    text_of,
)
from mlaudit_reference.container.settings import Settings

Prediction = dict[str, Any]

PART = "PIPELINE_PART"


class Part(Enum):
    """What one container of a chain does."""

    WHOLE = "whole"
    PREPROCESS = "preprocess"
    MODEL = "model"
    POSTPROCESS = "postprocess"


@dataclass(frozen=True)
class Served:
    """A model that is ready to answer.

    Attributes:
        part: What this container does.
        settings: The settings the model was trained with.
        state: The state of preprocessing it was trained with.
        framework: What made it; empty where this container has no model.
        predict: How to ask it.
    """

    part: Part
    settings: Settings
    state: Preprocessor
    framework: str
    predict: Predict | None


@dataclass(frozen=True)
class Request:
    """A request.

    Attributes:
        body: Its bytes.
        content_type: What they are.
        trace: The id to follow it by.
        started: When it came, by the monotonic clock, in seconds.
    """

    body: bytes
    content_type: str
    trace: str
    started: float = field(default_factory=time.perf_counter)


@dataclass(frozen=True)
class Answer:
    """What a model says, one prediction a record, in the order of the request."""

    predictions: Sequence[Prediction]
    trace: str


def part_said() -> Part:
    """The part that the environment asks for.

    Raises:
        InputError: There is none of that name.
    """
    said = os.environ.get(PART, Part.WHOLE.value)
    try:
        return Part(said)
    except ValueError as wrong:
        raise InputError(f"{PART} is {said!r}: no part of a chain") from wrong


def opened(folder: Path, part: Part) -> Served:
    """Load what a part needs from the folder of a model.

    Raises:
        InputError: It is not there, or cannot be used.
    """
    framework, predict = load(folder) if part in {Part.WHOLE, Part.MODEL} else ("", None)
    settings = settings_file.read(folder / settings_file.FILE)
    return Served(part, settings, features.read(folder), framework, predict)


def answer(served: Served, request: Request) -> Answer:
    """Answer a request and log it: one line, without the contents of records.

    Raises:
        RequestError: It cannot be answered; the log says so too.
    """
    try:
        objects = payloads.objects_of(request.body, request.content_type, served.settings)
        predictions = _ANSWERS[served.part](served, objects)
    except RecordError as wrong:
        _log(served, request, status=400, reason=wrong.log_as)
        raise RequestError(str(wrong)) from wrong
    except RequestError as wrong:
        _log(served, request, status=int(wrong.status), reason=str(wrong))
        raise
    _log(served, request, status=200, records=len(predictions))
    return Answer(predictions, request.trace)


def scores(served: Served, vectors: Matrix) -> Floats:
    """What the model says of vectors.

    Raises:
        InputError: This container has no model.
    """
    if served.predict is None:
        raise InputError("this container has no model")
    return served.predict(vectors)


def _log(served: Served, request: Request, **fields: object) -> None:
    milliseconds = round(1000 * (time.perf_counter() - request.started), 3)
    log("request", trace_id=request.trace, pipeline=served.settings.name, part=served.part.value,
        framework=served.framework, milliseconds=milliseconds, **fields)  # fmt: skip


def _whole(served: Served, objects: Sequence[Any]) -> list[Prediction]:
    records = from_objects(objects, served.settings)
    return decided(served, records, served.state.transform(records))


def decided(served: Served, records: Records, vectors: Matrix) -> list[Prediction]:
    """Decisions about records whose vectors are known."""
    found, moved = _reckoned(served, vectors)
    threshold = served.settings.thresholds.decision
    return [
        {"record_id": name, **decide(probability, threshold, _row(moved, place))}
        for place, (name, probability) in enumerate(zip(records.ids, found.tolist(), strict=True))
    ]


def _preprocess(served: Served, objects: Sequence[Any]) -> list[Prediction]:
    records = from_objects(objects, served.settings)
    vectors = served.state.transform(records).tolist()
    return [
        {"record_id": name, "vector": vector}
        for name, vector in zip(records.ids, vectors, strict=True)
    ]


def _model(served: Served, objects: Sequence[Any]) -> list[Prediction]:
    vectors = [_vector(each, place, served) for place, each in enumerate(objects, start=1)]
    found, moved = _reckoned(served, np.array(vectors, dtype=np.float32))
    return [
        {
            "record_id": text_of(each.get("record_id")),
            "probability": probability,
            "contributions": _row(moved, place),
        }
        for place, (each, probability) in enumerate(zip(objects, found.tolist(), strict=True))
    ]


def _vector(each: Any, place: int, served: Served) -> list[float]:
    width = served.state.width
    said = each.get("vector") if isinstance(each, dict) else None
    vector = [number_of(value) for value in said] if isinstance(said, list) else []
    if len(vector) != width or not all(map(math.isfinite, vector)):
        raise RecordError(place, "", f"field 'vector' is no list of {width} numbers")
    return vector


def _postprocess(served: Served, objects: Sequence[Any]) -> list[Prediction]:
    return [_decided(each, place, served) for place, each in enumerate(objects, start=1)]


def _decided(each: Any, place: int, served: Served) -> Prediction:
    said = each if isinstance(each, dict) else {}
    number = number_of(said.get("probability"))
    # NaN fails this comparison too.
    if not 0 <= number <= 1:
        raise RecordError(place, "", "field 'probability' is no number from 0 to 1")
    moved = said.get("contributions", {})
    if not isinstance(moved, dict) or not all(map(_is_number, moved.values())):
        raise RecordError(place, "", "field 'contributions' does not hold numbers")
    decision = decide(number, served.settings.thresholds.decision, moved)
    return {"record_id": text_of(said.get("record_id")), **decision}


def _is_number(value: Any) -> bool:
    return math.isfinite(number_of(value))


def _reckoned(served: Served, vectors: Matrix) -> tuple[Floats, Mapping[str, Floats]]:
    def predict(rows: Matrix) -> Floats:
        return scores(served, rows)

    state = served.state
    return predict(vectors), contributions(predict, vectors, state.groups, state.average)


def _row(moved: Mapping[str, Floats], place: int) -> dict[str, float]:
    return {name: float(values[place]) for name, values in moved.items()}


_ANSWERS = {
    Part.WHOLE: _whole,
    Part.PREPROCESS: _preprocess,
    Part.MODEL: _model,
    Part.POSTPROCESS: _postprocess,
}
