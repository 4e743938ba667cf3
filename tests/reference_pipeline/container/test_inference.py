"""The handlers, called as the images call them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mlaudit_reference.container import inference, postprocess_model, preprocess_model
from mlaudit_reference.container.payloads import RequestError
from mlaudit_reference.container.records import from_table
from mlaudit_reference.container.serving import Part
from mlaudit_reference.container.tables import Table

RECORD: dict[str, Any] = {
    "application_id": "a-7",
    "income": 30000,
    "debt_ratio": 0.3,
    "loan_amount": 9000.5,
    "months_employed": None,
    "open_accounts": 2,
    "purpose": "car",
    "housing": None,
    "region": "north",
}


@dataclass
class Context:
    """What images with a model server pass on."""

    asked: dict[str, str]
    said: dict[str, str] = field(default_factory=dict)

    def get_request_header(self, _place: int, name: str) -> str | None:
        return self.asked.get(name)

    def set_response_header(self, _place: int, name: str, value: str) -> None:
        self.said[name] = value


def _through(handlers: ModuleType, folder: Path, body: str, *context: Any) -> Any:
    model = handlers.model_fn(str(folder), *context)
    request = handlers.input_fn(body, "application/json", *context)
    said = handlers.predict_fn(request, model, *context)
    return json.loads(handlers.output_fn(said, "application/json", *context))


def test_without_a_context_there_is_a_new_trace_id(model_folder: Path) -> None:
    said = _through(inference, model_folder, json.dumps(RECORD))
    assert said["predictions"][0]["record_id"] == "a-7"
    assert len(said["trace_id"]) == 32


def test_with_a_context_the_trace_id_goes_there_and_back(model_folder: Path) -> None:
    context = Context({"X-Amzn-SageMaker-Custom-Attributes": "trace_id=t-9"})
    said = _through(inference, model_folder, json.dumps(RECORD), context)
    assert said["trace_id"] == "t-9"
    assert context.said["X-Amzn-Trace-Id"] == "t-9"


def test_the_ends_of_a_chain_load_no_model(model_folder: Path, tmp_path: Path) -> None:
    for name in ("settings.json", "preprocessor.json"):
        (tmp_path / name).write_bytes((model_folder / name).read_bytes())
    assert preprocess_model.model_fn(str(tmp_path)).part is Part.PREPROCESS
    assert postprocess_model.model_fn(str(tmp_path)).part is Part.POSTPROCESS
    vector = _through(preprocess_model, tmp_path, json.dumps(RECORD))["predictions"][0]["vector"]
    assert all(isinstance(each, float) for each in vector)


def test_what_cannot_be_answered_is_refused(model_folder: Path) -> None:
    with pytest.raises(RequestError, match="record 1: field 'income' is missing"):
        _through(inference, model_folder, "{}")


def test_where_the_image_has_a_word_for_a_status_it_is_used(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ToolkitError(Exception):
        def __init__(self, status_code: int, message: str, phrase: str) -> None:
            super().__init__(status_code, message, phrase)

    errors = ModuleType("sagemaker_inference.errors")
    errors.BaseInferenceToolkitError = ToolkitError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sagemaker_inference", ModuleType("sagemaker_inference"))
    monkeypatch.setitem(sys.modules, "sagemaker_inference.errors", errors)
    with pytest.raises(ToolkitError) as refused:
        _through(inference, model_folder, "{}")
    assert refused.value.args[0] == 400


def test_one_record_and_a_batch_of_the_training_data_get_the_same_answer(
    model_folder: Path, table: Table
) -> None:
    served = inference.model_fn(str(model_folder))
    assert served.predict is not None
    vectors = served.state.transform(from_table(table, served.settings))
    many = served.predict(vectors)
    for place in (0, 17, 99):
        alone = served.predict(vectors[place : place + 1])
        assert alone[0] == pytest.approx(many[place], abs=1e-12)
