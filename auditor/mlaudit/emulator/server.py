"""A thread that serves the emulated account on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock, Thread

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from mlaudit.emulator import moto_app, services
from mlaudit.emulator.access import Access
from mlaudit.emulator.cloud import Cloud
from mlaudit.emulator.errors import EmulatorBusyError
from mlaudit.emulator.gateway import Gateway

LOOPBACK = "127.0.0.1"
# moto keeps one store per process, so two emulated accounts would see each other.
_only_one = Lock()


class QuietHandler(MotoRequestHandler):  # type: ignore[misc]  # moto is untyped
    """Serve requests without a line per request on stderr."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def serving(access: Access, *, port: int, now: datetime | None) -> Iterator[str]:
    """Yield the URL of an empty emulated account; it is gone after the block.

    Raises:
        EmulatorBusyError: another one is being served by this process.
    """
    if not _only_one.acquire(blocking=False):
        raise EmulatorBusyError(
            "An emulated account is already being served by this process; "
            "leave its `with` block before starting the next one."
        )
    try:
        moto_app.reset()
        with _listening(_gateway(access, now), port) as url:
            yield url
    finally:
        moto_app.reset()
        _only_one.release()


def _gateway(access: Access, now: datetime | None) -> Gateway:
    present: Callable[[], datetime] = (lambda: now) if now else (lambda: datetime.now(UTC))
    cloud = Cloud(handlers=services.HANDLERS, whole=services.WHOLE, now=present())
    return Gateway(cloud, access, present)


@contextmanager
def _listening(gateway: Gateway, port: int) -> Iterator[str]:
    server = make_server(LOOPBACK, port, gateway, threaded=True, request_handler=QuietHandler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
