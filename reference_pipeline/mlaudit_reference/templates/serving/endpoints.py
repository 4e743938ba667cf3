"""Endpoints: what they run on, where they log, and how a new version comes to answer.

Source: CreateEndpointConfig, UpdateEndpoint and "Deployment guardrails" of SageMaker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    NOTHING,
    Properties,
    Value,
    att,
    ref,
    resource,
    sub,
)

ENDPOINT = "Endpoint"
CONFIG = "EndpointConfig"
LOGS = "EndpointLogs"

CANARY_SECONDS = 600
"""How long a new version meets its share before it gets the rest."""

BAKE_SECONDS = 600
"""How long the old fleet waits to take over again."""

ROLLOUT_SECONDS = 7200
"""After how long an update is given up."""


def log_group(manifest: Manifest, name: str) -> Properties:
    """A log group that forgets, and that is encrypted with the key of the system."""
    return resource(
        "AWS::Logs::LogGroup",
        {
            "LogGroupName": name,
            "RetentionInDays": manifest.monitoring.log_days,
            "KmsKeyId": shared.key(manifest),
        },
    )


def endpoint(
    manifest: Manifest, mode: Mode, config: Properties, deployment: Properties
) -> dict[str, Properties]:
    """An endpoint with its configuration and its log group.

    A configuration cannot be changed, so it has no name: a changed one replaces it, and the
    endpoint is updated to the new one.

    Args:
        manifest: The manifest.
        mode: How it answers.
        config: Properties of its configuration.
        deployment: How it is updated: properties of the endpoint.
    """
    name = names.endpoint(manifest, mode)
    return {
        LOGS: log_group(manifest, names.endpoint_log_group(manifest, mode)),
        CONFIG: resource(
            "AWS::SageMaker::EndpointConfig", {"KmsKeyId": shared.key(manifest), **config}
        ),
        ENDPOINT: resource(
            "AWS::SageMaker::Endpoint",
            {
                "EndpointName": name,
                "EndpointConfigName": att(CONFIG, "EndpointConfigName"),
                **deployment,
            },
            # Whichever comes first makes the log group; SageMaker's own would keep logs for ever.
            depends=[LOGS],
        ),
    }


def variant(name: str, model: str, weight: float = 1) -> Properties:
    """A variant on a model; what it runs on is added."""
    return {
        "VariantName": name,
        "ModelName": att(model, "ModelName"),
        "InitialVariantWeight": weight,
    }


LEAST_BUSY: Properties = {"RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"}}
"""Each request goes to the instance that is least busy."""


def on_instances(instance_type: str, count: int) -> Properties:
    """Instances of a variant."""
    return {"InstanceType": instance_type, "InitialInstanceCount": count}


def capture(manifest: Manifest, percent: int) -> Properties:
    """Data capture of requests and answers; nothing at zero percent.

    SageMaker adds the endpoint, the variant and the hour to the place.
    """
    if not percent:
        return NOTHING
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": percent,
        "DestinationS3Uri": sub(
            f"s3://${{Bucket}}/{names.CAPTURED.rstrip('/')}",
            {"Bucket": shared.data_bucket(manifest)},
        ),
        "KmsKeyId": shared.key(manifest),
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        # What is captured as JSON can be read as it is; anything else is base64.
        "CaptureContentTypeHeader": {
            "CsvContentTypes": ["text/csv"],
            "JsonContentTypes": ["application/json", "application/jsonlines"],
        },
    }


def write_captured(manifest: Manifest) -> Sequence[Properties]:
    """Permission to keep requests and answers."""
    return shared.write_objects(shared.data_bucket(manifest), names.CAPTURED)


def canary(percent: int, alarms: Iterable[str]) -> Properties:
    """Move traffic in two steps, and take it back when an alarm goes off."""
    return _guarded(
        {
            "Type": "CANARY",
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": percent},
            "WaitIntervalInSeconds": CANARY_SECONDS,
        },
        alarms,
    )


RETAINED: Properties = {
    "RetainAllVariantProperties": True,
    "ExcludeRetainedVariantProperties": [
        {"VariantPropertyType": "DesiredWeight"},
        {"VariantPropertyType": "DataCaptureConfig"},
    ],
}
"""An update leaves how many instances run as scaling has set it; weights and capture come from the
new configuration."""


def all_at_once(alarms: Iterable[str]) -> Properties:
    """Move traffic to a second fleet at once, and back when an alarm goes off.

    For fleets of one instance, of which no share can be a canary.
    """
    # The API asks for the interval between steps even where there is one step alone.
    return _guarded({"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}, alarms)


def _guarded(routing: dict[str, Any], alarms: Iterable[str]) -> Properties:
    watched: list[Value] = [{"AlarmName": ref(each)} for each in alarms]
    return {
        "DeploymentConfig": {
            "BlueGreenUpdatePolicy": {
                "TrafficRoutingConfiguration": routing,
                "TerminationWaitInSeconds": BAKE_SECONDS,
                "MaximumExecutionTimeoutInSeconds": ROLLOUT_SECONDS,
            },
            "AutoRollbackConfiguration": {"Alarms": watched},
        }
    }
