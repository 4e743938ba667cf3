"""Collect what keeps a record of changes and of reasons: CloudTrail, AWS Config, model cards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import utc_or_none
from mlaudit.collect.whole import searchable, whole
from mlaudit.resources import CallLog, ConfigRecorder, ModelCard

LIST_TRAILS = Operation("cloudtrail", "DescribeTrails")
GET_TRAIL_STATUS = Operation("cloudtrail", "GetTrailStatus")
GET_SELECTORS = Operation("cloudtrail", "GetEventSelectors")
LIST_STORES = lists("cloudtrail", "ListEventDataStores", "EventDataStores", 1000)
GET_STORE = Operation("cloudtrail", "GetEventDataStore")
LIST_RECORDERS = Operation("config", "DescribeConfigurationRecorders")
LIST_RECORDER_STATUS = Operation("config", "DescribeConfigurationRecorderStatus")
CARDS = replace(
    searchable("ModelCard"), listing=lists("sagemaker", "ListModelCards", "ModelCardSummaries")
)

_FAILED = "FAILURE"
_SOURCE = "sagemaker.amazonaws.com"


@collector(LIST_TRAILS, GET_TRAIL_STATUS, GET_SELECTORS)
def trails(reader: Reader) -> Iterator[CallLog]:
    """The trails that cover the region, those of the organisation included."""

    def fetch(trail: Record) -> CallLog:
        arn = trail["TrailARN"]
        status = reader.one(GET_TRAIL_STATUS, arn, Name=arn)
        chosen = trail.get("HasCustomEventSelectors")
        return CallLog(
            arn=arn,
            region=reader.region,
            name=trail["Name"],
            product="trail",
            logging=status["IsLogging"],
            changes=_takes_changes(reader.one(GET_SELECTORS, arn, TrailName=arn))
            if chosen
            else True,  # what a trail takes unless told otherwise
            written_at=utc_or_none(status.get("LatestDeliveryTime")),
        )

    yield from reader.each(reader.one(LIST_TRAILS)["trailList"], fetch)


@collector(LIST_STORES, GET_STORE)
def event_data_stores(reader: Reader) -> Iterator[CallLog]:
    """The event data stores of CloudTrail Lake, which is closed to new customers."""

    def fetch(listed: Record) -> CallLog:
        arn = listed["EventDataStoreArn"]
        store = reader.one(GET_STORE, arn, EventDataStore=arn)
        return CallLog(
            arn=arn,
            region=reader.region,
            name=store["Name"],
            product="event data store",
            logging=store["Status"] == "ENABLED",
            changes=_takes_changes(store),
            written_at=None,
        )

    yield from reader.each(list(reader.items(LIST_STORES)), fetch)


def _takes_changes(record: Record) -> bool:
    """Whether selectors of either kind let calls through that change something in SageMaker."""
    simple = any(
        each.get("IncludeManagementEvents") and each.get("ReadWriteType") != "ReadOnly"
        for each in record.get("EventSelectors") or ()
    )
    return simple or any(map(_lets_changes, record.get("AdvancedEventSelectors") or ()))


def _lets_changes(selector: Mapping[str, Any]) -> bool:
    equals = {each["Field"]: each.get("Equals") for each in selector["FieldSelectors"]}
    return (
        equals.get("eventCategory") == ["Management"]
        and equals.get("readOnly") != ["true"]
        and _SOURCE in (equals.get("eventSource") or [_SOURCE])
    )


@collector(LIST_RECORDERS, LIST_RECORDER_STATUS)
def config_recorders(reader: Reader) -> Iterator[ConfigRecorder]:
    """The recorders that a customer set up, not those of another service."""
    found = reader.one(LIST_RECORDERS)["ConfigurationRecorders"]
    own = [each for each in found if not each.get("servicePrincipal")]
    if not own:
        return
    listed = reader.one(LIST_RECORDER_STATUS)["ConfigurationRecordersStatus"]
    status = {each["name"]: each for each in listed}
    for record in own:
        name = record["name"]
        now = status.get(name, {})
        yield ConfigRecorder(
            arn=record.get("arn") or f"config-recorder/{name}",
            region=reader.region,
            name=name,
            records_ml=_records_ml(record.get("recordingGroup") or {}),
            recording=bool(now.get("recording")) and now.get("lastStatus", "").upper() != _FAILED,
        )


def _records_ml(group: Mapping[str, Any]) -> bool:
    """Whether all kinds are recorded, all but some that are not of SageMaker, or one that is."""
    excluded = (group.get("exclusionByResourceTypes") or {}).get("resourceTypes") or ()
    if (group.get("recordingStrategy") or {}).get("useOnly") == "EXCLUSION_BY_RESOURCE_TYPES":
        return not _of_sagemaker(excluded)
    return bool(group.get("allSupported")) or _of_sagemaker(group.get("resourceTypes") or ())


def _of_sagemaker(kinds: Iterable[str]) -> bool:
    return any(each.startswith("AWS::SageMaker::") for each in kinds)


@collector(*CARDS.operations)
def model_cards(reader: Reader) -> Iterator[ModelCard]:
    """Every model card."""

    def read(record: Record, tags: Mapping[str, str]) -> ModelCard:
        return ModelCard(
            arn=record["ModelCardArn"],
            region=reader.region,
            name=record["ModelCardName"],
            tags=tags,
            status=record["ModelCardStatus"],
            about=tuple(sorted(set(_subjects(json.loads(record["Content"]))))),
        )

    yield from whole(reader, CARDS, read)


_SUBJECTS = (
    ("model_overview", "model_id"),
    ("model_overview", "model_name"),
    ("model_package_details", "model_package_arn"),
    ("model_package_details", "model_package_group_name"),
)
"""Where a card says what it is about."""


def _subjects(content: Mapping[str, Any]) -> Iterator[str]:
    found = ((content.get(part) or {}).get(member) for part, member in _SUBJECTS)
    yield from (str(each) for each in found if each)
