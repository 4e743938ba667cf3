"""From an error of AWS, or of the way to it, to the reason of a gap."""

import json
import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mlaudit.collect.failures import nobody_serves, reason_of
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import UnseenError
from mlaudit.collect.session import AwsApi
from mlaudit.model import Gap, GapReason

PAGE = "<!doctype html><title>500 Internal Server Error</title>"

TABLE = [
    ("AccessDenied", "", 403, GapReason.DENIED),
    ("AccessDeniedException", "User is not authorized", 400, GapReason.DENIED),
    ("UnauthorizedOperation", "", 403, GapReason.DENIED),
    ("KmsAccessDeniedException", "", 400, GapReason.DENIED),
    ("ExpiredTokenException", "", 400, GapReason.DENIED),
    ("403", "Forbidden", 403, GapReason.DENIED),
    ("401", "", 401, GapReason.DENIED),
    ("ThrottlingException", "Rate exceeded", 400, GapReason.THROTTLED),
    ("Throttling", "", 400, GapReason.THROTTLED),
    ("TooManyRequestsException", "", 429, GapReason.THROTTLED),
    ("SlowDown", "", 503, GapReason.THROTTLED),
    ("429", "", 429, GapReason.THROTTLED),
    ("UnrecognizedClientException", "token is invalid", 400, GapReason.REGION_OFF),
    ("InvalidClientTokenId", "", 403, GapReason.REGION_OFF),
    ("OptInRequired", "", 403, GapReason.REGION_OFF),
    ("UnknownOperationException", "", 400, GapReason.UNSUPPORTED),
    ("InvalidAction", "", 400, GapReason.UNSUPPORTED),
    ("404", "Not yet implemented", 404, GapReason.UNSUPPORTED),
    ("InternalFailure", "Not yet implemented", 500, GapReason.UNSUPPORTED),
    ("500", PAGE, 500, GapReason.UNSUPPORTED),
    ("501", "", 501, GapReason.UNSUPPORTED),
    ("500", "the service broke", 500, GapReason.FAILED),
    ("503", "<html>busy</html>", 503, GapReason.FAILED),
    ("InternalFailure", "", 500, GapReason.FAILED),
    ("AccessDeniedException", "Macie is not enabled.", 403, GapReason.GONE),
    ("ResourceNotFound", "", 400, GapReason.GONE),
    ("ResourceNotFoundException", "", 404, GapReason.GONE),
    ("NoSuchBucket", "", 404, GapReason.GONE),
    ("StateMachineDoesNotExist", "", 400, GapReason.GONE),
    ("ValidationException", 'Could not find endpoint "a".', 400, GapReason.GONE),
    ("ValidationException", "Cannot find Workforce a", 400, GapReason.GONE),
    ("ValidationException", "Requested resource not found.", 400, GapReason.GONE),
    ("ValidationException", "ModelPackage arn:aws:x does not exist.", 400, GapReason.GONE),
    ("ClientException", "Job Queue a does not exist", 400, GapReason.GONE),
    ("ValidationException", "1 validation error detected", 400, GapReason.FAILED),
    ("ValidationException", "the filter could not find a member", 400, GapReason.FAILED),
    ("SomethingElse", "Could not find it", 400, GapReason.FAILED),
]


