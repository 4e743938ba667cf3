"""Models, endpoint configurations, endpoints and inference components, and how they refer."""

from __future__ import annotations

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import naming, records, verbs

_OF_CONFIG = (
    "AsyncInferenceConfig",
    "DataCaptureConfig",
    "ExplainerConfig",
    "ShadowProductionVariants",
)
"""What an endpoint has from its configuration, and has no more with one that lacks it."""

_RETAINED = {"DesiredInstanceCount": "CurrentInstanceCount", "DesiredWeight": "CurrentWeight"}
"""Properties that an update of an endpoint can keep, each with its value of the moment."""


def require(call: Call, kind: str, name: str) -> Record:
    """Return the resource another one refers to.

    Raises:
        Refusal: it does not exist.
    """
    found = records.lookup(call, kind, name)
    if found is None:
        arn = name if name.startswith("arn:") else call.arn(f"{naming.arn_type(kind)}/{name}")
        words = naming.arn_type(kind).replace("-", " ")
        raise Refusal("ValidationException", f'Could not find {words} "{arn}".')
    return found


def model_refers(call: Call, record: Record) -> None:
    """Refuse a model without a container, or of a package that does not exist."""
    containers = [*record.get("Containers", [])]
    if "PrimaryContainer" in record:
        containers.append(record["PrimaryContainer"])
    if not containers and "InferenceExecutionConfig" not in record:
        raise Refusal(
            "ValidationException", "Either PrimaryContainer or Containers must be provided."
        )
    for container in containers:
        package = container.get("ModelPackageName")
        if package:
            require(call, "ModelPackage", package)
    record.setdefault("EnableNetworkIsolation", False)


def config_refers(call: Call, record: Record) -> None:
    """Refuse an endpoint configuration of models that do not exist."""
    for variant in (*record["ProductionVariants"], *record.get("ShadowProductionVariants", [])):
        if "ModelName" in variant:
            require(call, "Model", variant["ModelName"])
        if (
            "ServerlessConfig" not in variant
            and "InstanceType" not in variant
            and "InstancePools" not in variant
        ):
            text = f"Variant {variant['VariantName']} needs an InstanceType or a ServerlessConfig."
            raise Refusal("ValidationException", text)
    record.setdefault("EnableNetworkIsolation", False)


def endpoint_refers(call: Call, record: Record) -> None:
    """Refuse an endpoint of a configuration that does not exist; complete it from there."""
    if "DeploymentConfig" in record:
        record["LastDeploymentConfig"] = record.pop("DeploymentConfig")
    _apply_config(call, record)
    record["EndpointStatus"] = "InService"


def update_endpoint(call: Call) -> Record:
    """Switch an endpoint to another configuration."""
    record = records.find(call, "Endpoint")
    require(call, "EndpointConfig", call.params["EndpointConfigName"])
    before = dict(record)
    record["EndpointConfigName"] = call.params["EndpointConfigName"]
    if "DeploymentConfig" in call.params:
        record["LastDeploymentConfig"] = call.params["DeploymentConfig"]
    elif not call.params.get("RetainDeploymentConfig"):
        record.pop("LastDeploymentConfig", None)
    _apply_config(call, record)
    if call.params.get("RetainAllVariantProperties"):
        excepted = call.params.get("ExcludeRetainedVariantProperties", [])
        _retain(record, before, {item["VariantPropertyType"] for item in excepted})
    records.touch(call, record)
    record.update(call.becomes)
    return record


def update_weights(call: Call) -> Record:
    """Change weight and count of the variants of an endpoint."""
    record = records.find(call, "Endpoint")
    wanted = {item["VariantName"]: item for item in call.params["DesiredWeightsAndCapacities"]}
    for variant in record.get("ProductionVariants", []):
        change = wanted.get(variant["VariantName"], {})
        if "DesiredWeight" in change:
            variant["CurrentWeight"] = variant["DesiredWeight"] = change["DesiredWeight"]
        if "DesiredInstanceCount" in change:
            count = change["DesiredInstanceCount"]
            variant["CurrentInstanceCount"] = variant["DesiredInstanceCount"] = count
    records.touch(call, record)
    return record


def component_refers(call: Call, record: Record) -> None:
    """Refuse an inference component of an endpoint that does not exist."""
    endpoint = require(call, "Endpoint", record["EndpointName"])
    record["EndpointArn"] = endpoint["EndpointArn"]
    specification = record.get("Specification", {})
    if "ModelName" in specification:
        require(call, "Model", specification["ModelName"])
    _set_copies(record, record.pop("RuntimeConfig", {}).get("CopyCount", 1))
    record["InferenceComponentStatus"] = "InService"


