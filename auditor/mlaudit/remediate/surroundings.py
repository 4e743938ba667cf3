"""What the changes of a plan hang on, derived from the snapshot that they were planned from. Pure.

A scaling target needs its endpoint, an endpoint its configuration, that its models, a model the
version it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mlaudit.emulator.seeding import PastCall
from mlaudit.remediate.replicas import (
    REPLICAS,
    all_calls,
    bucket_calls,
    function_calls,
    mapping_calls,
)
from mlaudit.remediate.stand_ins import stand_ins
from mlaudit.remediate.touched import Touched
from mlaudit.resources import (
    BucketProtection,
    CapturedRecords,
    Deployment,
    Endpoint,
    EndpointConfig,
    EventSourceMapping,
    Function,
    InferenceComponent,
    LogGroup,
    LogStream,
    Model,
    ModelPackage,
    ModelPackageGroup,
    MonitoringSchedule,
    Resource,
    ScalableTarget,
    ScalingPolicy,
    ScheduledScaling,
    Traffic,
)

_Named = Endpoint | InferenceComponent | Model | ModelPackage


@dataclass(frozen=True)
class Surroundings:
    """What changes in one region hang on.

    Attributes:
        touched: What a plan touches there.
    """

    touched: Touched

    def calls(self) -> Iterator[PastCall]:
        """What makes it all, in an order in which each finds what it needs."""
        for name in sorted(self._buckets):
            yield from bucket_calls(name, self._place(name), self.touched.past)
        yield from all_calls(self.made_again)
        yield from self._weights()
        yield from self._captured()
        yield from self._functions()
        yield from self._repositories()
        yield from self._targets()
        yield from self._logs()
        yield from stand_ins(self.touched, frozenset(self._buckets))

    @cached_property
    def made_again(self) -> tuple[Resource, ...]:
        """The resources of the snapshot that are made again, each before what needs it."""
        arns = {each.arn for each in self._endpoints}
        chosen: tuple[Iterable[Resource], ...] = (
            self._endpoints,
            self._configs,
            self._models,
            self._packages,
            self._groups,
            self._components,
            [each for each in self.touched.all(Traffic) if each.endpoint_arn in arns],
            [
                each
                for each in self.touched.all(MonitoringSchedule)
                if each.endpoint_name in self._names
            ],
        )
        needed = {id(each) for some in chosen for each in some}
        kinds: tuple[type[Resource], ...] = tuple(REPLICAS)
        return tuple(
            each for kind in kinds for each in self.touched.all(kind) if id(each) in needed
        )

    @cached_property
    def _components(self) -> list[InferenceComponent]:
        return [each for each in self.touched.all(InferenceComponent) if self._is_spoken_of(each)]

    @cached_property
    def _endpoints(self) -> list[Endpoint]:
        every = self.touched.all(Endpoint)
        if self.touched.keys("sagemaker.endpoint", "EndpointName"):
            # What one endpoint leaves behind, another may still use.
            return list(every)
        placed = {each.endpoint_arn for each in self._components}
        found = [each for each in every if self._is_spoken_of(each) or each.arn in placed]
        if not any(each.serving for each in found):
            # Dashboards are only looked at where something serves.
            found += [each for each in every if each.serving][:1]
        # A configuration is in use for as long as any endpoint uses it.
        shared = {each.config_name for each in found} - {None}
        arns = {each.arn for each in found}
        return [each for each in every if each.arn in arns or each.config_name in shared]

    @property
    def _names(self) -> set[str]:
        """The names of the endpoints that are made again."""
        return {each.name for each in self._endpoints}

    @cached_property
    def _configs(self) -> list[EndpointConfig]:
        used = {each.config_name for each in self._endpoints}
        own = {
            each.change.key["EndpointConfigName"]
            for each in self.touched.changes
            if each.change.kind == "sagemaker.endpoint-config" and each.before is not None
        }
        return [each for each in self.touched.all(EndpointConfig) if each.name in used - own]

    @cached_property
    def _models(self) -> list[Model]:
        variants = [each for one in self._configs for each in (*one.variants, *one.shadow_variants)]
        used = {each.model_name for each in variants}
        used |= {each.model_name for each in self._components}
        return [
            each
            for each in self.touched.all(Model)
            if each.name in used or self._is_spoken_of(each)
        ]

    @cached_property
    def _packages(self) -> list[ModelPackage]:
        used = {each.package_arn for one in self._models for each in one.containers}
        return [
            each
            for each in self.touched.all(ModelPackage)
            if each.arn in used or self._is_spoken_of(each)
        ]

    @cached_property
    def _groups(self) -> list[ModelPackageGroup]:
        used = {each.group_name for each in self._packages}
        return [each for each in self.touched.all(ModelPackageGroup) if each.name in used]

    @cached_property
    def _buckets(self) -> set[str]:
        """Buckets that are changed, or that captured requests go to."""
        captures = [each.data_capture for each in self._configs if each.data_capture]
        uris = [each.destination or "" for each in captures]
        uris += [
            ((each.after or {}).get("DataCaptureConfig") or {}).get("DestinationS3Uri", "")
            for each in self.touched.changes
        ]
        keys = [each.change.key for each in self.touched.changes]
        own = {each["Bucket"] for each in keys if "Bucket" in each}
        return own | {each.split("/")[2] for each in uris if each.startswith("s3://")}

    def _place(self, bucket: str) -> str:
        """The region that a bucket is in."""
        known = self.touched.all(BucketProtection)
        return next((each.place for each in known if each.bucket == bucket), self.touched.region)

    def _is_spoken_of(self, resource: _Named) -> bool:
        return self.touched.speaks_of(resource.name, resource.arn)

    def _weights(self) -> Iterator[PastCall]:
        """Traffic that was shared anew since the endpoint was made."""
        weights = {each.subject_arn: each.weights for each in self.touched.all(Deployment)}
        configs = {each.name: each for each in self._configs}
        for each in self._endpoints:
            config = configs.get(each.config_name or "")
            now = weights.get(each.arn, {})
            if config is None or now == {one.name: one.weight for one in config.variants}:
                continue
            shares = [
                {"VariantName": name, "DesiredWeight": weight}
                for name, weight in sorted(now.items())
                if name in each.variant_names
            ]
            if shares:
                params = {"EndpointName": each.name, "DesiredWeightsAndCapacities": shares}
                operation = "UpdateEndpointWeightsAndCapacities"
                yield PastCall("sagemaker", operation, params, each.modified_at)

    def _captured(self) -> Iterator[PastCall]:
        """The first record of those that were captured lately."""
        configs = {each.name: each.data_capture for each in self._configs}
        captures = {each.arn: configs.get(each.config_name or "") for each in self._endpoints}
        traffic = {f"{each.arn}#captured": each for each in self.touched.all(Traffic)}
        for each in self.touched.all(CapturedRecords):
            of = traffic.get(each.arn)
            capture = captures.get(of.endpoint_arn) if of else None
            if of is None or capture is None or each.written_at is None:
                continue
            bucket, _, path = (capture.destination or "").removeprefix("s3://").partition("/")
            folders = (path.strip("/"), of.endpoint_arn.rpartition("/")[2], of.variant_name)
            place = "/".join(one for one in folders if one)
            key = f"{place}/{each.written_at:%Y/%m/%d/%H}/rehearsal.jsonl"
            params = {"Bucket": bucket, "Key": key, "Body": b"{}\n"}
            yield PastCall("s3", "PutObject", params, each.written_at)

    def _functions(self) -> Iterator[PastCall]:
        """Functions that call an endpoint, and those whose stream is changed, with that."""
        fed = [
            each
            for each in self.touched.all(EventSourceMapping)
            if each.arn.rpartition(":")[2] in self.touched.keys("lambda.event-source", "UUID")
        ]
        names, arns = self._names, {each.function_arn for each in fed}
        for function in self.touched.all(Function):
            called = [name for name in function.endpoint_names if name in names]
            if called or function.arn in arns:
                yield from function_calls(function.arn, self.touched.past, called)
        for each in fed:
            yield from mapping_calls(each, self.touched.past)

    def _repositories(self) -> Iterator[PastCall]:
        for name in sorted(self.touched.keys("ecr.repository", "repositoryName")):
            yield PastCall("ecr", "CreateRepository", {"repositoryName": name}, self.touched.past)

    def _targets(self) -> Iterator[PastCall]:
        """Scaling targets that are changed, with what hangs on them by the clock."""
        ids = self.touched.keys("application-autoscaling.target", "ResourceId")
        service = "application-autoscaling"
        for each in self.touched.all(ScalableTarget):
            if each.resource_id in ids:
                params = {
                    **_place_of(each.resource_id, each.dimension),
                    "MinCapacity": each.minimum,
                    "MaxCapacity": each.maximum,
                }
                marks = self.marks("RegisterScalableTarget", params)
                yield PastCall(service, "RegisterScalableTarget", params, self.touched.past, marks)
        for action in self.touched.all(ScheduledScaling):
            if action.resource_id in ids:
                params = {
                    **_place_of(action.resource_id, _dimension(action.resource_id)),
                    "ScheduledActionName": action.name,
                    "Schedule": action.schedule,
                    "ScalableTargetAction": {"MinCapacity": 1},
                }
                marks = {"ScheduledActionARN": action.arn}
                yield PastCall(service, "PutScheduledAction", params, self.touched.past, marks)

    def _logs(self) -> Iterator[PastCall]:
        """The log groups that are changed with their streams."""
        names = self.touched.keys("logs.group", "logGroupName")
        for group in self.touched.all(LogGroup):
            if group.name in names:
                params = {"logGroupName": group.name}
                yield PastCall("logs", "CreateLogGroup", params, self.touched.past)
        for stream in self.touched.all(LogStream):
            if stream.group_name in names:
                params = {"logGroupName": stream.group_name, "logStreamName": stream.name}
                at = stream.last_event_at
                event = {"timestamp": int(at.timestamp() * 1000), "message": "rehearsal"}
                yield PastCall("logs", "CreateLogStream", params, at)
                yield PastCall("logs", "PutLogEvents", {**params, "logEvents": [event]}, at)

    def marks(self, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The ARN that AWS has given to what a call makes, where AWS makes it up."""
        member, kind = _GENERATED.get(operation, ("", None))
        if kind is None:
            return {}
        for each in self.touched.all(kind):
            same_place = each.resource_id == params.get("ResourceId")
            same_name = params.get("PolicyName") in {None, getattr(each, "name", None)}
            if same_place and same_name and each.dimension == params.get("ScalableDimension"):
                return {member: each.arn}
        return {}


def _place_of(resource: str, dimension: str) -> dict[str, Any]:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": resource,
        "ScalableDimension": dimension,
    }


def _dimension(resource: str) -> str:
    """What of a resource scales: of a component its copies, of a variant its instances."""
    if resource.startswith("inference-component/"):
        return "sagemaker:inference-component:DesiredCopyCount"
    return "sagemaker:variant:DesiredInstanceCount"


_GENERATED: Mapping[str, tuple[str, type[ScalableTarget | ScalingPolicy]]] = {
    "RegisterScalableTarget": ("ScalableTargetARN", ScalableTarget),
    "PutScalingPolicy": ("PolicyARN", ScalingPolicy),
}
