"""Answers: the same as in training, in one container or in a chain of three, and logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mlaudit_reference.container.data import SETTINGS
from mlaudit_reference.container.features import Preprocessor
from mlaudit_reference.container.payloads import RequestError, written
from mlaudit_reference.container.predictors import load
from mlaudit_reference.container.records import from_table
from mlaudit_reference.container.serving import Part, Request, answer, opened, part_said
from mlaudit_reference.container.tables import Table

_NAMES = st.sampled_from(["record_id", "vector", "probability", "contributions", "income"])
_RECORD = st.fixed_dictionaries(
    {
        name: st.none() | st.floats() | st.integers() | st.text(max_size=3)
        for name in SETTINGS.numeric
    }
    | {name: st.none() | st.text(max_size=3) for name in SETTINGS.categorical}
)


def _objects(table: Table, count: int) -> list[dict[str, Any]]:
    names = (SETTINGS.record_id, *SETTINGS.features)
    cells = [{name: table.columns[name][place] or None for name in names} for place in range(count)]
    return [
        {name: float(v) if name in SETTINGS.numeric and v else v for name, v in each.items()}
        for each in cells
    ]


def _request(objects: list[Any]) -> Request:
    return Request(json.dumps(objects).encode(), "application/json", "t-1")


def test_serving_says_what_the_model_says_of_the_training_vectors(
    model_folder: Path, table: Table, state: Preprocessor
) -> None:
    _, predict = load(model_folder)
    expected = predict(state.transform(from_table(table, SETTINGS)))
    served = opened(model_folder, Part.WHOLE)
    found = answer(served, _request(_objects(table, 200))).predictions
    assert [each["probability"] for each in found] == pytest.approx(expected[:200])
    assert [each["record_id"] for each in found] == list(table.columns["application_id"][:200])
    assert [each["decision"] for each in found] == (expected[:200] >= 0.5).astype(int).tolist()


def test_a_chain_of_three_containers_says_what_one_says(model_folder: Path, table: Table) -> None:
    request = _request(_objects(table, 20))
    whole = answer(opened(model_folder, Part.WHOLE), request).predictions
    for part in (Part.PREPROCESS, Part.MODEL, Part.POSTPROCESS):
        said = answer(opened(model_folder, part), request)
        text, kind = written(said.predictions, said.trace, "application/json")
        request = Request(text.encode(), kind, "t-1")
    for one, other in zip(whole, json.loads(request.body)["predictions"], strict=True):
        # One row alone may be summed up in another order than among many.
        assert other["probability"] == pytest.approx(one["probability"])
        assert [each["feature"] for each in other["reasons"]] == [
            each["feature"] for each in one["reasons"]
        ]


def test_every_request_is_one_line_of_log_without_what_is_in_it(
    model_folder: Path, table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    served = opened(model_folder, Part.WHOLE)
    answer(served, _request(_objects(table, 3)))
    with pytest.raises(RequestError, match="a00000001"):
        answer(served, _request([{**_objects(table, 2)[1], "income": "secret"}]))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["status"], each["trace_id"]) for each in lines] == [(200, "t-1"), (400, "t-1")]
    assert lines[0]["records"] == 3
    assert lines[0]["milliseconds"] > 0
    assert lines[1]["reason"] == "record 1: field 'income' is not a number"
    assert "a0000" not in json.dumps(lines)
    assert "secret" not in json.dumps(lines)


@pytest.mark.parametrize(
    ("part", "each", "complaint"),
    [
        (Part.MODEL, {"vector": [1.0]}, "record 1: field 'vector' is no list of"),
        (Part.MODEL, {"vector": "x"}, "record 1: field 'vector' is no list of"),
        (Part.MODEL, 3, "record 1: field 'vector' is no list of"),
        (Part.POSTPROCESS, {"probability": 1.5}, "no number from 0 to 1"),
        (Part.POSTPROCESS, {"probability": True}, "no number from 0 to 1"),
        (Part.POSTPROCESS, {}, "no number from 0 to 1"),
        (Part.POSTPROCESS, {"probability": 0.5, "contributions": 3}, "does not hold numbers"),
        (Part.POSTPROCESS, {"probability": 0.5, "contributions": {"a": "b"}}, "not hold numbers"),
    ],
)
def test_parts_of_a_chain_check_what_they_get(
    model_folder: Path, part: Part, each: Any, complaint: str
) -> None:
    with pytest.raises(RequestError, match=complaint):
        answer(opened(model_folder, part), _request([each]))


@pytest.mark.parametrize("value", ["x", None, True, 10**400])
def test_what_is_no_number_in_a_vector_is_refused(
    model_folder: Path, state: Preprocessor, value: Any
) -> None:
    vector = [value] * state.width
    with pytest.raises(RequestError, match="no list of"):
        answer(opened(model_folder, Part.MODEL), _request([{"vector": vector}]))


def test_vectors_do_not_pass_a_container_that_does_it_all(
    model_folder: Path, state: Preprocessor
) -> None:
    vector = np.zeros(state.width).tolist()
    with pytest.raises(RequestError, match="field 'vector' is not known"):
        answer(opened(model_folder, Part.WHOLE), _request([{"vector": vector}]))


def test_the_environment_says_which_part(monkeypatch: pytest.MonkeyPatch) -> None:
    assert part_said() is Part.WHOLE
    monkeypatch.setenv("PIPELINE_PART", "preprocess")
    assert part_said() is Part.PREPROCESS


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(_NAMES, each, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize("part", Part)
@hypothesis_settings(max_examples=60, deadline=None)
@given(objects=st.lists(_RECORD | _JSON, max_size=3))
def test_whatever_comes_is_answered_or_refused(
    part: Part, objects: list[Any], model_folder: Path
) -> None:
    served = opened(model_folder, part)
    try:
        said = answer(served, _request(objects))
    except RequestError:
        return
    assert len(said.predictions) == len(objects)
    json.loads(written(said.predictions, said.trace, "application/json")[0])
