"""SageMaker's inference: there is no container to answer, so nothing is answered."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal


def invoke(_: Call) -> Record:
    """Refuse to invent a prediction."""
    raise Refusal("UnknownOperationException", "Models are not run here.", status=404)


HANDLERS: Mapping[str, Handler] = {
    "InvokeEndpoint": invoke,
    "InvokeEndpointAsync": invoke,
    "InvokeEndpointWithResponseStream": invoke,
}
