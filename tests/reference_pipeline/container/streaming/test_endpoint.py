"""How a SageMaker endpoint is asked, and what its errors mean."""

from __future__ import annotations

import io
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from mlaudit_reference.container.streaming.endpoint import SageMakerModel
from mlaudit_reference.container.streaming.ports import RefusedError, UnavailableError

ASKED = {
    "EndpointName": "credit",
    "Body": b'{"a":1}\n{"a":2}\n',
    "ContentType": "application/jsonlines",
    "Accept": "application/json",
    "CustomAttributes": "trace_id=1-abc",
    "InferenceComponentName": "component",
}


@pytest.fixture
def client() -> Any:
    return boto3.client(
        "sagemaker-runtime",
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def ask(client: Any) -> Any:
    model = SageMakerModel(client, "credit", {"InferenceComponentName": "component"})
    return model.score([b'{"a":1}\n', b'{"a":2}\n'], "1-abc")


def test_records_go_as_lines_with_the_trace_and_come_back_in_order(client: Any) -> None:
    content = b'{"predictions": [0.1, 0.2]}'
    body = StreamingBody(io.BytesIO(content), len(content))
    with Stubber(client) as stub:
        stub.add_response("invoke_endpoint", {"Body": body}, ASKED)
        assert ask(client) == [0.1, 0.2]


@pytest.mark.parametrize(
    ("code", "original", "expected"),
    [
        ("ModelError", 400, RefusedError),
        ("ModelError", 500, UnavailableError),
        ("ModelError", 429, UnavailableError),
        ("ThrottlingException", None, UnavailableError),
        ("ValidationError", None, UnavailableError),
        ("AccessDeniedException", None, UnavailableError),
    ],
)
def test_what_an_error_means(
    client: Any, code: str, original: int | None, expected: type[Exception]
) -> None:
    more = {} if original is None else {"OriginalStatusCode": original}
    with Stubber(client) as stub:
        stub.add_client_error("invoke_endpoint", code, "why", modeled_fields=more)
        with pytest.raises(expected, match="why"):
            ask(client)


def test_a_body_that_breaks_off_is_an_endpoint_that_did_not_answer(client: Any) -> None:
    body = StreamingBody(io.BytesIO(b"[0.1"), 100)
    with Stubber(client) as stub:
        stub.add_response("invoke_endpoint", {"Body": body}, ASKED)
        with pytest.raises(UnavailableError):
            ask(client)
