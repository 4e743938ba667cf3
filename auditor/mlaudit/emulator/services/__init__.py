"""The services answered here; every other one is answered by moto."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator import cloudformation, sagemaker
from mlaudit.emulator.cloud import Handler
from mlaudit.emulator.services import (
    autoscaling,
    batch,
    codebuild,
    codepipeline,
    datazone,
    detectors,
    event_sources,
    event_stores,
    glue_quality,
    greengrass,
    log_detectors,
    macie,
    mwaa,
    quotas,
    runtime,
    stepfunctions,
    tagging,
    trail,
)

HANDLERS: Mapping[str, Mapping[str, Handler]] = {
    "application-autoscaling": autoscaling.HANDLERS,
    "batch": batch.HANDLERS,
    "cloudformation": cloudformation.HANDLERS,
    "cloudtrail": {**trail.HANDLERS, **event_stores.HANDLERS},
    "cloudwatch": detectors.HANDLERS,
    "codebuild": codebuild.HANDLERS,
    "codepipeline": codepipeline.HANDLERS,
    "datazone": datazone.HANDLERS,
    "glue": glue_quality.HANDLERS,
    "greengrassv2": greengrass.HANDLERS,
    "lambda": event_sources.HANDLERS,
    "logs": log_detectors.HANDLERS,
    "macie2": macie.HANDLERS,
    "mwaa": mwaa.HANDLERS,
    "resourcegroupstaggingapi": tagging.HANDLERS,
    "sagemaker": sagemaker.HANDLERS,
    "sagemaker-runtime": runtime.HANDLERS,
    "service-quotas": quotas.HANDLERS,
    "stepfunctions": stepfunctions.HANDLERS,
}

# Services of which moto answers nothing: what is not above is refused.
WHOLE = frozenset(HANDLERS) - {"cloudwatch", "cloudtrail", "lambda", "logs", "glue"}
