"""A thread that serves the emulated account on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Thread

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from mlaudit.emulator import services
from mlaudit.emulator.access import Access
from mlaudit.emulator.cloud import Cloud
from mlaudit.emulator.gateway import Gateway
from mlaudit.emulator.worlds import World

LOOPBACK = "127.0.0.1"


class QuietHandler(MotoRequestHandler):  # type: ignore[misc]  # moto is untyped
    """Serve requests without a line per request on stderr."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def serving(
    access: Access, *, port: int, present: Callable[[], datetime], ids: str = ""
) -> Iterator[str]:
    """Yield the URL of an empty emulated account; it is gone after the block."""
    cloud = Cloud(handlers=services.HANDLERS, whole=services.WHOLE, present=present, ids=ids)
    world = World()
    try:
        with _listening(Gateway(cloud, access, present, world), port) as url:
            yield url
    finally:
        world.forget()


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
