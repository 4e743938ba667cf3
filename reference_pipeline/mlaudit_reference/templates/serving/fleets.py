"""Endpoints on instances that answer while the caller waits: what such modes share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.manifest.serving import Fleet
from mlaudit_reference.templates.language import NOTHING, Properties, ref
from mlaudit_reference.templates.serving import alarms, endpoints, models, scaling


@dataclass(frozen=True)
class Variant:
    """A variant of an endpoint.

    Attributes:
        name: Its name.
        model: The logical id of its model.
        weight: Its share of the requests, as a part of the sum of all; of a shadow, as a part of
            that of the variant it shadows.
        shadow: Whether it gets copies, and nobody its answers.
        spread: Whether requests go to the instance that is least busy; else SageMaker chooses.
    """

    name: str
    model: str
    weight: float = 1
    shadow: bool = False
    spread: bool = True


def hosted(
    manifest: Manifest, mode: Mode, fleet: Fleet, variants: Sequence[Variant]
) -> dict[str, Properties]:
    """An endpoint on instances with its scaling, its alarms and its role; models are added.

    Args:
        manifest: The manifest.
        mode: How it answers.
        fleet: What it runs on.
        variants: What answers.
    """
    answering = [each for each in variants if not each.shadow]
    guards = [f"{each.name}{watch}" for each in answering for watch in alarms.ROLLBACK]
    made = {
        **models.model_role(
            manifest,
            names.endpoint_log_group(manifest, mode),
            endpoints.write_captured(manifest) if fleet.capture_percent else (),
        ),
        **endpoints.endpoint(
            manifest,
            mode,
            _config(manifest, fleet, variants),
            {**endpoints.canary(fleet.canary_percent, guards), **endpoints.RETAINED},
        ),
    }
    for each in variants:
        made |= _watched(manifest, mode, fleet, each)
    for each in answering:
        made |= _scaled(manifest, mode, fleet, each)
    return made


def _config(manifest: Manifest, fleet: Fleet, variants: Sequence[Variant]) -> Properties:
    made = {
        shadow: [
            endpoints.variant(each.name, each.model, each.weight)
            | endpoints.on_instances(fleet.instance_type, fleet.scaling.minimum)
            | (endpoints.LEAST_BUSY if each.spread else {})
            for each in variants
            if each.shadow is shadow
        ]
        for shadow in (False, True)
    }
    return {
        "ProductionVariants": made[False],
        "ShadowProductionVariants": made[True] or NOTHING,
        "DataCaptureConfig": endpoints.capture(manifest, fleet.capture_percent),
    }


def dimensions(manifest: Manifest, mode: Mode, variant: str) -> alarms.Dimensions:
    """What metrics of a variant are of."""
    return {"EndpointName": names.endpoint(manifest, mode), "VariantName": variant}


def _watched(
    manifest: Manifest, mode: Mode, fleet: Fleet, variant: Variant
) -> dict[str, Properties]:
    """Alarms of a variant; those on traffic would tell of a shadow what they tell of the other."""
    watches = alarms.answers(fleet.scaling.latency_ms) | alarms.hosts(fleet.instance_type)
    if not variant.shadow:
        watches |= alarms.traffic(fleet.scaling)
    return alarms.alarms(manifest, variant.name, watches, dimensions(manifest, mode, variant.name))


def _scaled(
    manifest: Manifest, mode: Mode, fleet: Fleet, variant: Variant
) -> dict[str, Properties]:
    """Scaling by requests, and by latency for requests that became harder to answer."""
    scaled = scaling.Scaled(
        variant.name,
        scaling.variant(names.endpoint(manifest, mode), variant.name),
        scaling.INSTANCES,
        fleet.scaling.minimum,
        fleet.scaling.maximum,
        [endpoints.ENDPOINT],
    )
    slow = alarms.Watch(
        f"Half of the requests take the model longer than {fleet.scaling.latency_ms} ms.",
        "ModelLatency",
        alarms.microseconds(fleet.scaling.latency_ms),
        "p50",
        periods=2,
    )
    return {
        **scaling.target(scaled),
        **scaling.tracking(
            scaled,
            "ByRequests",
            scaling.predefined("SageMakerVariantInvocationsPerInstance"),
            fleet.scaling.invocations,
        ),
        **scaling.step(scaled, "ByLatency", cooldown=scaling.IN_SECONDS),
        f"{variant.name}Slow": alarms.alarm(
            manifest,
            slow,
            dimensions(manifest, mode, variant.name),
            [ref(f"{variant.name}ByLatency")],
        ),
    }
