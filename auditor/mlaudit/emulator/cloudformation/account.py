"""The account's own API, called from inside on behalf of whoever called CloudFormation."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import BotoCoreError, ClientError
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from mlaudit.emulator import clock
from mlaudit.emulator.cloud import Call, Door, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.moto_repairs import MARKS_HEADER

_SECRET = "emulated-account-has-no-secrets"
_NOTHING_OF_THE_USER = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
_BY_HEADER = "x-mlaudit-by"
_URL = "http://127.0.0.1"

# Operations that take no tags of AWS from anybody in the emulated account.
_UNMARKED = frozenset(
    [
        ("firehose", "CreateDeliveryStream"),
        ("firehose", "TagDeliveryStream"),
        ("s3", "PutBucketTagging"),
    ]
)

_caller: ContextVar[Call] = ContextVar("mlaudit_emulator_caller")
_marks: ContextVar[dict[str, str]] = ContextVar("mlaudit_emulator_marks")


@dataclass(frozen=True, slots=True)
class Account:
    """What CloudFormation may do: what its caller may."""

    call: Call

    def ask(self, service: str, operation: str, params: Record) -> Record:
        """Make one call, refused and throttled as the caller's own would be.

        Args:
            service: The name botocore gives the service.
            operation: The operation, such as ``CreateBucket``.
            params: Its parameters.

        Raises:
            Refusal: The service answered with an error, or would not take the parameters.
        """
        marks: dict[str, str] = {}
        if (service, operation) in _UNMARKED:
            params, marks = _parted(params)
        with _on_behalf_of(self.call, marks):
            client = _client(service, self.call.region)
            try:
                answer: Record = getattr(client, xform_name(operation))(**params)
            except ClientError as error:
                raise _refused(error) from error
            except BotoCoreError as error:
                raise Refusal("ValidationException", str(error)) from error
        return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


class _CallersCredentials(Credentials):
    """The key of whoever is calling at the moment, so that clients can be shared."""

    def __init__(self) -> None:
        super().__init__("", _SECRET)

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        return ReadOnlyCredentials(_door().key, _SECRET, None)


class _Body(BytesIO):
    """The body of an answer in the form botocore reads from a connection."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


@contextmanager
def _on_behalf_of(call: Call, marks: dict[str, str]) -> Iterator[None]:
    tokens = _caller.set(call), _marks.set(marks)
    try:
        yield
    finally:
        _caller.reset(tokens[0])
        _marks.reset(tokens[1])


def _parted(params: Any) -> tuple[Any, dict[str, str]]:
    """Return parameters without the tags that are AWS's own, and these."""
    marks: dict[str, str] = {}
    if isinstance(params, dict):
        parts = {key: _parted(value) for key, value in params.items()}
        for _, found in parts.values():
            marks |= found
        return {key: part for key, (part, _) in parts.items()}, marks
    if not isinstance(params, list):
        return params, marks
    kept = []
    for item in params:
        if isinstance(item, dict) and str(item.get("Key", "")).startswith("aws:"):
            marks[item["Key"]] = item["Value"]
        else:
            kept.append(item)
    return kept, marks


@cache
def _session() -> Any:
    session: Any = botocore.session.Session(session_vars=_NOTHING_OF_THE_USER)
    session._credentials = _CallersCredentials()  # noqa: SLF001 - set_credentials makes its own
    return session


@cache
def _client(service: str, region: str) -> Any:
    client = _session().create_client(
        service,
        region_name=region,
        endpoint_url=_URL,
        config=Config(
            retries={"total_max_attempts": 1},
            inject_host_prefix=False,
            proxies={},
            s3={"addressing_style": "path"},
            disable_request_compression=True,
        ),
    )
    client.meta.events.register("before-send", _through_the_door)
    return client


def _through_the_door(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
    """Hand a request to the server that it is called in, without a connection."""
    call = _caller.get()
    headers = {
        name: value.decode() if isinstance(value, bytes) else str(value)
        for name, value in dict[str, Any](request.headers).items()
    }
    headers[clock.AT_HEADER] = call.now.isoformat()
    if call.by:
        headers[_BY_HEADER] = call.by
    if _marks.get():
        headers[MARKS_HEADER] = json.dumps(_marks.get())
    door = _door()
    builder = EnvironBuilder(
        path="/" + request.url.removeprefix(_URL).lstrip("/"),
        base_url=f"http://{door.host}",
        method=request.method,
        headers=headers,
        data=_bytes(request.body),
    )
    response = Response.from_app(door.enter, builder.get_environ(), buffered=True)
    return AWSResponse(request.url, response.status_code, response.headers, _Body(response.data))


def _door() -> Door:
    door = _caller.get().door
    if door is None:
        raise Refusal("InternalFailure", "CloudFormation was called from nowhere.", status=500)
    return door


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, (bytes, bytearray)) else bytes(body.read())


def _refused(error: ClientError) -> Refusal:
    told = error.response.get("Error", {})
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    return Refusal(told.get("Code", "InternalFailure"), told.get("Message", str(error)), status)
