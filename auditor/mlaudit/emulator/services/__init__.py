"""The services answered here; every other one is answered by moto."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator import cloudformation, sagemaker
from mlaudit.emulator.cloud import Handler
from mlaudit.emulator.services import (
    autoscaling,
    batch,
    budgets,
    codebuild,
    codepipeline,
    composites,
    concurrency,
    connections,
    crawlers,
    datazone,
    detectors,
    event_sources,
    event_stores,
    glue_quality,
    greengrass,
    interfaces,
    log_detectors,
    log_queries,
    macie,
    mwaa,
    queries,
    quotas,
    runtime,
    stepfunctions,
    subscriptions,
    tagging,
    tracing,
    trail,
)

HANDLERS: Mapping[str, Mapping[str, Handler]] = {
    "apigateway": interfaces.HANDLERS,
    "application-autoscaling": autoscaling.HANDLERS,
    "athena": queries.HANDLERS,
    "batch": batch.HANDLERS,
    "budgets": budgets.HANDLERS,
    "cloudformation": cloudformation.HANDLERS,
    "cloudtrail": {**trail.HANDLERS, **event_stores.HANDLERS},
    "cloudwatch": {**detectors.HANDLERS, **composites.HANDLERS},
    "codebuild": codebuild.HANDLERS,
    "codeconnections": connections.HANDLERS,
    "codepipeline": codepipeline.HANDLERS,
    "codestar-connections": connections.HANDLERS,
    "datazone": datazone.HANDLERS,
    "glue": {**glue_quality.HANDLERS, **crawlers.HANDLERS},
    "greengrassv2": greengrass.HANDLERS,
    "lambda": {**event_sources.HANDLERS, **concurrency.HANDLERS},
    "logs": {**log_detectors.HANDLERS, **log_queries.HANDLERS},
    "macie2": macie.HANDLERS,
    "mwaa": mwaa.HANDLERS,
    "resourcegroupstaggingapi": tagging.HANDLERS,
    "sagemaker": sagemaker.HANDLERS,
    "sagemaker-runtime": runtime.HANDLERS,
    "service-quotas": quotas.HANDLERS,
    "sns": subscriptions.HANDLERS,
    "stepfunctions": stepfunctions.HANDLERS,
    "xray": tracing.HANDLERS,
}

# Services of which moto answers the rest.
_SHARED = frozenset(
    [
        "apigateway",
        "athena",
        "budgets",
        "cloudtrail",
        "cloudwatch",
        "glue",
        "lambda",
        "logs",
        "sns",
        "xray",
    ]
)
# Services of which moto answers nothing: what is not above is refused.
WHOLE = frozenset(HANDLERS) - _SHARED
