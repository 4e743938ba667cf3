"""Anomaly detectors of the emulated CloudWatch Logs."""

from collections.abc import Callable
from typing import Any

GROUPS = ["arn:aws:logs:us-east-1:123456789012:log-group:fraud", "arn:aws:logs:::log-group:churn"]


def test_detectors_are_listed_by_their_log_group(client: Callable[..., Any]) -> None:
    logs = client("logs")
    made = [
        logs.create_log_anomaly_detector(detectorName=arn[-5:], logGroupArnList=[arn])
        for arn in GROUPS
    ]
    listed = logs.list_log_anomaly_detectors()["anomalyDetectors"]
    assert [each["anomalyDetectorArn"] for each in listed] == [
        each["anomalyDetectorArn"] for each in made
    ]
    (found,) = logs.list_log_anomaly_detectors(filterLogGroupArn=GROUPS[0])["anomalyDetectors"]
    assert (found["detectorName"], found["anomalyDetectorStatus"]) == ("fraud", "ANALYZING")


def test_what_is_not_about_detectors_is_answered_as_before(client: Callable[..., Any]) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="fraud")
    assert [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]] == ["fraud"]