@pytest.mark.parametrize(("code", "message", "status", "reason"), TABLE)
def test_reason(code: str, message: str, status: int, reason: GapReason) -> None:
    assert reason_of(code, message, status) is reason


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        ("UnknownOperationException", GapReason.UNSUPPORTED, True),
        ("404", GapReason.UNSUPPORTED, True),
        ("MethodNotAllowed", GapReason.UNSUPPORTED, False),
        ("OperationNotSupportedException", GapReason.UNSUPPORTED, False),
        ("403", GapReason.DENIED, False),
    ],
)
def test_only_an_unknown_operation_is_unknown_for_every_subject(
    code: str,
    reason: GapReason,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    assert nobody_serves(Gap("s3:GetBucketVersioning", "eu-west-1", code, reason)) is expected


@pytest.fixture
def answering() -> Iterator[Callable[..., AwsApi]]:
    """Makes an api over a server on loopback that gives one answer to everything."""
    servers: list[HTTPServer] = []

    def make(status: int, body: bytes, headers: dict[str, str]) -> AwsApi:
        class Answer(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = _answer  # noqa: N815 - named by the standard library

            def log_message(self, *_: Any) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        Thread(target=server.serve_forever, args=(0.01,)).start()
        return _api(f"http://127.0.0.1:{server.server_port}")

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def _api(endpoint: str) -> AwsApi:
    session = boto3.Session("key", "secret", region_name="eu-west-1")
    once = Config(retries={"total_max_attempts": 1}, read_timeout=0.2, connect_timeout=0.2)
    session._session.set_default_client_config(once)  # noqa: SLF001 - no retries in tests
    return AwsApi(session, endpoint, [SEARCH, ALARMS, VERSIONING, EVENT])


SEARCH = Operation("sagemaker", "Search")
ALARMS = Operation("cloudwatch", "DescribeAlarms")
VERSIONING = Operation("s3", "GetBucketVersioning")
EVENT = Operation("datazone", "GetLineageEvent")
JSON = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": "request-7"}
HTML = {"Content-Type": "text/html"}


def _failure(api: AwsApi, operation: Operation, **params: Any) -> Gap:
    with pytest.raises(UnseenError) as failure:
        api.call(operation, "eu-west-1", params)
    return failure.value.gap


@pytest.mark.parametrize(
    ("status", "document", "code", "reason"),
    [
        (400, {"__type": "AccessDeniedException"}, "AccessDeniedException", GapReason.DENIED),
        (400, {"__type": "a.b#ResourceNotFound"}, "ResourceNotFound", GapReason.GONE),
        (
            400,
            {"__type": "ValidationException", "message": "Could not find it."},
            "ValidationException",
            GapReason.GONE,
        ),
    ],
)
def test_an_error_of_aws_keeps_its_code_and_request_id(
    answering: Any, status: int, document: Any, code: str, reason: GapReason
) -> None:
    gap = _failure(answering(status, json.dumps(document).encode(), JSON), SEARCH, Resource="Model")
    assert gap == Gap("sagemaker:Search", "eu-west-1", code, reason, "request-7")


def test_a_page_in_place_of_an_answer_is_an_unknown_operation(answering: Any) -> None:
    gap = _failure(answering(500, PAGE.encode(), HTML), SEARCH, Resource="Model")
    assert (gap.code, gap.reason) == ("500", GapReason.UNSUPPORTED)


def test_a_page_where_a_binary_answer_belongs_is_a_gap(answering: Any) -> None:
    gap = _failure(answering(500, PAGE.encode(), HTML), ALARMS)
    assert gap.reason in {GapReason.UNSUPPORTED, GapReason.FAILED}


def test_what_is_streamed_is_read(answering: Any) -> None:
    asked = {"domainIdentifier": "dzd_1234567", "identifier": "a" * 14}
    reply = answering(200, b"content", {}).call(EVENT, "eu-west-1", asked)
    assert reply["event"] == b"content"


def test_a_stream_that_ends_early_is_a_gap(answering: Any) -> None:
    asked = {"domainIdentifier": "dzd_1234567", "identifier": "a" * 14}
    gap = _failure(answering(200, b"content", {"Content-Length": "99"}), EVENT, **asked)
    assert gap.reason is GapReason.FAILED


def test_an_answer_that_cannot_be_parsed_is_a_gap(answering: Any) -> None:
    xml = {"Content-Type": "application/xml"}
    gap = _failure(answering(200, b"<not xml", xml), VERSIONING, Bucket="a")
    assert gap.reason is GapReason.FAILED


def test_nobody_listening_is_a_gap() -> None:
    gap = _failure(_api("http://127.0.0.1:9"), SEARCH, Resource="Model")
    assert (gap.code, gap.reason) == ("EndpointConnectionError", GapReason.FAILED)


def test_a_name_that_nobody_knows_is_a_region_that_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    gap = _failure(_api("http://localhost:9"), SEARCH, Resource="Model")
    assert (gap.code, gap.reason) == ("EndpointConnectionError", GapReason.REGION_OFF)


def test_a_request_botocore_refuses_is_a_gap() -> None:
    gap = _failure(_api("http://127.0.0.1:9"), SEARCH, Resource=7)
    assert (gap.code, gap.reason) == ("ParamValidationError", GapReason.FAILED)
