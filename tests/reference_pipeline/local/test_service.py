"""The server of a run: started, asked, measured, ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlaudit_reference.container.streaming.ports import RefusedError, UnavailableError
from mlaudit_reference.local.failures import LocalRunError, StepFailedError
from mlaudit_reference.local.service import Endpoint, measured, serving
from mlaudit_reference.local.workplace import Workplace

Program = Callable[[str, str], None]

# It doubles x; it refuses a negative one, and forgets the trace of 7.
SERVE = """
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply(200, {}, "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        records = [json.loads(line) for line in body.splitlines()]
        trace = self.headers["X-Amzn-Trace-Id"]
        if any(each["x"] < 0 for each in records):
            return self.reply(400, {"error": "x is negative"}, trace)
        found = {"predictions": [each["x"] * 2 for each in records]}
        self.reply(200, found, "" if records[0]["x"] == 7 else trace)

    def reply(self, status, document, trace):
        text = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-Amzn-Trace-Id", trace)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Handler)
print("it starts")
print(json.dumps({"event": "serving", "port": server.server_port}), flush=True)
server.serve_forever()
"""


def test_a_server_answers_as_long_as_it_is_needed(
    place: Workplace, program: Program, tmp_path: Path
) -> None:
    program("serve.py", SERVE)
    with serving(place, tmp_path) as endpoint:
        assert endpoint.score([b'{"x":1}\n', b'{"x":2}\n'], "t") == [2, 4]
        with pytest.raises(RefusedError, match="x is negative"):
            endpoint.score([b'{"x":-1}\n'], "t")
        latency = measured(endpoint, [{"x": 1}] * 20)
        assert latency.requests == 20
        assert 0 < latency.p50 <= latency.p95 <= latency.p99
        with pytest.raises(LocalRunError, match="answered 400 to a record: x is negative"):
            measured(endpoint, [{"x": 1}, {"x": -1}])
        with pytest.raises(LocalRunError, match="answered trace latency-0 with trace none"):
            measured(endpoint, [{"x": 7}])
    with pytest.raises(UnavailableError, match="no answer"):
        endpoint.score([b'{"x":1}\n'], "t")


def test_a_server_that_does_not_start_is_a_step_that_failed(
    place: Workplace, program: Program, tmp_path: Path
) -> None:
    program("serve.py", "raise SystemExit('error: no model')")
    with (
        pytest.raises(StepFailedError, match="The step serve failed") as failed,
        serving(place, tmp_path),
    ):
        pass
    assert failed.value.ending.last == ["error: no model"]


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(UnavailableError):
        Endpoint(1).score([b'{"x":1}\n'], "t")
