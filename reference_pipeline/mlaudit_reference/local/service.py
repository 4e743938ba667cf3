"""The model as a server on loopback: a child process, asked over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from typing import Any

from mlaudit_reference.container.streaming.documents import written
from mlaudit_reference.container.streaming.exchange import (
    JSON,
    JSON_LINES,
    failure,
    predictions,
)
from mlaudit_reference.container.streaming.ports import UnavailableError
from mlaudit_reference.local.failures import LocalRunError, StepFailedError
from mlaudit_reference.local.jobs import Processing, ended, environment, prepared
from mlaudit_reference.local.workplace import Workplace

HOST = "127.0.0.1"
_TRACE = "X-Amzn-Trace-Id"
_STARTS_WITHIN = 60.0
_ANSWERS_WITHIN = 60.0
_LOOK_AGAIN = 0.05
_OK = 200


@dataclass(frozen=True)
class Endpoint:
    """A server that answers.

    Attributes:
        port: On loopback.
    """

    port: int

    def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
        """Predictions in the order of the records: the model that the streaming consumer asks.

        Raises:
            UnavailableError: It does not answer.
            RefusedError: It refuses the records.
        """
        status, body, _ = self.ask("POST", "/invocations", b"".join(lines), trace_id)
        if status != _OK:
            raise failure(status, _reason(body))
        return predictions(body, len(lines))

    def ask(
        self, method: str, path: str, body: bytes = b"", trace_id: str = ""
    ) -> tuple[int, bytes, str]:
        """Send a request. Returns the status, the body, and the trace id that came back.

        Raises:
            UnavailableError: There is no answer.
        """
        headers = {"Content-Type": JSON_LINES, "Accept": JSON, _TRACE: trace_id}
        connection = HTTPConnection(HOST, self.port, timeout=_ANSWERS_WITHIN)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader(_TRACE, "")
        except (OSError, HTTPException) as error:
            raise UnavailableError(f"no answer: {error!r}") from error
        finally:
            connection.close()


@dataclass(frozen=True)
class Latency:
    """How fast single records were answered, in milliseconds."""

    requests: int
    p50: float
    p95: float
    p99: float


@contextmanager
def serving(place: Workplace, model: Path) -> Iterator[Endpoint]:
    """Serve a model as long as this lasts.

    Raises:
        StepFailedError: The server does not start.
    """
    arguments = ("--model", str(model), "--host", HOST, "--port", "0")
    job = Processing("serve", "serve.py", {}, arguments)
    root = prepared(place, job)
    log = place.step(job.name) / "log.txt"
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603 - the code of this package, without a shell
            [sys.executable, str(place.code / job.program), *arguments],
            env=environment(job, root),
            cwd=place.step(job.name),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    with process:
        try:
            yield _started(place, job, process)
        finally:
            process.terminate()


def _started(place: Workplace, job: Processing, process: subprocess.Popen[bytes]) -> Endpoint:
    """Wait until the server says its port and answers ``/ping``."""
    log = place.step(job.name) / "log.txt"
    latest = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < latest and process.poll() is None:
        port = _port_in(log)
        if port and _is_up(Endpoint(port)):
            return Endpoint(port)
        time.sleep(_LOOK_AGAIN)
    process.kill()
    raise StepFailedError(job.name, ended(place, job, process.wait()))


def measured(endpoint: Endpoint, records: Sequence[Mapping[str, Any]]) -> Latency:
    """Ask for records one by one and measure; the trace id of each must come back.

    Raises:
        LocalRunError: A request is not answered as it should be.
    """
    took = [_timed(endpoint, each, f"latency-{place}") for place, each in enumerate(records)]
    cut = quantiles(took, n=100, method="inclusive")
    return Latency(len(took), *(round(cut[each - 1], 3) for each in (50, 95, 99)))


def _timed(endpoint: Endpoint, record: Mapping[str, Any], trace_id: str) -> float:
    start = time.perf_counter()
    status, body, back = endpoint.ask("POST", "/invocations", written(record), trace_id)
    took = (time.perf_counter() - start) * 1000
    if status != _OK:
        raise LocalRunError(f"The endpoint answered {status} to a record: {_reason(body)}")
    if back != trace_id:
        raise LocalRunError(f"The endpoint answered trace {trace_id} with trace {back or 'none'}.")
    return took


def _is_up(endpoint: Endpoint) -> bool:
    try:
        return endpoint.ask("GET", "/ping")[0] == _OK
    except UnavailableError:
        return False


def _port_in(log: Path) -> int:
    """The port that the server logged; 0 as long as it has not."""
    for line in log.read_text("utf-8").splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and said.get("event") == "serving":
            return int(said["port"])
    return 0


def _reason(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return "it does not say why"
