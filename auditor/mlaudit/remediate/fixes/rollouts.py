"""Bring what serves over to a configuration that keeps requests, in a way that leads back.

One update of an endpoint does both: it goes to a new configuration step by step, and alarms bring
the old one back. Sources: the SageMaker developer guide on deployment guardrails and their
exclusions, on data capture, and on serverless endpoints; ``UpdateEndpoint``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mlaudit.capabilities.logging import inference_records
from mlaudit.capabilities.rollouts import Rollout, rollouts
from mlaudit.capabilities.serving import PLACEMENT_KINDS, Placement
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Sight
from mlaudit.remediate.fixes.alarms import guarding
from mlaudit.remediate.fixes.naming import SHORT, name_for, tags_for
from mlaudit.remediate.fixes.places import bucket_for_requests
from mlaudit.remediate.fixes.scaling import target_of
from mlaudit.resources import (
    Bucket,
    BucketProtection,
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    ResourceTags,
    ScalableTarget,
    Variant,
)
from mlaudit.sight import View

BAKE_SECONDS = 600
"""How long alarms watch the canary, and then the whole new fleet beside the old one."""
_MOST_ALARMS = 10
"""What an auto-rollback takes (``AutoRollbackConfig``)."""
_TWO = 2
"""A canary is at most half of the fleet."""
_BOTH_WAYS = frozenset({"Input", "Output"})
_EXCLUDED = "ml.inf1."
"""Instances that guardrails do not work with."""
_OF_AWS = "aws:"


@dataclass(frozen=True, slots=True)
class _Update:
    """One update of an endpoint.

    Attributes:
        endpoint: The endpoint.
        config: What it serves with.
        bucket: Where requests will be kept; ``None`` where nothing has to change about that.
        unkept: Why they cannot be kept, in words; empty where they are or will be.
        alarms: The names of the alarms that bring the old configuration back.
    """

    endpoint: Endpoint
    config: EndpointConfig
    bucket: str | None
    unkept: str
    alarms: tuple[str, ...]


def capture_and_rollback(sight: Sight) -> Iterator[Change]:
    """Update each endpoint that keeps no requests, or whose last update had no way back."""
    made = {(each.kind, *each.key.values()): each for each in _changes(sight)}
    yield from made.values()  # what several endpoints need, such as a topic, is made once


def _changes(sight: Sight) -> Iterator[Change]:
    view = sight.view
    if not view.sees(*PLACEMENT_KINDS, InferenceComponent, ResourceTags, ScalableTarget):
        return  # what runs on an endpoint, and the tags of its configuration, have to be known
    for endpoint, config in _updatable(view):
        alarms, made = guarding(sight, endpoint.arn)
        update = _update(sight, endpoint, config, alarms[:_MOST_ALARMS])
        if alarms and update and (update.bucket or not _is_guarded(view, endpoint)):
            yield from made
            if update.bucket:
                yield _closed(sight, update.bucket, endpoint)
            yield _configuration(sight, update)
            yield _endpoint(sight, update)


def _closed(sight: Sight, bucket: str, endpoint: Endpoint) -> Change:
    """Requests hold what callers sent: nobody outside may read them, as most buckets have it."""
    return Change(
        kind="s3.public-access",
        key={"Bucket": bucket},
        region=sight.view.region.name,
        scope=endpoint.arn,
        about=f"see to it that bucket {bucket}, where requests are kept, is closed to the public",
        patch=dict.fromkeys(
            (
                "BlockPublicAcls",
                "BlockPublicPolicy",
                "IgnorePublicAcls",
                "RestrictPublicBuckets",
            ),
            True,
        ),
    )


def _updatable(view: View) -> Iterator[tuple[Endpoint, EndpointConfig]]:
    """Endpoints that stand still and that guardrails work with; no experiment is disturbed."""
    configs = view.region.by(EndpointConfig, "name")
    for endpoint in view.items(Endpoint):
        for config in configs.get(endpoint.config_name or "", ()):
            fits = all(
                each.model_name and not (each.instance_type or "").startswith(_EXCLUDED)
                for each in config.variants
            )
            if endpoint.status == "InService" and fits and not config.shadow_variants:
                yield endpoint, config


def _update(
    sight: Sight, endpoint: Endpoint, config: EndpointConfig, alarms: tuple[str, ...]
) -> _Update | None:
    """What an update would change; ``None`` where what it keeps now, or its way, was not seen."""
    records = {each.arn: each for each in sight.view.once(inference_records).items}
    record, rollout = records.get(endpoint.arn), _rollout(sight.view, endpoint)
    if record is None or rollout is None:
        return None
    both = {*record.modes} >= _BOTH_WAYS or "InputAndOutput" in record.modes
    if both and record.sampling_percent != 0:
        return _Update(endpoint, config, None, "", alarms)
    if any(each.serverless_concurrency is not None for each in config.variants):
        why = "a serverless endpoint cannot keep requests"
        return _Update(endpoint, config, None, why, alarms)
    view = sight.view
    bucket = bucket_for_requests(view, config)
    seen = view.sees(Bucket, BucketProtection)
    none = "no bucket fits that the workload writes to" if seen else "its buckets could not be seen"
    why = "" if bucket else none
    return _Update(endpoint, config, bucket, why, alarms)


def _rollout(view: View, endpoint: Endpoint) -> Rollout | None:
    found = (each for each in view.once(rollouts).items if each.arn == endpoint.arn)
    return next(found, None)


def _is_guarded(view: View, endpoint: Endpoint) -> bool:
    """Whether its last update was watched by alarms, and the old fleet stayed for a while."""
    rollout = _rollout(view, endpoint)
    if rollout is None or not rollout.alarms or rollout.strategy is None:
        return False
    return rollout.strategy == "ROLLING" or bool(rollout.bake_seconds)


def _configuration(sight: Sight, update: _Update) -> Change:
    endpoint, config = update.endpoint, update.config
    tags = {key: value for key, value in config.tags.items() if not key.startswith(_OF_AWS)}
    own = sorted({**tags, **tags_for(sight)}.items())
    patch: dict[str, Any] = {"Tags": [{"Key": key, "Value": value} for key, value in own]}
    what = f"; requests are not kept: {update.unkept}" if update.unkept else ""
    if update.bucket:
        patch["DataCaptureConfig"] = _capture(sight, update)
        percent = sight.choices.capture_percent
        what = f", which keeps {percent} % of requests and answers in bucket {update.bucket}"
    return Change(
        kind="sagemaker.endpoint-config",
        key={"EndpointConfigName": _name(sight, update)},
        region=sight.view.region.name,
        scope=endpoint.arn,
        about=f"make a configuration for endpoint {endpoint.name}, like {config.name}{what}",
        patch=patch,
        like={"EndpointConfigName": config.name},
    )


def _name(sight: Sight, update: _Update) -> str:
    """The name of the new configuration; one made from another has another name."""
    return name_for(sight, update.endpoint.name, update.config.name, most=SHORT)


def _capture(sight: Sight, update: _Update) -> dict[str, Any]:
    """What is to be captured; a place that a team chose stays."""
    now = update.config.data_capture
    place = now.destination if now else None
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": sight.choices.capture_percent,
        "DestinationS3Uri": place or f"s3://{update.bucket}/mlaudit/requests",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    }


def _endpoint(sight: Sight, update: _Update) -> Change:
    variants = update.config.variants
    gradual = all(_least(sight, update, each) >= _TWO for each in variants)
    how = "one instance first" if gradual else f"all at once, as {_whole(variants)}"
    return Change(
        kind="sagemaker.endpoint",
        key={"EndpointName": update.endpoint.name},
        region=sight.view.region.name,
        scope=update.endpoint.arn,
        about=(
            f"update endpoint {update.endpoint.name} to {_name(sight, update)}, {how}; the old "
            f"fleet stays for {BAKE_SECONDS // 60} minutes and comes back when an alarm rings: "
            f"{', '.join(update.alarms)}"
        ),
        patch={
            "EndpointConfigName": _name(sight, update),
            "DeploymentConfig": {
                "RollingUpdatePolicy": None,  # AWS takes one of the two policies
                "BlueGreenUpdatePolicy": {
                    "TrafficRoutingConfiguration": _routing(gradual=gradual),
                    "TerminationWaitInSeconds": BAKE_SECONDS,
                },
                "AutoRollbackConfiguration": {
                    "Alarms": [{"AlarmName": each} for each in update.alarms]
                },
            },
        },
    )


def _whole(variants: Iterable[Variant]) -> str:
    if any(each.serverless_concurrency is not None for each in variants):
        return "a serverless endpoint has no instances to begin with"
    return "a variant may have one instance alone"


def _least(sight: Sight, update: _Update, variant: Variant) -> int:
    """How many instances a variant has at least; a serverless one has none to split.

    An update keeps as many as there are, and scaling may have taken some away.
    """
    placed = Placement(update.endpoint, update.config, variant)
    scaled = target_of(sight, placed)
    fixed = variant.managed_min if variant.managed_scaling else variant.instance_count
    return scaled.minimum if scaled else fixed or 0


def _routing(*, gradual: bool) -> dict[str, Any]:
    """How the traffic moves; nothing stays of how it moved the last time."""
    return {
        "Type": "CANARY" if gradual else "ALL_AT_ONCE",
        "WaitIntervalInSeconds": BAKE_SECONDS,
        "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1} if gradual else None,
        "LinearStepSize": None,
    }
