"""The services answered here; every other one is answered by moto."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator import sagemaker
from mlaudit.emulator.cloud import Handler
from mlaudit.emulator.services import (
    autoscaling,
    batch,
    event_sources,
    mwaa,
    runtime,
    stepfunctions,
    tagging,
)

HANDLERS: Mapping[str, Mapping[str, Handler]] = {
    "application-autoscaling": autoscaling.HANDLERS,
    "batch": batch.HANDLERS,
    "lambda": event_sources.HANDLERS,
    "mwaa": mwaa.HANDLERS,
    "resourcegroupstaggingapi": tagging.HANDLERS,
    "sagemaker": sagemaker.HANDLERS,
    "sagemaker-runtime": runtime.HANDLERS,
    "stepfunctions": stepfunctions.HANDLERS,
}

# Services of which moto answers nothing: what is not above is refused.
WHOLE = frozenset(HANDLERS) - {"lambda"}
