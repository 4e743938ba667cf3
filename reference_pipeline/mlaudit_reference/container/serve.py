"""A server for images that bring none, and for local runs: the contract of hosting containers.

``/ping`` and ``/invocations``; with ``--multi-model`` the contract of multi-model endpoints:
``/models`` (load, list), ``/models/NAME`` (describe, unload) and ``/models/NAME/invoke``.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import FrameType
from typing import Any
from urllib.parse import unquote, urlsplit

from mlaudit_reference.container import payloads, tracing
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.locations import root
from mlaudit_reference.container.logs import log
from mlaudit_reference.container.models import Models
from mlaudit_reference.container.payloads import RequestError
from mlaudit_reference.container.serving import Request, answer, opened, part_said

_LONGEST_BODY = 100 * 1024 * 1024
"""Bytes; the most that batch transform sends."""
_SINGLE = "model"
_HANG_UP_SECONDS = 60

Reply = tuple[HTTPStatus, str, str]
"""Status, body, content type."""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection; what it serves stands in ``models``."""

    protocol_version = "HTTP/1.1"
    timeout = _HANG_UP_SECONDS
    # Headers and body leave together: apart, the body waits 40 ms for the headers' acknowledgement.
    wbufsize = -1
    models: Models
    is_multi: bool

    def do_GET(self) -> None:
        """``/ping``, ``/models`` and ``/models/NAME``."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """``/invocations``, ``/models`` and ``/models/NAME/invoke``."""
        self._answer(self._post)

    def do_DELETE(self) -> None:
        """``/models/NAME``."""
        self._answer(self._delete)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Say nothing: answering a request logs it."""

    def _get(self, parts: Sequence[str], _body: bytes) -> Reply:
        match parts:
            case ["ping"]:
                return HTTPStatus.OK, "", payloads.JSON
            case ["models"] if self.is_multi:
                return _json({"models": self.models.listed()})
            case ["models", name] if self.is_multi:
                return _json(self.models.described(name))
        return self._nothing()

    def _post(self, parts: Sequence[str], body: bytes) -> Reply:
        match parts:
            case ["invocations"] if not self.is_multi:
                return self._invoke(_SINGLE, body)
            case ["models"] if self.is_multi:
                return self._load(body)
            case ["models", name, "invoke"] if self.is_multi:
                return self._invoke(name, body)
        return self._nothing()

    def _delete(self, parts: Sequence[str], _body: bytes) -> Reply:
        match parts:
            case ["models", name] if self.is_multi:
                self.models.unload(name)
                return _json({"status": f"{name} is unloaded"})
        return self._nothing()

    def _nothing(self) -> Reply:
        raise RequestError("there is nothing at this address", HTTPStatus.NOT_FOUND)

    def _load(self, body: bytes) -> Reply:
        try:
            said = json.loads(body)
            name, url = str(said["model_name"]), str(said["url"])
        except (KeyError, TypeError, ValueError) as wrong:
            raise RequestError("the body needs model_name and url") from wrong
        self.models.load(name, Path(url))
        return _json({"status": f"{name} is loaded"})

    def _invoke(self, name: str, body: bytes) -> Reply:
        kind = self.headers.get("Content-Type", payloads.JSON)
        said = answer(self.models.get(name), Request(body, kind, self._trace))
        accept = self.headers.get("Accept", payloads.JSON)
        text, content_type = payloads.written(said.predictions, said.trace, accept)
        return HTTPStatus.OK, text, content_type

    def _answer(self, reply: Callable[[Sequence[str], bytes], Reply]) -> None:
        self._trace = tracing.trace_id(dict(self.headers.items()))
        try:
            parts = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
            self._send(*reply(parts, self._body()))
        except RequestError as wrong:
            self._refuse(wrong.status, str(wrong))
        except (LookupError, RuntimeError, TypeError, ValueError) as broken:
            # What frameworks raise when a model does not do what it should.
            log("failed", trace_id=self._trace, status=500, error=type(broken).__name__)
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "the model failed")

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        problem = {"error": why, "trace_id": self._trace}
        self._send(status, json.dumps(problem), payloads.JSON)

    def _body(self) -> bytes:
        said = self.headers.get("Content-Length", "0")
        if not said.isdecimal() or int(said) > _LONGEST_BODY:
            # What is left unread of a body would be taken for the next request.
            self.close_connection = True
            raise RequestError("the body is too long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.rfile.read(int(said))

    def _send(self, status: HTTPStatus, text: str, content_type: str) -> None:
        body = text.encode("utf-8")
        self.send_response(status)
        headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
        headers |= {"Connection": "close"} if self.close_connection else {}
        for name, value in {**headers, **tracing.answer_headers(self._trace)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """One thread a connection."""

    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        """Bind, without asking for the name of this machine: an isolated container has no DNS."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "", self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """Say in one line that a caller hung up, or what else went wrong."""
        kind, wrong, _ = sys.exc_info()
        log("broken", error=kind.__name__ if kind else "", reason=str(wrong))


def _json(document: Any) -> Reply:
    return HTTPStatus.OK, json.dumps(document), payloads.JSON


def server(models: Models, port: int, *, is_multi: bool, host: str) -> Server:
    """A server that is bound and not yet running; port 0 takes a free one."""
    known = {"models": models, "is_multi": is_multi}
    return Server((host, port), type("BoundHandler", (Handler,), known))


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until told to stop."""
    said = _arguments(argv)
    models = Models(said.most_models)
    try:
        if not said.multi_model:
            models.put(_SINGLE, said.model, opened(said.model, part_said()))
        serving = server(models, said.port, is_multi=said.multi_model, host=said.host)
    except (InputError, OSError) as wrong:
        sys.stderr.write(f"error: {wrong}\n")
        return 1
    _run(serving)
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says, and else the environment that SageMaker gives a container."""
    told = os.environ.get
    port = told("SAGEMAKER_BIND_TO_PORT", "8080")
    is_multi = told("SAGEMAKER_MULTI_MODEL", "").lower() == "true"
    parser = argparse.ArgumentParser(description="Serve a model over HTTP.")
    parser.add_argument("command", nargs="?", choices=["serve"], help="what SageMaker says: serve")
    parser.add_argument("--model", type=Path, default=root() / "model", help="its folder")
    parser.add_argument("--host", default="0.0.0.0", help="where to listen")  # noqa: S104 - a container
    parser.add_argument("--port", type=int, default=port, help="where to listen; 0: a free port")
    parser.add_argument(
        "--multi-model", action="store_true", default=is_multi, help="load models when told to"
    )
    parser.add_argument("--most-models", type=int, default=32, help="how many may be loaded")
    return parser.parse_args(argv)


def _run(serving: Server) -> None:
    signal.signal(signal.SIGTERM, _stop)
    log("serving", port=serving.server_port)
    try:
        serving.serve_forever()
    except KeyboardInterrupt:
        log("stopped")
    finally:
        serving.server_close()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
