"""Resource Groups Tagging API: the tags of everything, whoever serves it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from moto.core.base_backend import BackendDict
from moto.core.resource_tagging import iter_taggable_backends
from moto.events.models import events_backends
from moto.kinesis.models import kinesis_backends
from moto.scheduler.models import scheduler_backends

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker import tags as sagemaker_tags
from mlaudit.emulator.services import pages

_OURS = (
    "airflow:Environment",
    "codeconnections:Connection",
    "greengrass:ComponentVersion",
    "states:StateMachine",
    "xray:Group",
    "xray:SamplingRule",
)
_BATCH = ("batch:ComputeEnvironment", "batch:JobQueue", "batch:JobDefinition", "batch:Job")

_CODE = ("codebuild:Project", "codepipeline:Pipeline")

_NOT_WITH_ARNS = frozenset(
    {"PaginationToken", "ResourceTypeFilters", "ResourcesPerPage", "TagFilters", "TagsPerPage"}
)

Tagged = tuple[str, dict[str, str]]


def get_resources(call: Call) -> Record:
    """Return every tagged resource that passes the filters, or of those that are named."""
    rows = [(arn, tags) for arn, tags in sorted(_everything(call), key=_arn) if tags]
    rows = [(arn, tags) for arn, tags in rows if _wanted(call, arn, tags)]
    listed = call.params.get("ResourceARNList")
    if listed and (both := sorted(_NOT_WITH_ARNS & call.params.keys())):
        raise Refusal("InvalidParameterException", f"ResourceARNList excludes {both[0]}.")
    size = len(rows) if listed else int(call.params.get("ResourcesPerPage") or 50)
    start = int(call.params.get("PaginationToken") or 0)
    mappings = [
        {
            "ResourceARN": arn,
            "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())],
        }
        for arn, tags in rows[start : start + size]
    ]
    token = str(start + size) if start + size < len(rows) else ""
    return {"ResourceTagMappingList": mappings, "PaginationToken": token}


def get_keys(call: Call) -> Record:
    """Return every tag key in use."""
    keys = sorted({key for _, tags in _everything(call) for key in tags})
    return {"TagKeys": keys, "PaginationToken": ""}


def get_values(call: Call) -> Record:
    """Return every value in use for a key."""
    key = call.params["Key"]
    values = sorted({tags[key] for _, tags in _everything(call) if key in tags})
    return {"TagValues": values, "PaginationToken": ""}


def resource_type(arn: str) -> str:
    """Return the type the API filters by, such as lambda:function."""
    _, _, service, region, _, rest = arn.split(":", 5)
    if service == "s3" and not region:
        return "s3:bucket"
    kind = re.split(r"[:/]", rest, maxsplit=1)[0]
    return f"{service}:{kind}" if kind else service


def _arn(tagged: Tagged) -> str:
    return tagged[0]


def _everything(call: Call) -> Iterator[Tagged]:
    yield from sagemaker_tags.tagged(call.space)
    for kind in _OURS:
        for arn, row in call.space.table(kind).items():
            found = row.get("Tags") or row.get("tags") or {}
            yield arn, found if isinstance(found, dict) else pages.tag_map(found)
    for kind in _CODE:
        for arn, row in call.space.table(kind).items():
            yield arn, pages.tag_map(row["tags"])
    for kind in _BATCH:
        for arn, row in call.space.table(kind).items():
            yield arn, row["tags"]
    yield from _of_moto(call)


def _of_moto(call: Call) -> Iterator[Tagged]:
    for backend in iter_taggable_backends(call.account, call.region):
        for resource in backend.iter_tagged_resources():
            if not re.match(r"arn:[^:]+:(sagemaker|states|batch):", resource.arn):
                yield resource.arn, dict(resource.tags)
    yield from _streams(call)
    yield from _rules(call)
    yield from _schedule_groups(call)


def _streams(call: Call) -> Iterator[Tagged]:
    if _in_use(kinesis_backends, call):
        for stream in kinesis_backends[call.account][call.region].streams.values():
            yield stream.arn, dict(stream.tags)


def _rules(call: Call) -> Iterator[Tagged]:
    if _in_use(events_backends, call):
        backend = events_backends[call.account][call.region]
        for bus in backend.event_buses.values():
            for rule in bus.rules.values():
                yield rule.arn, backend.tagger.get_tag_dict_for_resource(rule.arn)


def _schedule_groups(call: Call) -> Iterator[Tagged]:
    if _in_use(scheduler_backends, call):
        backend = scheduler_backends[call.account][call.region]
        for group in backend.schedule_groups.values():
            yield group.arn, backend.tagger.get_tag_dict_for_resource(group.arn)


def _in_use(backends: BackendDict, call: Call) -> bool:
    return call.account in list(backends.keys())


def _wanted(call: Call, arn: str, tags: Mapping[str, str]) -> bool:
    listed = call.params.get("ResourceARNList")
    if listed and arn not in listed:
        return False
    types = call.params.get("ResourceTypeFilters") or []
    kind = resource_type(arn)
    if types and not any(item in (kind, kind.partition(":")[0]) for item in types):
        return False
    return all(_has(tags, item) for item in call.params.get("TagFilters", []))


def _has(tags: Mapping[str, str], item: Record) -> bool:
    values = item.get("Values") or []
    return item["Key"] in tags and (not values or tags[item["Key"]] in values)


HANDLERS: Mapping[str, Handler] = {
    "GetResources": get_resources,
    "GetTagKeys": get_keys,
    "GetTagValues": get_values,
}