def update_component(call: Call) -> Record:
    """Change what an inference component runs, or how many copies of it there are."""
    record = records.find(call, "InferenceComponent")
    if "Specification" in call.params:
        record["Specification"] = call.params["Specification"]
    if "DeploymentConfig" in call.params:
        record["LastDeploymentConfig"] = call.params["DeploymentConfig"]
    if "CopyCount" in call.params.get("RuntimeConfig", {}):
        _set_copies(record, call.params["RuntimeConfig"]["CopyCount"])
    records.touch(call, record)
    record.update(call.becomes)
    return record


def _set_copies(record: Record, copies: int) -> None:
    record["RuntimeConfig"] = {"DesiredCopyCount": copies, "CurrentCopyCount": copies}


def transform_refers(call: Call, record: Record) -> None:
    """Refuse a transform job of a model that does not exist."""
    require(call, "Model", record["ModelName"])


def delete_in_use(call: Call) -> Record:
    """Delete an endpoint configuration unless an endpoint uses it."""
    record = records.find(call, "EndpointConfig")
    name = record["EndpointConfigName"]
    users = [row for row in call.space.rows("Endpoint") if row["EndpointConfigName"] == name]
    if users:
        text = f"Endpoint configuration {name} is in use by {users[0]['EndpointName']}."
        raise Refusal("ValidationException", text)
    return verbs.delete("EndpointConfig")(call) or {}


def _apply_config(call: Call, record: Record) -> None:
    config = require(call, "EndpointConfig", record["EndpointConfigName"])
    for name in _OF_CONFIG:
        record.pop(name, None)
    record["ProductionVariants"] = [_variant(call, item) for item in config["ProductionVariants"]]
    shadows = config.get("ShadowProductionVariants")
    if shadows:
        record["ShadowProductionVariants"] = [_variant(call, item) for item in shadows]
    for name in ("AsyncInferenceConfig", "ExplainerConfig"):
        if name in config:
            record[name] = config[name]
    capture = config.get("DataCaptureConfig")
    if capture:
        record["DataCaptureConfig"] = {
            "EnableCapture": capture.get("EnableCapture", False),
            "CaptureStatus": "Started" if capture.get("EnableCapture") else "Stopped",
            "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
            "DestinationS3Uri": capture["DestinationS3Uri"],
            "KmsKeyId": capture.get("KmsKeyId", ""),
        }


def _retain(record: Record, before: Record, excepted: set[str]) -> None:
    """Keep what variants of the same names had become, and what is captured."""
    former = {item["VariantName"]: item for item in before.get("ProductionVariants", [])}
    for variant in record["ProductionVariants"]:
        old = former.get(variant["VariantName"], {})
        for kind, current in _RETAINED.items():
            if kind not in excepted and kind in old and kind in variant:
                variant |= {kind: old[kind], current: old[current]}
    if "DataCaptureConfig" in before and "DataCaptureConfig" not in excepted:
        record["DataCaptureConfig"] = before["DataCaptureConfig"]


def _variant(call: Call, config: Record) -> Record:
    variant: Record = {"VariantName": config["VariantName"]}
    weight = config.get("InitialVariantWeight", 1.0)
    variant |= {"CurrentWeight": weight, "DesiredWeight": weight}
    if "ServerlessConfig" in config:
        serverless = config["ServerlessConfig"]
        variant |= {"CurrentServerlessConfig": serverless, "DesiredServerlessConfig": serverless}
    else:
        count = config.get("InitialInstanceCount", 1)
        variant |= {"CurrentInstanceCount": count, "DesiredInstanceCount": count}
    for name in ("ManagedInstanceScaling", "RoutingConfig"):
        if name in config:
            variant[name] = config[name]
    image = _image(call, config.get("ModelName"))
    if image:
        variant["DeployedImages"] = [
            {"SpecifiedImage": image, "ResolvedImage": image, "ResolutionTime": call.now}
        ]
    return variant


def _image(call: Call, model_name: str | None) -> str | None:
    model = records.lookup(call, "Model", model_name) if model_name else None
    if model is None:
        return None
    containers = [model.get("PrimaryContainer"), *model.get("Containers", [])]
    return next((item["Image"] for item in containers if item and "Image" in item), None)
