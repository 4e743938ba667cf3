"""The model behind a SageMaker endpoint, asked in JSON lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from mlaudit_reference.container.streaming.exchange import (
    JSON,
    JSON_LINES,
    failure,
    predictions,
)
from mlaudit_reference.container.streaming.ports import UnavailableError


class Runtime(Protocol):
    """What is used of boto3's client for the SageMaker runtime."""

    def invoke_endpoint(self, **request: Any) -> Mapping[str, Any]:
        """InvokeEndpoint."""
        ...


@dataclass(frozen=True)
class SageMakerModel:
    """An endpoint.

    Attributes:
        client: The client.
        endpoint: The endpoint's name.
        target: More of InvokeEndpoint, such as ``InferenceComponentName`` or ``TargetModel``.
    """

    client: Runtime
    endpoint: str
    target: Mapping[str, str] = field(default_factory=dict)

    def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
        """Ask the endpoint (``InvokeEndpoint``); the trace id goes as a custom attribute.

        Raises:
            UnavailableError: It did not answer, or not with one prediction per record.
            RefusedError: The container answered with a status that blames the records.
        """
        try:
            answer = self.client.invoke_endpoint(
                EndpointName=self.endpoint,
                Body=b"".join(lines),
                ContentType=JSON_LINES,
                Accept=JSON,
                CustomAttributes=f"trace_id={trace_id}",
                **self.target,
            )
            body = answer["Body"].read()
        except ClientError as error:
            raise failure(_status(error), str(error)) from error
        except BotoCoreError as error:
            raise UnavailableError(str(error)) from error
        return predictions(body, len(lines))


def _status(error: ClientError) -> int:
    """The container's own status of a ModelError (``OriginalStatusCode``); 0 of other errors."""
    answer: Mapping[str, Any] = error.response
    return int(answer.get("OriginalStatusCode", 0))
