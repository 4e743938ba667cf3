"""Stack ``serving-serverless``: the model answers without instances, and costs nothing at rest.

What serverless endpoints cannot have: data capture, a private network, network isolation, several
variants, containers in sequence, and updates in steps with a way back by alarm ("Serverless
Inference", feature exclusions). Items that need one of these (7.3 to 7.7, the monitors of captured
data) are for ``serving-realtime``. Guide items 4.5 and 4.10: serverless scales by itself, in number
and in size.
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates.language import NOTHING, Content, Properties, Stack
from mlaudit_reference.templates.serving import alarms, endpoints, models, scaling

_BUSY_PERCENT = 70
"""How much of the provisioned concurrency is meant to be in use."""


def _content(manifest: Manifest) -> Content:
    config = {
        "ProductionVariants": [
            {
                **endpoints.variant(names.PRIMARY, "PrimaryModel"),
                "ServerlessConfig": _size(manifest),
            }
        ]
    }
    resources = {
        **models.model_role(manifest, names.endpoint_log_group(manifest, Mode.SERVERLESS)),
        "PrimaryModel": models.model(
            manifest, [models.container()], isolated=False, networked=False
        ),
        **endpoints.endpoint(manifest, Mode.SERVERLESS, config, {}),
        **alarms.alarms(manifest, names.PRIMARY, _watches(manifest), _dimensions(manifest)),
        **_scaled(manifest),
    }
    about = "The version that answers"
    return Content(resources, parameters={models.PACKAGE: models.package_parameter(about)})


STACK = Stack(
    name="serving-serverless",
    about="An endpoint without instances of its own.",
    wanted=lambda manifest: Mode.SERVERLESS in manifest.targets,
    content=_content,
)


def _size(manifest: Manifest) -> Properties:
    settings = manifest.serverless
    return {
        "MemorySizeInMB": settings.memory_mb,
        "MaxConcurrency": settings.max_concurrency,
        "ProvisionedConcurrency": settings.provisioned or NOTHING,
    }


def _dimensions(manifest: Manifest) -> alarms.Dimensions:
    return {
        "EndpointName": names.endpoint(manifest, Mode.SERVERLESS),
        "VariantName": names.PRIMARY,
    }


def _watches(manifest: Manifest) -> dict[str, alarms.Watch]:
    settings = manifest.serverless
    return {
        **alarms.answers(settings.latency_ms),
        "Concurrency": alarms.Watch(
            f"More than {alarms.FULL_PERCENT} % of the requests that may run at once do.",
            "ServerlessConcurrentExecutionsUtilization",
            alarms.FULL_PERCENT / 100,
            "Maximum",
        ),
        "Memory": alarms.Watch(
            f"The memory is more than {alarms.FULL_PERCENT} % full.",
            "MemoryUtilization",
            alarms.FULL_PERCENT,
            "Maximum",
            namespace=alarms.HOSTS,
        ),
        "Flood": alarms.flood(settings.requests_per_minute),
    }


def _scaled(manifest: Manifest) -> dict[str, Properties]:
    """Scaling of what is provisioned; there is none where nothing is."""
    settings = manifest.serverless
    if not settings.provisioned:
        return {}
    scaled = scaling.Scaled(
        names.PRIMARY,
        scaling.variant(names.endpoint(manifest, Mode.SERVERLESS), names.PRIMARY),
        scaling.CONCURRENCY,
        settings.provisioned,
        settings.max_concurrency,
        [endpoints.ENDPOINT],
    )
    metric = scaling.predefined("SageMakerVariantProvisionedConcurrencyUtilization")
    return {
        **scaling.target(scaled),
        **scaling.tracking(scaled, "ByUse", metric, _BUSY_PERCENT / 100),
    }
