"""Anomaly detectors of log groups."""

from typing import Any

import pytest

from mlaudit.collect.logs import log_anomaly_detectors
from mlaudit.resources import LogAnomalyDetector

ARN = "arn:aws:logs:eu-west-1:111122223333:anomaly-detector:1f"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/sagemaker/Endpoints/fraud"
RECORD = {"anomalyDetectorArn": ARN, "anomalyDetectorStatus": "TRAINING"}


@pytest.mark.parametrize(
    ("members", "name", "groups"),
    [
        ({}, "1f", ()),
        (
            {"detectorName": "d", "logGroupArnList": [GROUP]},
            "d",
            ("/aws/sagemaker/Endpoints/fraud",),
        ),
        ({"logGroupArnList": [f"{GROUP}:*"]}, "1f", ("/aws/sagemaker/Endpoints/fraud",)),
    ],
)
def test_a_detector_names_its_groups(
    members: Any, name: str, groups: Any, reader_of: Any, answers: Any
) -> None:
    reply = {"anomalyDetectors": [{**RECORD, **members}]}
    found = list(log_anomaly_detectors.run(reader_of(answers(ListLogAnomalyDetectors=reply))))
    assert found == [LogAnomalyDetector(ARN, "eu-west-1", name, groups, "TRAINING")]
