"""Anomaly detectors of CloudWatch Logs; they learn nothing, and analyse at once."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
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


def get(call: Call) -> Record:
    """Describe an anomaly detector."""
    return _find(call)


def update(call: Call) -> Record:
    """Change an anomaly detector, or switch it off and on."""
    record = _find(call)
    changes = dict(call.params)
    enabled = changes.pop("enabled")
    record |= changes
    record["anomalyDetectorStatus"] = "ANALYZING" if enabled else "PAUSED"
    record["lastModifiedTimeStamp"] = int(call.now.timestamp() * 1000)
    return {}


def delete(call: Call) -> Record:
    """Delete an anomaly detector."""
    _find(call)
    del call.space.table(_KIND)[call.params["anomalyDetectorArn"]]
    return {}


def list_detectors(call: Call) -> Record:
    """List the anomaly detectors, of one log group if it is asked for."""
    group = call.params.get("filterLogGroupArn")
    rows = [
        row for row in call.space.rows(_KIND) if group is None or group in row["logGroupArnList"]
    ]
    return pages.cut(call, rows, member="anomalyDetectors", size="limit", default=50)


def _find(call: Call) -> Record:
    found = call.space.table(_KIND).get(call.params["anomalyDetectorArn"])
    if found is None:
        raise Refusal("ResourceNotFoundException", "The anomaly detector does not exist.")
    return found


HANDLERS: Mapping[str, Handler] = {
    "CreateLogAnomalyDetector": create,
    "DeleteLogAnomalyDetector": delete,
    "GetLogAnomalyDetector": get,
    "ListLogAnomalyDetectors": list_detectors,
    "UpdateLogAnomalyDetector": update,
}
