"""Put a scenario into an emulated account, or single calls, by ordinary calls of boto3."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import boto3
import botocore.session
import jmespath  # type: ignore[import-untyped]  # it has no stubs
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ParamValidationError,
    UnknownServiceError,
)
from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    OperationNotFoundError,
    Shape,
    StructureShape,
)

from mlaudit.emulator import clock
from mlaudit.emulator.access import SECRET, SEEDER_KEY
from mlaudit.emulator.errors import RefusedCallError, ScenarioError
from mlaudit.emulator.gateway import BECOMES_HEADER, BY_HEADER, TIME_MARK
from mlaudit.emulator.placeholders import UnknownPlaceholderError, filled, moment
from mlaudit.emulator.scenario import Scenario, SeedCall

# No variable of the environment, only an empty file, for what could choose other settings.
_NOTHING_OF_THE_USER = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call that takes place at a moment.

    Attributes:
        service: The service, as boto3 names it.
        operation: The API operation.
        params: Its parameters.
        at: When it takes place (UTC).
        becomes: Members of the record it makes, as AWS would have filled them in by then.
    """

    service: str
    operation: str
    params: Mapping[str, Any]
    at: datetime
    becomes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Clients:
    url: str
    session: Any
    headers: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Any] = field(default_factory=dict)

    def of(self, service: str) -> Any:
        if service not in self.clients:
            config = Config(
                retries={"total_max_attempts": 1},
                inject_host_prefix=False,
                proxies={},
                s3={"addressing_style": "path"},
                disable_request_compression=True,
            )
            client = self.session.client(service, endpoint_url=self.url, config=config)
            client.meta.events.register("before-call", self._stamp)
            self.clients[service] = client
        return self.clients[service]

    def _stamp(self, params: dict[str, Any], **_: Any) -> None:
        params["headers"].update(self.headers)


@dataclass(frozen=True, slots=True)
class _Seeder:
    now: datetime
    clients: _Clients


def seed(scenario: Scenario, url: str, now: datetime) -> None:
    """Make every call of a scenario, in order.

    Raises:
        ScenarioError: a call is not understood or was refused.
    """
    seeder = _Seeder(now, _clients(url, scenario.region))
    names: dict[str, Any] = {
        "account": scenario.account,
        "region": scenario.region,
        **scenario.values,
    }
    for call in scenario.calls:
        for each in _each(seeder, call, names):
            names |= _make(seeder, call, {**names, **each})


def caller(url: str, region: str) -> Callable[[PastCall], Mapping[str, Any]]:
    """Give what makes calls in a region of an emulated account, each at its moment.

    It answers what the service answers, and raises :class:`RefusedCallError` for a call that is not
    understood or was refused.
    """
    clients = _clients(url, region)

    def make(call: PastCall) -> Mapping[str, Any]:
        clients.headers = _headers(call.at, dict(call.becomes), "")
        try:
            client = clients.of(call.service)
            answer: Mapping[str, Any] = getattr(client, xform_name(call.operation))(**call.params)
        except (ClientError, ParamValidationError, BotoCoreError) as error:
            raise _refused(call, error) from error
        return answer

    return make


def clients_in(url: str, region: str) -> Callable[..., Any]:
    """Give what makes boto3 clients of a region of an emulated account.

    It takes a service, the moment (UTC) at which the calls of its client take place from then on,
    and the ARN of who makes them, where that matters.
    """
    made: dict[str, _Clients] = {}

    def client(service: str, at: datetime, by: str = "") -> Any:
        clients = made.setdefault(service, _clients(url, region))
        clients.headers.clear()
        clients.headers.update(_headers(at, {}, by))
        return clients.of(service)

    return client


def _refused(call: PastCall, error: ClientError | BotoCoreError) -> RefusedCallError:
    name = f"{call.service}:{call.operation}"
    if isinstance(error, ClientError):
        told = error.response["Error"]
        return RefusedCallError(name, told["Code"], told.get("Message", ""))
    return RefusedCallError(name, type(error).__name__, str(error))


def _clients(url: str, region: str) -> _Clients:
    core = botocore.session.Session(session_vars=_NOTHING_OF_THE_USER)
    session = boto3.Session(
        botocore_session=core,
        aws_access_key_id=SEEDER_KEY,
        aws_secret_access_key=SECRET,
        region_name=region,
    )
    return _Clients(url, session)


def _each(seeder: _Seeder, call: SeedCall, names: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        items = filled(call.each, names, seeder.now) if isinstance(call.each, str) else call.each
    except UnknownPlaceholderError as error:
        raise ScenarioError(f"{call.place}: {error}.") from error
    if not isinstance(items, (list, tuple)):
        raise ScenarioError(f"{call.place}: for_each is not a list.")
    return [item if isinstance(item, dict) else {"item": item} for item in items]


def _make(seeder: _Seeder, call: SeedCall, names: Mapping[str, Any]) -> dict[str, Any]:
    service, _, operation = call.call.partition(".")
    try:
        client = seeder.clients.of(service)
        at = moment(filled(call.at, names, seeder.now), seeder.now)
        params = filled(call.params, names, seeder.now)
        becomes = filled(call.becomes, names, seeder.now)
        saves = {filled(name, names, seeder.now): path for name, path in call.save.items()}
        model = client.meta.service_model.operation_model(operation)
        by = filled(call.by, names, seeder.now)
        seeder.clients.headers = _headers(at, becomes, by)
        answer = getattr(client, xform_name(operation))(**_written(params, model))
    except (UnknownPlaceholderError, UnknownServiceError, AttributeError) as error:
        raise ScenarioError(f"{call.place}: {error}.") from error
    except (ClientError, ParamValidationError, BotoCoreError) as error:
        raise ScenarioError(f"{call.place} was refused: {error}") from error
    except OperationNotFoundError as error:
        raise ScenarioError(f"{call.place}: {service} has no operation {operation}.") from error
    return {name: jmespath.search(path, answer) for name, path in saves.items()}


def _headers(at: datetime, becomes: dict[str, Any], by: str) -> dict[str, str]:
    headers = {clock.AT_HEADER: at.isoformat()}
    if by:
        headers[BY_HEADER] = by
    if becomes:
        text = json.dumps(becomes, default=_marked)
        headers[BECOMES_HEADER] = base64.b64encode(text.encode()).decode()
    return headers


def _marked(value: datetime) -> dict[str, str]:
    return {TIME_MARK: value.isoformat()}


def _written(params: dict[str, Any], model: OperationModel) -> dict[str, Any]:
    shape = model.input_shape
    written: dict[str, Any] = _serialised(params, shape) if shape is not None else params
    return written


def _serialised(value: Any, shape: Shape) -> Any:
    """Return a value with JSON text where the scenario has YAML and the service wants a string."""
    if shape.type_name == "string" and isinstance(value, (dict, list)):
        return json.dumps(value)
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = shape.members
        return {
            key: _serialised(item, members[key]) if key in members else item
            for key, item in value.items()
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_serialised(item, shape.member) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _serialised(item, shape.value) for key, item in value.items()}
    return value
