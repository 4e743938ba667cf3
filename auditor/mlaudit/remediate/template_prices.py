"""What a stack costs, type by type: each is priced, free for a reason, billed by use, or unknown.

Sources: the pricing pages of the services; the price list that comes with mlaudit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit.remediate.bill import Amount, Bill, total
from mlaudit.remediate.change import Document
from mlaudit.remediate.charges import alarm, charge, hours, instances
from mlaudit.remediate.template_values import UNKNOWN, Values

FREE: Mapping[str, str] = {
    "AWS::ApiGateway::Account": "a setting of the account",
    "AWS::ApiGateway::Deployment": "a part of an API, which is billed by its calls",
    "AWS::ApiGateway::Method": "a part of an API, which is billed by its calls",
    "AWS::ApiGateway::Model": "a part of an API, which is billed by its calls",
    "AWS::ApiGateway::RequestValidator": "a part of an API, which is billed by its calls",
    "AWS::ApiGateway::Resource": "a part of an API, which is billed by its calls",
    "AWS::ApiGateway::Stage": "a part of an API, which is billed by its calls",
    "AWS::ApplicationAutoScaling::ScalableTarget": "what it scales is priced with what it can be",
    "AWS::Athena::WorkGroup": "queries are billed by what they read, and nothing of a stack asks",
    "AWS::Batch::ComputeEnvironment": "machines are there while jobs run alone",
    "AWS::Batch::JobDefinition": "a definition",
    "AWS::Batch::JobQueue": "a queue of jobs, which are billed by their machines",
    "AWS::Budgets::Budget": "budgets without actions cost nothing",
    "AWS::CloudWatch::AnomalyDetector": "the alarm on it is billed, with the metrics of its band",
    "AWS::CodeConnections::Connection": "connections cost nothing",
    "AWS::EC2::LaunchTemplate": "a definition",
    "AWS::EC2::RouteTable": "a part of a network",
    "AWS::EC2::SecurityGroup": "a part of a network",
    "AWS::EC2::SecurityGroupEgress": "a part of a network",
    "AWS::EC2::SecurityGroupIngress": "a part of a network",
    "AWS::EC2::Subnet": "a part of a network",
    "AWS::EC2::SubnetRouteTableAssociation": "a part of a network",
    "AWS::EC2::VPC": "networks cost nothing; their endpoints and gateways do",
    "AWS::Events::Rule": "events of AWS cost nothing",
    "AWS::Glue::Database": "the first million objects of the catalogue cost nothing",
    "AWS::Glue::Table": "the first million objects of the catalogue cost nothing",
    "AWS::IAM::InstanceProfile": "IAM costs nothing",
    "AWS::IAM::ManagedPolicy": "IAM costs nothing",
    "AWS::IAM::OIDCProvider": "IAM costs nothing",
    "AWS::IAM::Policy": "IAM costs nothing",
    "AWS::IAM::Role": "IAM costs nothing",
    "AWS::KMS::Alias": "a name of a key",
    "AWS::Lambda::EventSourceMapping": "the function is billed by its calls",
    "AWS::Lambda::Permission": "a permission",
    "AWS::Lambda::Version": "the function is billed by its calls",
    "AWS::Logs::LogAnomalyDetector": "it is a part of what taking in logs costs",
    "AWS::Logs::QueryDefinition": "a text",
    "AWS::S3::BucketPolicy": "a permission",
    "AWS::SNS::Subscription": "mails beyond a thousand a month are billed, and no stack sends them",
    "AWS::SNS::Topic": "topics are billed by their messages, the first million of which are free",
    "AWS::SNS::TopicPolicy": "a permission",
    "AWS::SQS::QueuePolicy": "a permission",
    "AWS::SSM::Document": "documents of one's own cost nothing",
    "AWS::SageMaker::Endpoint": "its instances are priced with its configuration",
    "AWS::SageMaker::InferenceComponent": "its instances are priced with the configuration",
    "AWS::SageMaker::Model": "a definition; its archive is in a bucket",
    "AWS::SageMaker::ModelPackageGroup": "the registry costs nothing",
    "AWS::WAFv2::LoggingConfiguration": "the log group is billed by what it takes in",
    "AWS::WAFv2::WebACLAssociation": "the web ACL is priced",
    "AWS::XRay::Group": "traces are billed, and groups are not",
    "AWS::XRay::SamplingRule": "traces are billed, and rules are not",
}
"""Types that cost nothing, and why."""

UNKNOWN_TYPES: Mapping[str, str] = {"AWS::SageMaker::MlflowApp": "an MLflow app"}
"""Types that may cost something at rest, and for which the price list has no price."""

_RUNS: Mapping[str, str] = {
    "AWS::CodeBuild::Project": "minutes of builds",
    "AWS::CodePipeline::Pipeline": "minutes of a delivery pipeline's actions",
    "AWS::GreengrassV2::ComponentVersion": "active devices",
    "AWS::Logs::LogGroup": "logs, at 0.50 USD a GB taken in and 0.03 USD a GB kept for a month",
    "AWS::S3::Bucket": "what buckets hold, at 0.023 USD a GB and month, and requests to them",
    "AWS::SageMaker::Pipeline": "the jobs of pipelines, by their machines and durations",
    "AWS::Scheduler::Schedule": "what schedules start by themselves",
    "AWS::StepFunctions::StateMachine": "transitions of state machines, at 0.025 USD a thousand",
}
"""Types that cost nothing at rest, and what a run of them adds."""

_REQUESTS: Mapping[str, str] = {
    "AWS::DynamoDB::Table": "reads, writes and storage of tables",
    "AWS::Lambda::Function": "calls of functions, at 0.20 USD a million, and their seconds",
    "AWS::SageMaker::FeatureGroup": "reads, writes and storage of feature groups",
}
"""Types that cost nothing at rest, and what requests add."""

_MILLION = 1_000_000
_DAY = 24
"""Hours that a stream keeps records without being asked to."""


@dataclass(frozen=True)
class _Found:
    """A resource beside the others of its template."""

    properties: Document
    targets: Mapping[str, Document]
    """The bounds of scaling, by what Application Auto Scaling calls the variant."""
    endpoints: Mapping[str, tuple[str, ...]]
    """The names of the endpoints, by the logical id of their configuration."""
    logical: str


def bill_of_template(template: Document, parameters: Mapping[str, Any]) -> Bill:
    """What a stack adds to the bill.

    Args:
        template: The template.
        parameters: What its parameters are; those left out have their defaults.
    """
    made = [*Values(template, parameters).resources()]
    targets = {
        each["Properties"].get("ResourceId"): each["Properties"]
        for _, each in made
        if each["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget"
        and isinstance(each["Properties"].get("ResourceId"), str)
    }
    endpoints = _endpoints(template, made)
    return total(
        _bill(each["Type"], _Found(each["Properties"], targets, endpoints, logical))
        for logical, each in made
    )


def _endpoints(
    template: Document, made: list[tuple[str, Document]]
) -> Mapping[str, tuple[str, ...]]:
    """The names of endpoints by the logical id of the configuration that each refers to."""
    found: dict[str, tuple[str, ...]] = {}
    for logical, each in made:
        if each["Type"] == "AWS::SageMaker::Endpoint":
            said = template["Resources"][logical]["Properties"].get("EndpointConfigName")
            name = each["Properties"].get("EndpointName")
            for config in _referred(said):
                found[config] = (*found.get(config, ()), str(name))
    return found


def _referred(said: Any) -> Iterator[str]:
    if isinstance(said, Mapping):
        attribute = said.get("Fn::GetAtt")
        yield attribute[0] if attribute else str(said.get("Ref"))


def _bill(kind: str, found: _Found) -> Bill:
    if kind in _PRICED:
        return _PRICED[kind](found)
    if kind in FREE:
        return Bill()
    if kind in _RUNS:
        return Bill(run=Amount(0, (_RUNS[kind],)))
    if kind in _REQUESTS:
        return Bill(thousand=Amount(0, (_REQUESTS[kind],)))
    unknown = Amount(0, (UNKNOWN_TYPES.get(kind, kind),))
    return Bill(idle=unknown, run=unknown, worst=unknown)


def _steady(amount: Amount) -> Bill:
    """What costs the same whether it is used or not."""
    return Bill(idle=amount, worst=amount)


def _alarm(found: _Found) -> Bill:
    return _steady(alarm(found.properties))


def _composite(_: _Found) -> Bill:
    return _steady(charge("alarm.composite", 1, "composite alarms"))


def _dashboard(_: _Found) -> Bill:
    return _steady(charge("dashboard", 1, "dashboards"))


def _metric_filter(_: _Found) -> Bill:
    return Bill(worst=charge("metric", 1, "metrics made of logs"))


def _key(found: _Found) -> Bill:
    """Each of the first two rotations of a key adds to what it costs for good (KMS pricing)."""
    by_use = Amount(0, ("requests to KMS",))
    rotations = 2 if found.properties.get("EnableKeyRotation") is True else 0
    rotated = Bill(worst=charge("kms.rotated", rotations, "rotations of keys"))
    return _steady(charge("kms.key", 1, "keys")) + rotated + Bill(run=by_use, thousand=by_use)


def _stream(found: _Found) -> Bill:
    shards = found.properties.get("ShardCount", 1)
    if not isinstance(shards, int) or "StreamModeDetails" in found.properties:
        unknown = Amount(0, ("a stream that scales by itself",))
        return Bill(idle=unknown, thousand=unknown, worst=unknown)
    put = charge("kinesis.put", 1000 / _MILLION, "records put to streams")
    paid = hours("kinesis.shard-hour", shards, "shards")
    if found.properties.get("RetentionPeriodHours", _DAY) != _DAY:
        paid += hours("kinesis.retention-hour", shards, "shards that keep records for days")
    return _steady(paid) + Bill(thousand=put)


def _vpc_endpoint(found: _Found) -> Bill:
    if found.properties.get("VpcEndpointType", "Gateway") == "Gateway":
        return Bill()  # gateways to S3 and DynamoDB cost nothing
    zones = found.properties.get("SubnetIds")
    if not isinstance(zones, list):
        unknown = Amount(0, ("an interface endpoint in zones that are not known",))
        return Bill(idle=unknown, worst=unknown)
    data = Amount(0, ("data through interface endpoints, at 0.01 USD a GB",))
    paid = hours("vpc.endpoint-hour", len(zones), "interface endpoints")
    return _steady(paid) + Bill(run=data)


def _nat(_: _Found) -> Bill:
    data = Amount(0, ("data through NAT gateways, at 0.045 USD a GB",))
    return _steady(hours("vpc.nat-hour", 1, "NAT gateways")) + Bill(run=data)


def _web_acl(found: _Found) -> Bill:
    rules = found.properties.get("Rules") or ()
    paid = charge("waf.acl", 1, "web ACLs") + charge("waf.rule", len(rules), "rules of web ACLs")
    return _steady(paid) + Bill(thousand=charge("waf.requests", 1000 / _MILLION, "web ACLs"))


def _rest_api(_: _Found) -> Bill:
    return Bill(thousand=charge("api.requests", 1000 / _MILLION, "calls of the API"))


def _queue(_: _Found) -> Bill:
    """Most queues take what failed: how many messages come is not known."""
    return Bill(run=Amount(0, ("messages of queues, at 0.40 USD a million (to be verified)",)))


def _policy(found: _Found) -> Bill:
    """Target tracking makes at least two alarms, one to grow by and one to shrink by."""
    if found.properties.get("PolicyType") != "TargetTrackingScaling":
        return Bill()
    return _steady(charge("alarm", 2, "alarms that scale"))


def _endpoint_config(found: _Found) -> Bill:
    members = ("ProductionVariants", "ShadowProductionVariants")
    variants = [each for name in members for each in found.properties.get(name) or ()]
    kept = found.properties.get("DataCaptureConfig")
    capture = Amount(0, ("requests that are kept in S3, at 0.023 USD a GB and month",))
    bill = total(_variant(each, found) for each in variants)
    return bill + Bill(thousand=capture) if kept else bill


def _variant(variant: Any, found: _Found) -> Bill:
    if variant is UNKNOWN:
        unknown = Amount(0, ("a variant that is not known",))
        return Bill(idle=unknown, worst=unknown)
    if serverless := variant.get("ServerlessConfig"):
        by_use = Bill(thousand=Amount(0, ("seconds of serverless inference",)))
        ready = Amount(0, ("provisioned concurrency of serverless inference",))
        return by_use + _steady(ready) if serverless.get("ProvisionedConcurrency") else by_use
    kind, first = variant.get("InstanceType"), variant.get("InitialInstanceCount")
    least, most = _bounds(variant, found) or (first, first)
    return Bill(idle=instances(kind, least), worst=instances(kind, most))


def _bounds(variant: Document, found: _Found) -> tuple[Any, Any] | None:
    """Between how many instances a variant scales; ``None`` where it does not."""
    managed = variant.get("ManagedInstanceScaling")
    if isinstance(managed, Mapping) and managed.get("Status") == "ENABLED":
        return managed.get("MinInstanceCount"), managed.get("MaxInstanceCount")
    for endpoint in found.endpoints.get(found.logical, ()):
        target = found.targets.get(f"endpoint/{endpoint}/variant/{variant.get('VariantName')}")
        if target:
            return target.get("MinCapacity"), target.get("MaxCapacity")
    return None


_PRICED: Mapping[str, Callable[[_Found], Bill]] = {
    "AWS::ApiGateway::RestApi": _rest_api,
    "AWS::ApplicationAutoScaling::ScalingPolicy": _policy,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::CompositeAlarm": _composite,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::EC2::NatGateway": _nat,
    "AWS::EC2::VPCEndpoint": _vpc_endpoint,
    "AWS::KMS::Key": _key,
    "AWS::Kinesis::Stream": _stream,
    "AWS::Logs::MetricFilter": _metric_filter,
    "AWS::SQS::Queue": _queue,
    "AWS::SageMaker::EndpointConfig": _endpoint_config,
    "AWS::WAFv2::WebACL": _web_acl,
}

ACCOUNTED = frozenset({*_PRICED, *FREE, *_RUNS, *_REQUESTS, *UNKNOWN_TYPES})
"""Every type that somebody has thought about."""
