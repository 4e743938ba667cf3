"""What dashboards show, however their widgets say it."""

import json
from typing import Any

import pytest

from mlaudit.collect.dashboards import dashboards
from mlaudit.model import GapReason
from mlaudit.resources import Dashboard, Endpoint, WatchedMetric
from mlaudit.testing import ACCOUNT, build, gap

HOSTS, SAGEMAKER = "/aws/sagemaker/Endpoints", "AWS/SageMaker"
FRAUD = {"EndpointName": "fraud", "VariantName": "main"}
ON_FRAUD = ["EndpointName", "fraud", "VariantName", "main"]
CPU = WatchedMetric(HOSTS, "CPUUtilization", None, FRAUD)
MEMORY = WatchedMetric(HOSTS, "MemoryUtilization", None, FRAUD)
ALARM = "arn:aws:cloudwatch:eu-west-1:1:alarm:a"
ENTRY = {"DashboardName": "d", "DashboardArn": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/d"}
SERVES = build(Endpoint, "fraud")


def metrics(*rows: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "metric", "properties": {"metrics": list(rows), **properties}}


def search(text: str) -> dict[str, Any]:
    return metrics([{"expression": f"SEARCH('{text}', 'p99', 60)", "id": "e"}])


def replies(*widgets: Any) -> dict[str, Any]:
    body = json.dumps({"widgets": widgets})
    return {
        "ListDashboards": {"DashboardEntries": [ENTRY]},
        "GetDashboard": {"DashboardBody": body, "DashboardName": "d"},
    }


def read(reader: Any, *endpoints: Endpoint) -> list[Any]:
    return list(dashboards.run(reader, endpoints))


SHOWS: dict[str, tuple[list[Any], list[WatchedMetric]]] = {
    "nothing": ([], []),
    "a text": ([{"type": "text", "properties": {"markdown": "hello"}}], []),
    "a row": ([metrics([HOSTS, "CPUUtilization", *ON_FRAUD])], [CPU]),
    "a statistic": (
        [metrics([HOSTS, "CPUUtilization", *ON_FRAUD, {"stat": "p99"}], stat="Average")],
        [WatchedMetric(HOSTS, "CPUUtilization", "p99", FRAUD)],
    ),
    "dots": (
        [
            metrics(
                [HOSTS, "CPUUtilization", *ON_FRAUD],
                [".", "MemoryUtilization", ".", ".", ".", "."],
            )
        ],
        [CPU, MEMORY],
    ),
    "three dots": (
        [metrics([HOSTS, "CPUUtilization", *ON_FRAUD], ["...", "canary", {"label": "new"}])],
        [CPU, WatchedMetric(HOSTS, "CPUUtilization", None, {**FRAUD, "VariantName": "canary"})],
    ),
    "dots below an expression": (
        [
            metrics(
                [HOSTS, "CPUUtilization", *ON_FRAUD, {"id": "m"}],
                [{"expression": "m / 4"}],
                [".", "MemoryUtilization", "..."],
            )
        ],
        [CPU, MEMORY],
    ),
    "another region": ([metrics([HOSTS, "CPUUtilization", *ON_FRAUD], region="us-east-1")], []),
    "this region": ([metrics([HOSTS, "CPUUtilization", *ON_FRAUD], region="eu-west-1")], [CPU]),
    "another account": ([metrics([HOSTS, "CPUUtilization", *ON_FRAUD], accountId="9" * 12)], []),
    "a search": (
        [search(f'{{{HOSTS},EndpointName,VariantName}} EndpointName="fraud"')],
        [WatchedMetric(HOSTS, "*", "p99", {"EndpointName": "fraud", "VariantName": "*"})],
    ),
    "a search for a name": (
        [search('{AWS/SageMaker,EndpointName} MetricName="ModelLatency" AND EndpointName="fraud"')],
        [WatchedMetric(SAGEMAKER, "ModelLatency", "p99", {"EndpointName": "fraud"})],
    ),
    "a query": (
        [
            metrics(
                [{"expression": 'SELECT MAX(Errors) FROM SCHEMA("AWS/SageMaker", EndpointName)'}]
            )
        ],
        [WatchedMetric(SAGEMAKER, "Errors", "MAX", {"EndpointName": "*"})],
    ),
}


@pytest.mark.parametrize("case", SHOWS)
def test_the_metrics_a_dashboard_shows(case: str, reader_of: Any, answers: Any) -> None:
    widgets, shows = SHOWS[case]
    found = read(reader_of(answers(**replies(*widgets))), SERVES)
    assert found == [build(Dashboard, "d", arn=ENTRY["DashboardArn"], shows=tuple(shows))]


HIDES: dict[str, tuple[Any, bool]] = {
    "a function": ({"type": "custom", "properties": {"endpoint": "arn:function"}}, True),
    "what has tags": ({"type": "explorer"}, True),
    "a chart of logs": ({"type": "log", "properties": {"view": "timeSeries"}}, True),
    "a table of logs": ({"type": "log", "properties": {"view": "table"}}, False),
    "a search by words": (search("{AWS/SageMaker,EndpointName} fraud"), True),
    "a search for either": (search('{AWS/SageMaker,EndpointName} A="b" OR A="c"'), True),
    "a search without schema": (search(' Namespace="Fraud" MetricName="accuracy"'), True),
    "a search elsewhere": (search("{AWS/EC2,InstanceId} CPUUtilization"), False),
    "a query elsewhere": (metrics([{"expression": 'SELECT MAX(X) FROM "AWS/EC2"'}]), False),
    "arithmetic": (metrics([{"expression": "m1 * 100"}]), False),
}


@pytest.mark.parametrize("case", HIDES)
def test_what_is_shown_and_not_told(case: str, reader_of: Any, answers: Any) -> None:
    widget, hides = HIDES[case]
    (found,) = read(reader_of(answers(**replies(widget))), SERVES)
    assert (found.shows, found.hides_metrics) == ((), hides)


def test_an_alarm_stands_for_its_metrics(reader_of: Any, answers: Any) -> None:
    widget = metrics(annotations={"alarms": [ALARM]})
    (found,) = read(reader_of(answers(**replies(widget))), SERVES)
    assert found.alarms == (ALARM,)


@pytest.mark.parametrize("endpoints", [(), (build(Endpoint, status="Failed"),)])
def test_where_nothing_serves_no_dashboard_is_read(
    endpoints: Any, reader_of: Any, answers: Any
) -> None:
    api = answers(**replies())
    assert read(reader_of(api), *endpoints) == []
    assert api.asked == []


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (gap("cloudwatch:GetDashboard"), GapReason.DENIED),
        ({"DashboardBody": "no JSON"}, GapReason.FAILED),
    ],
)
def test_a_dashboard_that_cannot_be_read_is_a_gap_about_it(
    reply: Any, reason: GapReason, reader_of: Any, answers: Any
) -> None:
    reader = reader_of(answers(**{**replies(), "GetDashboard": reply}))
    assert read(reader, SERVES) == []
    assert [(each.subject, each.reason) for each in reader.ledger.gaps] == [
        (ENTRY["DashboardArn"], reason)
    ]
