"""Stack ``serving-components``: several models share one fleet, each with copies of its own.

Each tenant has an inference component, whose copies go from none to ``components.copies``; the
instances under them come and go with the copies, down to none. A request that finds no copy is
refused and wakes one, which takes minutes ("Scale an endpoint to zero instances"). Guide items 4.5,
4.9 and 4.10. What it cannot have: blue/green updates, as a component is updated copy by copy on the
same fleet; variants, a shadow and an A/B test; data capture, which is documented for variants with
a model alone.
"""

from __future__ import annotations

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import Content, Properties, Stack, att, ref, resource
from mlaudit_reference.templates.serving import alarms, endpoints, models, scaling

GROUPS = "/aws/sagemaker/InferenceComponents/"
"""Where components log; the copies of each have a group of their own."""

REFUSED_SECONDS = 30
"""How often it is looked whether requests found no copy (the metric is of high resolution)."""


def _content(manifest: Manifest) -> Content:
    resources = {
        **models.model_role(
            manifest,
            names.endpoint_log_group(manifest, Mode.COMPONENTS),
            shared.write_logs(GROUPS),
        ),
        **endpoints.endpoint(manifest, Mode.COMPONENTS, _config(manifest), {}),
    }
    parameters = {}
    for tenant in manifest.components.tenants:
        resources |= _component(manifest, tenant)
        about = f"The version that answers as component {tenant}"
        parameters[_package(manifest, tenant)] = models.package_parameter(about)
    return Content(resources, parameters=parameters)


STACK = Stack(
    name="serving-components",
    about="An endpoint whose fleet is shared by several models, each from no copy on.",
    wanted=lambda manifest: Mode.COMPONENTS in manifest.targets,
    content=_content,
)


def _package(manifest: Manifest, tenant: str) -> str:
    return models.package_of(tenant, manifest.components.tenants[0])


def _config(manifest: Manifest) -> Properties:
    """A fleet without a model of its own, as large as the copies on it need."""
    settings = manifest.components
    return {
        "ExecutionRoleArn": att(models.ROLE),
        "EnableNetworkIsolation": True,
        "VpcConfig": shared.vpc_config(manifest),
        "ProductionVariants": [
            {
                "VariantName": names.PRIMARY,
                **endpoints.on_instances(settings.instance_type, 1),
                **endpoints.LEAST_BUSY,
                "ManagedInstanceScaling": {
                    "Status": "ENABLED",
                    "MinInstanceCount": 0,
                    "MaxInstanceCount": settings.maximum,
                },
            }
        ],
    }


def _component(manifest: Manifest, tenant: str) -> dict[str, Properties]:
    place = models.logical(tenant)
    watched = {"InferenceComponentName": names.component(manifest, tenant)}
    model = models.model(manifest, [models.container(_package(manifest, tenant))])
    return {
        f"{place}Model": model,
        f"{place}Logs": endpoints.log_group(
            manifest, f"{GROUPS}{names.component(manifest, tenant)}"
        ),
        f"{place}Component": _placed(manifest, tenant),
        **alarms.alarms(manifest, place, _watches(manifest), watched),
        **_scaled(manifest, tenant),
    }


def _placed(manifest: Manifest, tenant: str) -> Properties:
    settings, place = manifest.components, models.logical(tenant)
    one = {"Type": "COPY_COUNT", "Value": 1}
    return resource(
        "AWS::SageMaker::InferenceComponent",
        {
            "InferenceComponentName": names.component(manifest, tenant),
            "EndpointName": names.endpoint(manifest, Mode.COMPONENTS),
            "VariantName": names.PRIMARY,
            "Specification": {
                "ModelName": att(f"{place}Model", "ModelName"),
                "ComputeResourceRequirements": {
                    "NumberOfCpuCoresRequired": settings.cpus,
                    "MinMemoryRequiredInMb": settings.memory_mb,
                },
            },
            # The first copy shows that the model loads; scaling takes it away when nobody asks.
            "RuntimeConfig": {"CopyCount": 1},
            "DeploymentConfig": {
                "RollingUpdatePolicy": {
                    "MaximumBatchSize": one,
                    "RollbackMaximumBatchSize": one,
                    "WaitIntervalInSeconds": endpoints.CANARY_SECONDS,
                    "MaximumExecutionTimeoutInSeconds": endpoints.ROLLOUT_SECONDS,
                },
                "AutoRollbackConfiguration": {
                    "Alarms": [{"AlarmName": ref(f"{place}{each}")} for each in alarms.ROLLBACK]
                },
            },
        },
        depends=[endpoints.ENDPOINT, f"{place}Logs"],
    )


def _watches(manifest: Manifest) -> dict[str, alarms.Watch]:
    settings = manifest.components
    full = {
        name: alarms.Watch(
            f"Copies use more than {alarms.FULL_PERCENT} % of the {what} that they were given.",
            metric,
            alarms.FULL_PERCENT,
            namespace=alarms.COMPONENTS,
            periods=5,
        )
        for name, what, metric in (
            ("Processor", "processors", "CPUUtilizationNormalized"),
            ("Memory", "memory", "MemoryUtilizationNormalized"),
        )
    }
    return {
        **alarms.answers(settings.latency_ms),
        **full,
        "Flood": alarms.flood(settings.invocations * settings.copies),
    }


def _scaled(manifest: Manifest, tenant: str) -> dict[str, Properties]:
    settings, place = manifest.components, models.logical(tenant)
    name = names.component(manifest, tenant)
    scaled = scaling.Scaled(
        place,
        f"inference-component/{name}",
        scaling.COPIES,
        0,
        settings.copies,
        [f"{place}Component"],
    )
    refused = alarms.Watch(
        "A request found no copy to answer it.",
        "NoCapacityInvocationFailures",
        0,
        "Maximum",
        seconds=REFUSED_SECONDS,
        periods=1,
    )
    by_copy = scaling.predefined("SageMakerInferenceComponentInvocationsPerCopy")
    return {
        **scaling.target(scaled),
        **scaling.tracking(scaled, "ByRequests", by_copy, settings.invocations),
        **scaling.step(scaled, "FromNothing"),
        f"{place}Wakes": alarms.alarm(
            manifest,
            refused,
            {"InferenceComponentName": name},
            [ref(f"{place}FromNothing")],
        ),
    }
