"""Build resources and snapshots for tests: of this project, and of check packs.

Resources have no defaults, so that no collector can leave out what it read. A test is about one or
two fields; :func:`build` fills in the others from their types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from mlaudit.collect.plan import collectors
from mlaudit.model import Gap, GapReason
from mlaudit.resources import Container, Endpoint, EndpointConfig, Model, Resource, Variant
from mlaudit.sight import Region, View
from mlaudit.snapshot import Calls, Snapshot, SnapshotScope, snapshot_of
from mlaudit.workloads import TAG_KEYS

T = TypeVar("T")

ACCOUNT = "123456789012"
REGION = "eu-west-1"
NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)
"""When the snapshots that are built here were read."""
RECENT = NOW - timedelta(days=1)
"""When everything happened that a test says nothing about."""
WINDOW_DAYS = 90
OLD = NOW - timedelta(days=WINDOW_DAYS + 10)
"""Before the evidence window."""

_DONE = {"status": "Completed", "ended_at": RECENT}
_USUAL: Mapping[str, Mapping[str, Any]] = {
    "AutoMLJob": _DONE,
    "BatchJob": {"status": "SUCCEEDED", "ended_at": RECENT, "nodes": 1},
    "Endpoint": {"status": "InService", "variant_names": ("main",)},
    "EventSourceMapping": {"enabled": True, "modified_at": RECENT},
    "InferenceComponent": {"status": "InService"},
    "ModelPackage": {"status": "Completed"},
    "PipelineRun": {"status": "Succeeded"},
    "ProcessingJob": _DONE,
    "RecommendationJob": {"status": "COMPLETED", "completed_at": RECENT},
    "RunStep": {"status": "Succeeded", "ended_at": RECENT},
    "StateMachine": {"log_level": "OFF"},
    "StateMachineRun": {"status": "SUCCEEDED", "ended_at": RECENT},
    "TrainingJob": _DONE,
    "TransformJob": _DONE,
    "Trigger": {"enabled": True},
    "TuningJob": {**_DONE, "strategy": "Bayesian"},
    "Variant": {"instance_type": "ml.m5.large", "instance_count": 1},
}
"""What a resource looks like that works; all else is empty."""

_PREFIXES = {
    "AirflowEnvironment": "airflow:{}:environment/",
    "Alarm": "cloudwatch:{}:alarm:",
    "AutoMLJob": "sagemaker:{}:automl-job/",
    "BatchJob": "batch:{}:job/",
    "BatchQueue": "batch:{}:job-queue/",
    "EventSourceMapping": "lambda:{}:event-source-mapping:",
    "Function": "lambda:{}:function:",
    "KafkaCluster": "kafka:{}:cluster/",
    "KinesisStream": "kinesis:{}:stream/",
    "LogGroup": "logs:{}:log-group:",
    "LogStream": "logs:{}:log-stream:",
    "StateMachine": "states:{}:stateMachine:",
    "StateMachineRun": "states:{}:execution:",
    "Trigger": "events:{}:rule/",
    "TuningJob": "sagemaker:{}:hyper-parameter-tuning-job/",
    "UnusedEndpointConfig": "sagemaker:{}:endpoint-config/",
}
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def arn_of(kind: type, name: str, region: str = REGION) -> str:
    """The ARN that a resource of this type and name has here."""
    if kind.__name__ == "Bucket":
        return f"arn:aws:s3:::{name}"
    word = _WORD.sub("-", kind.__name__).lower()
    prefix = _PREFIXES.get(kind.__name__, f"sagemaker:{{}}:{word}/")
    return f"arn:aws:{prefix.format(f'{region}:{ACCOUNT}')}{name}"


def build(kind: type[T], name: str = "it", /, **values: Any) -> T:
    """Build a resource, or a part of one such as a variant, that works.

    Args:
        kind: Its type.
        name: Its name, from which it has its ARN.
        **values: Its other fields; the usual value where there is none, else an empty one.
    """
    own = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    region = values.get("region", REGION)
    called = {"name": name, "arn": arn_of(kind, name, region), "region": region}
    empty = {field: _empty(hint) for field, hint in get_type_hints(kind).items() if field in own}
    known = {field: value for field, value in called.items() if field in own}
    return kind(**{**empty, **_USUAL.get(kind.__name__, {}), **known, **values})


def _empty(hint: Any) -> Any:
    if type(None) in get_args(hint):
        return None
    if hint is datetime:
        return RECENT
    kind = get_origin(hint) or hint
    return {} if kind is Mapping else kind()


def serving(
    name: str = "it",
    *containers: Container,
    config: Mapping[str, Any] | None = None,
    endpoint: Mapping[str, Any] | None = None,
    model: Mapping[str, Any] | None = None,
    **variant: Any,
) -> tuple[Endpoint, EndpointConfig, Model]:
    """An endpoint that serves one model by one variant, all of one name.

    Args:
        name: Their name.
        *containers: The containers of the model.
        config: Other fields of the configuration.
        endpoint: Other fields of the endpoint.
        model: Other fields of the model.
        **variant: Other fields of the variant.
    """
    placed = build(Variant, "main", **{"model_name": name, **variant})
    return (
        build(Endpoint, name, **{"config_name": name, **(endpoint or {})}),
        build(EndpointConfig, name, **{"variants": (placed,), **(config or {})}),
        build(Model, name, **{"containers": containers or (build(Container),), **(model or {})}),
    )


def gap(
    operation: str,
    subject: str | None = None,
    *,
    reason: GapReason = GapReason.DENIED,
    code: str = "AccessDeniedException",
    region: str = REGION,
) -> Gap:
    """A read that was denied, unless told otherwise."""
    return Gap(operation, region, code, reason, None, subject)


def snapshot(
    *resources: Resource,
    gaps: Iterable[Gap] = (),
    regions: tuple[str, ...] = (REGION,),
    without: Iterable[str] = (),
    window_days: int = WINDOW_DAYS,
) -> Snapshot:
    """A snapshot of a whole scan.

    Args:
        *resources: What was seen.
        gaps: What was not.
        regions: The regions read.
        without: Names of collectors that did not run.
        window_days: Length of the evidence window.
    """
    left_out = set(without)
    names = [each.name for each in collectors() if each.name not in left_out]
    scope = SnapshotScope(
        account=ACCOUNT,
        caller=f"arn:aws:iam::{ACCOUNT}:role/auditor",
        regions=regions,
        started_at=NOW,
        window_days=window_days,
        tag_keys=TAG_KEYS,
        tool_version="0",
        collected=tuple(f"{region}/{name}" for region in regions for name in names),
        calls=tuple(Calls("sagemaker:ListModels", region, 1, 0) for region in regions),
    )
    return snapshot_of(scope, resources, gaps)


def view_of(
    *resources: Resource,
    gaps: Iterable[Gap] = (),
    others: Iterable[Resource] = (),
    without: Iterable[str] = (),
) -> View:
    """What can be seen of one workload that holds all these resources.

    Args:
        *resources: The workload's resources.
        gaps: What was not seen.
        others: Resources of another workload in the region.
        without: Names of collectors that did not run.
    """
    others = tuple(others)
    seen = snapshot(*resources, *others, gaps=gaps, without=without)
    mine = frozenset(each.arn for each in resources)
    return View(Region(seen, REGION), mine, frozenset(each.arn for each in others) - mine)
