"""Collect what watches: alarms of all kinds and who hears of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import tags_by_arn, unqualified
from mlaudit.resources import (
    Alarm,
    AnomalyDetector,
    Bucket,
    CompositeAlarm,
    ResourceTags,
    Topic,
    Trigger,
    WatchedMetric,
)
from mlaudit.resources.monitoring import ANY

LIST_ALARMS = Operation(
    "cloudwatch", "DescribeAlarms", "MetricAlarms", page_size=("MaxRecords", 100)
)
LIST_COMPOSITES = Operation(
    "cloudwatch", "DescribeAlarms", "CompositeAlarms", page_size=("MaxRecords", 100)
)
LIST_SUBSCRIPTIONS = Operation("sns", "ListSubscriptionsByTopic", "Subscriptions")

LIST_DETECTORS = lists("cloudwatch", "DescribeAnomalyDetectors", "AnomalyDetectors")

ALARM_EVENT = "CloudWatch Alarm State Change"

_QUERY = re.compile(
    r'\s*SELECT\s+(?P<stat>\w+)\(\s*"?(?P<name>[\w./-]+)"?\s*\)'
    r'\s+FROM\s+(?:SCHEMA\(\s*)?"?(?P<namespace>[\w./-]+)"?(?P<labels>[^)]*\))?'
    r"(?:\s+WHERE\s+(?P<where>.*?))?(?:\s+(?:GROUP|ORDER|LIMIT)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_EQUALS = re.compile(r"\"?(\w+)\"?\s*=\s*'([^']*)'")
_SETS_OFF = re.compile(r"\bALARM\s*\(\s*(?:\"([^\"]+)\"|'([^']+)'|([^)\s]+))\s*\)", re.IGNORECASE)


@collector(LIST_ALARMS)
def alarms(reader: Reader, tags: Sequence[ResourceTags]) -> Iterator[Alarm]:
    """Every metric alarm."""
    tagged = tags_by_arn(tags)
    for record in reader.items(LIST_ALARMS, AlarmTypes=["MetricAlarm"]):
        queries = list(_queries(record))
        understood = [each for query in queries if (each := queried(query))]
        yield Alarm(
            arn=record["AlarmArn"],
            region=reader.region,
            name=record["AlarmName"],
            tags=tagged.get(record["AlarmArn"], {}),
            namespace=record.get("Namespace"),
            metric=record.get("MetricName"),
            dimensions=_dimensions(record),
            watches=(*_read_by(record), *understood),
            hides_metrics=len(understood) < len(queries),
            state=record["StateValue"],
            actions=_actions(record),
        )


@collector(LIST_COMPOSITES)
def composite_alarms(reader: Reader) -> Iterator[CompositeAlarm]:
    """Every alarm on other alarms."""
    for record in reader.items(LIST_COMPOSITES, AlarmTypes=["CompositeAlarm"]):
        named = _SETS_OFF.findall(record["AlarmRule"])
        yield CompositeAlarm(
            arn=record["AlarmArn"],
            region=reader.region,
            name=record["AlarmName"],
            watches=tuple(sorted({"".join(each) for each in named})),
            actions=_actions(record),
        )


@collector(LIST_DETECTORS)
def anomaly_detectors(reader: Reader) -> Iterator[AnomalyDetector]:
    """Every anomaly detector, of single metrics and of expressions."""
    for record in reader.items(
        LIST_DETECTORS, AnomalyDetectorTypes=["SINGLE_METRIC", "METRIC_MATH"]
    ):
        watches = tuple(_learned_from(record))
        yield AnomalyDetector(
            arn="/".join(["anomaly-detector", *(_words(each) for each in watches)]),
            region=reader.region,
            watches=watches,
            trained=record.get("StateValue") == "TRAINED",
        )


def _learned_from(record: Record) -> Iterator[WatchedMetric]:
    math = record.get("MetricMathAnomalyDetector")
    if math:
        yield from _read_by({"Metrics": math.get("MetricDataQueries")})
    else:
        single = record.get("SingleMetricAnomalyDetector") or record
        yield _metric(single, single.get("Stat"))


def _words(metric: WatchedMetric) -> str:
    dimensions = (f"{name}={value}" for name, value in sorted(metric.dimensions.items()))
    return ",".join([metric.namespace, metric.name, metric.statistic or "", *dimensions])


@collector(LIST_SUBSCRIPTIONS)
def topics(
    reader: Reader,
    alarms: Sequence[Alarm],
    composites: Sequence[CompositeAlarm],
    triggers: Sequence[Trigger],
    buckets: Sequence[Bucket],
) -> Iterator[Topic]:
    """Who listens to topics that alarms on SageMaker or metrics of one's own notify, or others.

    So do the topics that hear of new objects in a bucket.
    """
    notified = {action for each in alarms if _is_ours(each) for action in each.actions}
    notified |= {action for each in composites for action in each.actions}
    notified |= {
        target
        for each in triggers
        if ALARM_EVENT in (each.pattern or "")
        for target in each.targets
    }
    notified |= {target for each in buckets for target in each.notifies}

    def fetch(arn: str) -> Topic:
        found = list(reader.items(LIST_SUBSCRIPTIONS, arn, TopicArn=arn))
        listed = [each["SubscriptionArn"] for each in found]
        calls = {each["Endpoint"] for each in found if each.get("Protocol") in {"lambda", "sqs"}}
        return Topic(
            arn=arn,
            region=reader.region,
            confirmed=sum(each.startswith("arn:") for each in listed),
            pending=listed.count("PendingConfirmation"),
            passes_to=tuple(sorted(map(unqualified, calls))),
        )

    yield from reader.each(sorted(arn for arn in notified if ":sns:" in arn), fetch)


def _is_ours(alarm: Alarm) -> bool:
    return any(
        "sagemaker" in each.namespace.lower()
        or not each.namespace.startswith("AWS/")
        or {"EndpointName", "InferenceComponentName"} & each.dimensions.keys()
        for each in alarm.watches
    )


def _actions(record: Record) -> tuple[str, ...]:
    return tuple(record.get("AlarmActions") or ()) if record["ActionsEnabled"] else ()


def _dimensions(record: Mapping[str, Any]) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in record.get("Dimensions") or ()}


def _read_by(record: Record) -> Iterator[WatchedMetric]:
    """The metrics an alarm names, its own and those of its expressions."""
    if record.get("MetricName"):
        statistic = record.get("ExtendedStatistic") or record.get("Statistic")
        yield _metric(record, statistic)
    for each in record.get("Metrics") or ():
        if each.get("MetricStat"):
            yield _metric(each["MetricStat"]["Metric"], each["MetricStat"].get("Stat"))


def _metric(record: Mapping[str, Any], statistic: str | None) -> WatchedMetric:
    return WatchedMetric(
        record.get("Namespace") or "", record["MetricName"], statistic, _dimensions(record)
    )


def _queries(record: Record) -> Iterator[str]:
    """The texts by which an alarm looks for metrics of SageMaker."""
    texts = [each.get("Expression") or "" for each in record.get("Metrics") or ()]
    criteria = (record.get("EvaluationCriteria") or {}).get("PromQLCriteria") or {}
    texts.append(criteria.get("Query") or "")
    yield from (each for each in texts if "sagemaker" in each.lower())


def queried(query: str) -> WatchedMetric | None:
    """The metric a query of CloudWatch Metrics Insights reads; ``None`` for any other text."""
    match = _QUERY.fullmatch(query)
    where = match["where"] if match else None
    if match is None or not _is_plain(where):
        return None
    said = dict(_EQUALS.findall(where or ""))
    open_ones = {} if {"EndpointName", "InferenceComponentName"} & said.keys() else _ALL_ENDPOINTS
    return WatchedMetric(match["namespace"], match["name"], match["stat"], {**open_ones, **said})


_ALL_ENDPOINTS = {"EndpointName": ANY}


def _is_plain(where: str | None) -> bool:
    """Whether a condition is nothing but equalities that must all hold."""
    parts: Iterable[str] = (
        re.split(r"\s+AND\s+", where.strip(), flags=re.IGNORECASE) if where else ()
    )
    return all(_EQUALS.fullmatch(each.strip()) for each in parts)
