"""The front of the server: who calls what, may they, and who answers."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from itertools import count
from typing import Any

from moto.core.request import Request
from werkzeug.wrappers import Response

from mlaudit.emulator import clock, moto_app, moto_repairs, wire
from mlaudit.emulator.access import AUDITOR_KEY, Access
from mlaudit.emulator.cloud import Call, Cloud, Door, Record
from mlaudit.emulator.errors import ImpossibleReplyError, Refusal
from mlaudit.emulator.services import trail
from mlaudit.emulator.wire import Target
from mlaudit.emulator.worlds import World

_WHO = "sts:GetCallerIdentity"
BECOMES_HEADER = "x-mlaudit-becomes"
BY_HEADER = "x-mlaudit-by"
TIME_MARK = "x-mlaudit-time"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gateway:
    """A WSGI application that answers as AWS does, or refuses as AWS does."""

    cloud: Cloud
    access: Access
    present: Callable[[], datetime]
    world: World
    moto: Callable[[dict[str, Any], Any], Iterable[bytes]] = field(
        default_factory=moto_app.application
    )
    numbers: Any = field(default_factory=lambda: count(1))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one HTTP request."""
        request = _buffered(environ)
        request_id = f"{next(self.numbers):08x}-0000-4000-8000-000000000000"
        target = wire.target_of(request)
        moment = request.headers.get(clock.AT_HEADER)
        with (
            self.world.entered(),
            clock.at(datetime.fromisoformat(moment) if moment else self.present()),
        ):
            response = self._respond(request, target, request_id)
        sent: Iterable[bytes] = response(environ, start_response)
        return sent

    def _respond(self, request: Request, target: Target | None, request_id: str) -> Response:
        try:
            return self._answer(request, target, request_id)
        except Refusal as error:
            protocol = target.protocol if target else "rest-json"
            return wire.refusal(protocol, error, request_id, head=request.method == "HEAD")

    def _answer(self, request: Request, target: Target | None, request_id: str) -> Response:
        if target is None or target.service is None:
            raise wire.unknown_operation(target)
        self.access.admit(target)
        if target.operation is None:
            raise wire.unknown_operation(target)
        account = self.access.account_of(target.access_key)
        if self.cloud.knows(target.service, target.operation.name):
            answer = self._invoke(request, target, account)
            return wire.reply(target, answer, request_id)
        if target.service in self.cloud.whole:
            raise wire.unknown_operation(target)
        if target.action == _WHO and target.access_key == AUDITOR_KEY:
            return wire.reply(target, self.access.identity(), request_id)
        response = moto_app.forward(self.moto, request, target, account)
        if response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            moto_repairs.repair(request, target, account)
        response.headers[wire.REQUEST_ID_HEADER] = request_id
        return response

    def _invoke(self, request: Request, target: Target, account: str) -> Record:
        call = Call(
            cloud=self.cloud,
            service=target.service or "",
            operation=target.operation.name if target.operation else "",
            params=wire.params_of(request, target),
            account=account,
            region=target.region,
            now=clock.now(),
            becomes=_becomes(request),
            by=request.headers.get(BY_HEADER, ""),
            door=Door(self, request.host, target.access_key),
        )
        try:
            answer = self.cloud.invoke(call)
        except ImpossibleReplyError as error:
            _log.error("%s", error)
            raise Refusal("InternalFailure", str(error), status=500) from error
        trail.record(call)
        return answer


def _buffered(environ: dict[str, Any]) -> Request:
    body = Request(environ).get_data()
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    request = Request(environ)
    request.get_data()
    return request


def _becomes(request: Request) -> Record:
    text = request.headers.get(BECOMES_HEADER)
    decoded: Record = json.loads(base64.b64decode(text), object_hook=_times) if text else {}
    return decoded


def _times(value: Record) -> Any:
    """Return the moment that a marked value stands for, any other value as it is."""
    return datetime.fromisoformat(value[TIME_MARK]) if set(value) == {TIME_MARK} else value
