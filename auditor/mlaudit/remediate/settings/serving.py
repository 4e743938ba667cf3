"""Endpoints of SageMaker and their configurations.

A configuration is made and deleted, never altered; an endpoint moves from one to another. Source:
``sagemaker:CreateEndpointConfig``, ``CreateEndpoint``, ``UpdateEndpoint`` and ``DescribeEndpoint``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlaudit.collect.operation import Operation
from mlaudit.collect.serving import DESCRIBE_CONFIG
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Call, Document, FailedError, Key, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.arns import arn_of
from mlaudit.remediate.settings.asking import found
from mlaudit.remediate.settings.states import kept, only, tag_map
from mlaudit.remediate.settings.tagging import OF_SAGEMAKER

_CREATE_CONFIG = Operation("sagemaker", "CreateEndpointConfig")
_DELETE_CONFIG = Operation("sagemaker", "DeleteEndpointConfig")
_DESCRIBE = Operation("sagemaker", "DescribeEndpoint")
_CREATE = Operation("sagemaker", "CreateEndpoint")
_UPDATE = Operation("sagemaker", "UpdateEndpoint")
_DELETE = Operation("sagemaker", "DeleteEndpoint")

CONFIG_MEMBERS = (
    "AsyncInferenceConfig",
    "CrossRegionTrafficConfig",
    "DataCaptureConfig",
    "EnableNetworkIsolation",
    "ExecutionRoleArn",
    "ExplainerConfig",
    "KmsKeyId",
    "MetricsConfig",
    "ProductionVariants",
    "ShadowProductionVariants",
    "VpcConfig",
)
"""What ``CreateEndpointConfig`` takes beside the name and the tags, and describing it tells."""

_ARN = "EndpointArn"
_DEPLOYMENT = "DeploymentConfig"
_CONFIG = "EndpointConfigName"


def _read_config(key: Key, ask: Ask) -> State:
    config = found(ask, DESCRIBE_CONFIG, EndpointConfigName=key[_CONFIG])
    if config is None:
        return None
    return {**kept(config, CONFIG_MEMBERS), **OF_SAGEMAKER.member(config["EndpointConfigArn"], ask)}


def _calls_for_config(key: Key, before: State, after: State) -> list[Call]:
    if after is None:
        return [Call("sagemaker", _DELETE_CONFIG.name, key)]
    if before is not None:
        raise MlauditError(f"The endpoint configuration {key[_CONFIG]} cannot be altered.")
    return [Call("sagemaker", _CREATE_CONFIG.name, {**key, **after})]


def _arn_of_config(key: Key, account: str, region: str) -> str:
    return arn_of("sagemaker", region, account, f"endpoint-config/{key[_CONFIG].lower()}")


ENDPOINT_CONFIG = Setting(
    name="sagemaker.endpoint-config",
    title="endpoint configuration",
    reads=(DESCRIBE_CONFIG, OF_SAGEMAKER.listing),
    writes=(_CREATE_CONFIG, _DELETE_CONFIG, OF_SAGEMAKER.giving),
    read=_read_config,
    calls=_calls_for_config,
    arn=_arn_of_config,
    defaults={"EnableNetworkIsolation": False},
)


def _read(key: Key, ask: Ask) -> State:
    endpoint = found(ask, _DESCRIBE, EndpointName=key["EndpointName"])
    if endpoint is None:
        return None
    told = {**endpoint, _DEPLOYMENT: endpoint.get("LastDeploymentConfig")}
    members = kept(told, (_CONFIG, _DEPLOYMENT, _ARN))
    return {**members, **OF_SAGEMAKER.member(endpoint[_ARN], ask)}


def _calls(key: Key, before: State, after: State) -> list[Call]:
    if after is None:
        return [Call("sagemaker", _DELETE.name, key)]
    if before is None:
        return [Call("sagemaker", _CREATE.name, {**key, **only(after, [_ARN])})]
    # An endpoint that is being updated takes no second update: that goes last.
    tags = (tag_map(each.get("Tags")) for each in (before, after))
    return [*OF_SAGEMAKER.calls(before.get(_ARN, ""), *tags), *_update(key, before, after)]


def _update(key: Key, before: Document, after: Document) -> Iterator[Call]:
    """Move to another configuration, with as many instances and the weights that there are now.

    Without this a variant that has scaled out would fall back to the number it began with. What is
    captured is kept as well unless it is excepted, and it is the configuration that is to tell.
    """
    if before[_CONFIG] != after[_CONFIG]:
        kept_as_they_are = {
            "RetainAllVariantProperties": True,
            "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DataCaptureConfig"}],
        }
        wanted = kept(after, (_CONFIG, _DEPLOYMENT))
        yield Call("sagemaker", _UPDATE.name, {**key, **wanted, **kept_as_they_are})


_WORKING = frozenset({"Creating", "Deleting", "RollingBack", "SystemUpdating", "Updating"})


def _is_settled(key: Key, ask: Ask) -> bool:
    """Whether it serves or is gone.

    An update that was rolled back ends as an endpoint in service, with a reason of failure.
    """
    endpoint = found(ask, _DESCRIBE, EndpointName=key["EndpointName"])
    if endpoint is None:
        return True
    status, reason = endpoint["EndpointStatus"], endpoint.get("FailureReason")
    if status in _WORKING:
        return False
    if status != "InService" or reason:
        raise FailedError(
            f"The endpoint {key['EndpointName']} is {status}: {reason or 'AWS gives no reason'}."
        )
    return True


def _arn(key: Key, account: str, region: str) -> str:
    return arn_of("sagemaker", region, account, f"endpoint/{key['EndpointName'].lower()}")


ENDPOINT = Setting(
    name="sagemaker.endpoint",
    title="endpoint",
    reads=(_DESCRIBE, OF_SAGEMAKER.listing),
    writes=(_CREATE, _UPDATE, _DELETE, OF_SAGEMAKER.giving, OF_SAGEMAKER.taking),
    read=_read,
    calls=_calls,
    arn=_arn,
    ignores=(_DEPLOYMENT, _ARN),
    is_settled=_is_settled,
)
