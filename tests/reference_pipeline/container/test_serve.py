"""The server, asked over HTTP."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mlaudit_reference.container import serve
from mlaudit_reference.container.arrays import Floats, Matrix
from mlaudit_reference.container.models import Models
from mlaudit_reference.container.serve import main, server
from mlaudit_reference.container.serving import Part, opened

RECORD: dict[str, Any] = {
    "income": 30000,
    "debt_ratio": 0.3,
    "loan_amount": 9000.5,
    "months_employed": None,
    "open_accounts": 2,
    "purpose": "car",
    "housing": None,
    "region": "north",
}


@contextmanager
def _serving(models: Models, *, is_multi: bool) -> Iterator[http.client.HTTPConnection]:
    with server(models, 0, is_multi=is_multi, host="127.0.0.1") as serving:
        Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        connection = http.client.HTTPConnection("127.0.0.1", serving.server_port, timeout=5)
        with closing(connection):
            yield connection
        serving.shutdown()


@pytest.fixture
def single(model_folder: Path) -> Iterator[http.client.HTTPConnection]:
    """A server of one model."""
    models = Models(1)
    models.put("model", model_folder, opened(model_folder, Part.WHOLE))
    with _serving(models, is_multi=False) as connection:
        yield connection


@pytest.fixture
def multi() -> Iterator[http.client.HTTPConnection]:
    """A server with room for two models."""
    with _serving(Models(2), is_multi=True) as connection:
        yield connection


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, document: Any = None
) -> tuple[int, Any]:
    body = None if document is None else json.dumps(document)
    connection.request(method, path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    text = response.read()
    return response.status, json.loads(text) if text else None


def test_it_is_well(single: http.client.HTTPConnection) -> None:
    assert _ask(single, "GET", "/ping") == (200, None)


def test_it_answers_and_the_trace_id_comes_back(single: http.client.HTTPConnection) -> None:
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/jsonlines",
        "X-Amzn-Trace-Id": "Root=1-2-3",
    }
    single.request("POST", "/invocations", json.dumps([RECORD, RECORD]), headers)
    response = single.getresponse()
    lines = [json.loads(line) for line in response.read().splitlines()]
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/jsonlines"
    assert response.headers["X-Amzn-Trace-Id"] == "Root=1-2-3"
    assert [line["trace_id"] for line in lines] == ["Root=1-2-3"] * 2
    assert 0 < lines[0]["probability"] < 1


def test_one_connection_takes_many_requests(single: http.client.HTTPConnection) -> None:
    answers = {json.dumps(_ask(single, "POST", "/invocations", RECORD)[0]) for _ in range(5)}
    assert answers == {"200"}


def test_many_callers_at_once_each_get_their_own_answer(model_folder: Path) -> None:
    models = Models(1)
    models.put("model", model_folder, opened(model_folder, Part.WHOLE))

    def ask(number: int) -> tuple[Any, float]:
        body = {**RECORD, "application_id": number, "income": 1000 * number}
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            said = _ask(connection, "POST", "/invocations", body)[1]["predictions"][0]
        return said["record_id"], said["probability"]

    with _serving(models, is_multi=False) as first, ThreadPoolExecutor(8) as callers:
        port = first.port
        answers = list(callers.map(ask, range(1, 41)))
        alone = [ask(number) for number in range(1, 41)]
    assert [name for name, _ in answers] == [str(number) for number in range(1, 41)]
    assert answers == alone


@pytest.mark.parametrize(
    ("request_line", "status", "complaint"),
    [
        ("POST /invocations", 400, "record 1: field 'income' is missing"),
        ("POST /elsewhere", 404, "nothing at this address"),
        ("GET /invocations", 404, "nothing at this address"),
        ("GET /models", 404, "nothing at this address"),
        ("DELETE /models/model", 404, "nothing at this address"),
    ],
)
def test_what_it_cannot_do_it_says(
    single: http.client.HTTPConnection, request_line: str, status: int, complaint: str
) -> None:
    method, path = request_line.split()
    found, said = _ask(single, method, path, {} if method == "POST" else None)
    assert found == status
    assert complaint in said["error"]
    assert len(said["trace_id"]) == 32
    assert _ask(single, "GET", "/ping")[0] == 200


@pytest.mark.parametrize("length", ["999999999999", "-1", "many"])
def test_a_body_that_is_too_long_is_not_read(
    single: http.client.HTTPConnection, length: str
) -> None:
    single.putrequest("POST", "/invocations")
    single.putheader("Content-Length", length)
    single.endheaders()
    response = single.getresponse()
    assert response.status == 413
    assert response.headers["Connection"] == "close"


def test_models_come_and_go(multi: http.client.HTTPConnection, model_folder: Path) -> None:
    place = {"url": str(model_folder)}
    assert _ask(multi, "GET", "/ping")[0] == 200
    assert _ask(multi, "POST", "/models/a/invoke", RECORD)[0] == 404
    assert _ask(multi, "POST", "/models", {"model_name": "a", **place})[0] == 200
    assert _ask(multi, "POST", "/models", {"model_name": "a", **place})[0] == 409
    assert _ask(multi, "POST", "/models", {"model_name": "b", **place})[0] == 200
    assert _ask(multi, "POST", "/models", {"model_name": "c", **place})[0] == 507
    assert _ask(multi, "POST", "/models/a/invoke", RECORD)[0] == 200
    listed = [{"modelName": name, "modelUrl": str(model_folder)} for name in ("a", "b")]
    assert _ask(multi, "GET", "/models") == (200, {"models": listed})
    assert _ask(multi, "GET", "/models/b") == (200, listed[1])
    assert _ask(multi, "DELETE", "/models/a")[0] == 200
    assert _ask(multi, "DELETE", "/models/a")[0] == 404
    assert _ask(multi, "GET", "/models/a")[0] == 404
    assert _ask(multi, "POST", "/invocations", RECORD)[0] == 404


@pytest.mark.parametrize("document", [{}, [], {"model_name": "a", "url": "/nowhere"}])
def test_what_is_no_model_is_not_loaded(multi: http.client.HTTPConnection, document: Any) -> None:
    assert _ask(multi, "POST", "/models", document)[0] == 400
    assert _ask(multi, "GET", "/models") == (200, {"models": []})


def test_a_model_that_fails_is_an_error_of_the_server_with_a_trace_id(
    model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_vectors: Matrix) -> Floats:
        raise RuntimeError("shapes of secret things")

    models = Models(1)
    models.put("model", model_folder, replace(opened(model_folder, Part.WHOLE), predict=fails))
    with _serving(models, is_multi=False) as connection:
        status, said = _ask(connection, "POST", "/invocations", RECORD)
        assert (status, said["error"]) == (500, "the model failed")
        assert _ask(connection, "GET", "/ping")[0] == 200
    assert f'"trace_id": "{said["trace_id"]}"' in capsys.readouterr().out


def test_it_starts_as_sagemaker_starts_containers(
    model_folder: Path, ml_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(model_folder, ml_root / "model")
    monkeypatch.setenv("SAGEMAKER_BIND_TO_PORT", "0")
    ports: list[int] = []
    monkeypatch.setattr(
        serve.Server, "serve_forever", lambda server: ports.append(server.server_port)
    )
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert main(["serve"]) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ports[0] > 0


def test_without_a_model_it_does_not_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--model", str(tmp_path), "--port", "0"]) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_a_model_of_an_unknown_framework_is_named(
    model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    (folder / "framework.json").write_text('{"framework": "abacus"}')
    assert main(["--model", str(folder)]) == 1
    assert "'abacus' is not one of" in capsys.readouterr().err
