"""The four handlers that SageMaker's framework images call (``model_fn`` to ``output_fn``).

Images differ in whether they pass a context on; without one a request has a new trace id.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from mlaudit_reference.container import payloads, tracing
from mlaudit_reference.container.payloads import RequestError
from mlaudit_reference.container.serving import Answer, Request, Served, answer, opened, part_said


def model_fn(model_dir: str, context: Any = None) -> Served:  # noqa: ARG001 - the image's signature
    """Load the model in a folder.

    Raises:
        InputError: There is none that can be used.
    """
    return opened(Path(model_dir), part_said())


def input_fn(body: bytes | str, content_type: str, context: Any = None) -> Request:
    """Take a request as it comes; it is read with the settings of the model, by ``predict_fn``."""
    raw = body.encode("utf-8") if isinstance(body, str) else bytes(body)
    trace = tracing.trace_id(_headers(context))
    return Request(raw, content_type, trace, time.perf_counter())


def predict_fn(request: Request, served: Served, context: Any = None) -> Answer:
    """Answer a request.

    Raises:
        RequestError: It cannot be answered (400 where the image has a word for it).
    """
    if context is not None:
        for name, value in tracing.answer_headers(request.trace).items():
            context.set_response_header(0, name, value)
    try:
        return answer(served, request)
    except RequestError as wrong:
        raise _in_words_of_the_image(wrong) from wrong


def output_fn(said: Answer, accept: str, context: Any = None) -> str:  # noqa: ARG001 - see model_fn
    """The body of the answer."""
    return payloads.written(said.predictions, said.trace, accept)[0]


def _headers(context: Any) -> dict[str, str]:
    if context is None:
        return {}
    names = (tracing.TRACE_HEADER, tracing.ATTRIBUTES_HEADER)
    found = {name: context.get_request_header(0, name) for name in names}
    return {name: value for name, value in found.items() if value}


def _in_words_of_the_image(wrong: RequestError) -> Exception:
    """The error as SageMaker's inference toolkit turns it into a status; any other means 500."""
    try:
        from sagemaker_inference.errors import (  # noqa: PLC0415 - only in images
            BaseInferenceToolkitError,
        )
    except ImportError:
        return wrong
    said: Exception = BaseInferenceToolkitError(int(wrong.status), str(wrong), str(wrong))
    return said
