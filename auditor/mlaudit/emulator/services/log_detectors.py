"""Anomaly detectors of CloudWatch Logs; they learn nothing, and analyse at once."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.services import pages

_KIND = "logs:AnomalyDetector"
_DAYS_SEEN = 21


def create(call: Call) -> Record:
    """Create an anomaly detector of some log groups."""
    arn = call.arn(f"anomaly-detector:{call.token('log anomaly detector', 32)}")
    made = int(call.now.timestamp() * 1000)
    call.space.table(_KIND)[arn] = {
        "evaluationFrequency": "FIVE_MIN",
        "anomalyVisibilityTime": _DAYS_SEEN,
        **{key: value for key, value in call.params.items() if key != "tags"},
        "anomalyDetectorArn": arn,
        "anomalyDetectorStatus": "ANALYZING",
        "creationTimeStamp": made,
        "lastModifiedTimeStamp": made,
        **call.becomes,
    }
    return {"anomalyDetectorArn": arn}


def list_detectors(call: Call) -> Record:
    """List the anomaly detectors, of one log group if it is asked for."""
    group = call.params.get("filterLogGroupArn")
    rows = [
        row for row in call.space.rows(_KIND) if group is None or group in row["logGroupArnList"]
    ]
    return pages.cut(call, rows, member="anomalyDetectors", size="limit", default=50)


HANDLERS: Mapping[str, Handler] = {
    "CreateLogAnomalyDetector": create,
    "ListLogAnomalyDetectors": list_detectors,
}
