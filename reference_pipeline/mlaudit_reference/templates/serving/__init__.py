"""The ways in which a model answers, one stack for each."""

from __future__ import annotations

from mlaudit_reference.templates.language import Stack
from mlaudit_reference.templates.serving import (
    api,
    asynchronous,
    batch,
    chain,
    components,
    edge,
    multi_model,
    realtime,
    serial,
    serverless,
    streaming,
)

STACKS: tuple[Stack, ...] = (
    realtime.STACK,
    api.STACK,
    serial.STACK,
    multi_model.STACK,
    components.STACK,
    serverless.STACK,
    asynchronous.STACK,
    batch.STACK,
    chain.STACK,
    edge.STACK,
    streaming.STACK,
)
"""What is asked comes before what asks it."""
