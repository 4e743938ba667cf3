"""Read requests and write replies in the protocols of AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import OperationModel
from botocore.utils import parse_timestamp
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from mlaudit.emulator import models
from mlaudit.emulator.errors import Refusal

REQUEST_ID_HEADER = "x-amzn-RequestId"
_SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/")
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is signed for and which operation it names; service None means unknown."""

    access_key: str
    region: str
    signing_name: str
    service: str | None
    operation: OperationModel | None
    labels: Mapping[str, Any]
    protocol: str

    @property
    def action(self) -> str:
        """Return the operation the way IAM names it."""
        return f"{self.signing_name}:{self.operation.name if self.operation else '?'}"


def target_of(request: Request) -> Target | None:
    """Tell what a request is for; None when it is not signed."""
    scope = _SCOPE.search(request.headers.get("Authorization", ""))
    if scope is None:
        return None
    signing_name = scope["service"].lower()
    names = models.signed_as(signing_name)
    found: tuple[str | None, OperationModel | None, Mapping[str, Any]]
    found = (names[0] if names else None, None, {})
    for name in names:
        try:
            operation, labels = get_service_router(name).match(request)
        except (NotFound, NotImplementedError):
            continue
        found = (name, operation, labels)
        break
    service, operation_model, labels = found
    return Target(
        access_key=scope["key"],
        region=scope["region"],
        signing_name=signing_name,
        service=service,
        operation=operation_model,
        labels=labels,
        protocol=_protocol(request, service),
    )


def params_of(request: Request, target: Target) -> dict[str, Any]:
    """Parse the parameters of a request whose operation is known.

    Raises:
        Refusal: the body cannot be read.
    """
    parser = PROTOCOL_PARSERS[target.protocol](target.operation, timestamp_parser=_moment)
    parts = {
        "method": request.method,
        "values": request.values,
        "headers": request.headers,
        "body": request.data,
        "url_path": request.path,
        "url_params": target.labels,
    }
    try:
        parsed: dict[str, Any] = parser.parse(parts)
    except (ValueError, TypeError, AttributeError) as error:
        raise Refusal("SerializationException", "The request body could not be read.") from error
    return {name: value for name, value in parsed.items() if value is not None}


def reply(target: Target, answer: Mapping[str, Any], request_id: str) -> Response:
    """Write the answer of an operation."""
    operation = target.operation
    serializer = get_serializer_class(target.service, target.protocol)(operation_model=operation)
    written = serializer.serialize(answer)
    response = Response(
        written["body"], status=written["status_code"], headers=dict(written["headers"])
    )
    response.headers[REQUEST_ID_HEADER] = request_id
    return response


def refusal(protocol: str, error: Refusal, request_id: str, *, head: bool = False) -> Response:
    """Write an error reply."""
    if protocol in {"json", "rest-json"}:
        body = json.dumps({"__type": error.code, "message": error.message})
        mime = "application/x-amz-json-1.1" if protocol == "json" else "application/json"
        headers = {"x-amzn-ErrorType": error.code, "x-amzn-query-error": f"{error.code};Sender"}
    else:
        body, mime, headers = _xml_error(protocol, error, request_id), "text/xml", {}
    response = Response("" if head else body, status=error.status, content_type=mime)
    response.headers.update(headers)
    response.headers[REQUEST_ID_HEADER] = request_id
    if protocol == "rest-xml":
        response.headers["x-amz-request-id"] = request_id
    return response


def unknown_operation(target: Target | None) -> Refusal:
    """Return what AWS answers to an operation it does not have."""
    protocol = target.protocol if target else "rest-json"
    name = target.action if target else "the request"
    if protocol in {"query", "ec2"}:
        return Refusal("InvalidAction", f"The action {name} is not valid for this web service.")
    if target is not None and target.service == "s3":
        text = "A header or query you provided implies functionality that is not implemented."
        return Refusal("NotImplemented", text, status=501)
    return Refusal(
        "UnknownOperationException",
        f"The emulated account does not know {name}.",
        status=404 if protocol.startswith("rest") else 400,
    )


def _protocol(request: Request, service: str | None) -> str:
    model = models.service(service) if service else None
    if model is not None:
        try:
            return str(determine_request_protocol(model, request.content_type))
        except NotImplementedError:
            return str(model.protocol)
    if "X-Amz-Target" in request.headers:
        return "json"
    return "query" if (request.content_type or "").startswith(_FORM) else "rest-json"


def _moment(value: Any) -> datetime:
    moment = parse_timestamp(value)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _xml_error(protocol: str, error: Refusal, request_id: str) -> str:
    inner = f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
    if protocol == "ec2":
        errors = f"<Errors><Error>{inner}</Error></Errors><RequestID>{request_id}</RequestID>"
        return f"<Response>{errors}</Response>"
    if protocol == "rest-xml":
        return f"<Error>{inner}<RequestId>{request_id}</RequestId></Error>"
    kind = "<Type>Sender</Type>"
    tail = f"<RequestId>{request_id}</RequestId>"
    return f"<ErrorResponse><Error>{kind}{inner}</Error>{tail}</ErrorResponse>"
