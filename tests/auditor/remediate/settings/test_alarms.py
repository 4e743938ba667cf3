"""Alarms: what of an answer is the alarm itself, and how its tags are written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.remediate.change import Ask, Document
from mlaudit.remediate.settings import SETTINGS

ALARM, BOARD = SETTINGS["cloudwatch.alarm"], SETTINGS["cloudwatch.dashboard"]
KEY = {"AlarmName": "slow"}
ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:slow"
STATE: dict[str, Any] = {
    "ActionsEnabled": True,
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 1,
    "Metrics": [{"Id": "m", "Expression": "SELECT 1", "ReturnData": True}],
    "Threshold": 1.0,
}


def _answering(*tags: dict[str, str], **alarm: Any) -> Ask:
    def answer(_service: str, operation: str, _: Document) -> Document:
        if operation == "ListTagsForResource":
            return {"Tags": list(tags)}
        return {"MetricAlarms": [{"AlarmName": "slow", "AlarmArn": ARN, **alarm}]}

    return answer


def test_what_an_alarm_has_gone_through_is_not_what_it_is() -> None:
    history = {
        "StateValue": "ALARM",
        "StateReason": "it is slow",
        "StateUpdatedTimestamp": datetime(2026, 1, 1, tzinfo=UTC),
        "AlarmConfigurationUpdatedTimestamp": datetime(2026, 1, 1, tzinfo=UTC),
    }
    assert ALARM.read(KEY, _answering(**STATE, **history)) == {**STATE, "AlarmArn": ARN}


def test_what_is_empty_is_left_out_at_any_depth() -> None:
    metric = {"Namespace": "n", "MetricName": "m", "Dimensions": []}
    query = {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
    told = {**STATE, "OKActions": [], "Dimensions": [], "Unit": None, "Metrics": [query]}
    read = ALARM.read(KEY, _answering(**told))
    assert read is not None
    assert "OKActions" not in read
    assert "Unit" not in read
    assert read["Metrics"][0]["MetricStat"]["Metric"] == {"Namespace": "n", "MetricName": "m"}


def test_tags_are_sorted_and_those_of_aws_left_out() -> None:
    tags = [{"Key": key, "Value": "v"} for key in ("team", "aws:cloudformation:stack-id", "owner")]
    read = ALARM.read(KEY, _answering(*tags, **STATE))
    assert read is not None
    assert [each["Key"] for each in read["Tags"]] == ["owner", "team"]


@pytest.mark.parametrize(
    "more", [{}, {"TreatMissingData": "missing"}, {"ActionsEnabled": True}, {"AlarmArn": ARN}]
)
def test_what_aws_takes_anyway_is_no_difference(more: dict[str, Any]) -> None:
    bare = {name: value for name, value in STATE.items() if name != "ActionsEnabled"}
    assert not ALARM.calls(KEY, STATE, {**bare, **more})


def test_an_alarm_is_written_whole_and_without_what_only_reading_tells() -> None:
    before = {**STATE, "AlarmArn": ARN, "Tags": [{"Key": "owner", "Value": "risk"}]}
    after = {**before, "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:alerts"]}
    (call,) = ALARM.calls(KEY, before, after)
    expected = {**KEY, **STATE, "AlarmActions": after["AlarmActions"]}
    assert (call.operation, call.params) == ("PutMetricAlarm", expected)


def test_tags_of_an_alarm_that_is_there_are_written_apart() -> None:
    before = {**STATE, "AlarmArn": ARN, "Tags": [{"Key": "a", "Value": "1"}]}
    after = {**before, "Tags": [{"Key": "b", "Value": "2"}]}
    given, taken = ALARM.calls(KEY, before, after)
    tags = [{"Key": "b", "Value": "2"}]
    assert (given.operation, given.params) == ("TagResource", {"ResourceARN": ARN, "Tags": tags})
    assert (taken.operation, taken.params) == (
        "UntagResource",
        {"ResourceARN": ARN, "TagKeys": ["a"]},
    )


def test_a_dashboard_is_compared_by_what_it_says() -> None:
    one = {"DashboardBody": '{"widgets": [], "start": "-PT1H"}'}
    assert BOARD.are_equal(one, {"DashboardBody": '{"start":"-PT1H","widgets":[]}'})
    assert not BOARD.are_equal(one, {"DashboardBody": '{"widgets": []}'})
    assert not BOARD.are_equal(one, {"DashboardBody": "no document"})
