"""Anomaly detectors of CloudWatch; what they learn is not computed: they are trained at once."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_KIND = "cloudwatch:AnomalyDetector"


def put(call: Call) -> Record:
    """Create an anomaly detector, or replace it."""
    kinds = ("SingleMetricAnomalyDetector", "MetricMathAnomalyDetector")
    given = next((kind for kind in kinds if kind in call.params), None)
    about = call.params[given] if given else call.params
    metric = {key: about[key] for key in _METRIC if key in about}
    record: Record = {
        **call.params,
        **({} if given == kinds[1] else metric | {kinds[0]: metric}),
        "StateValue": "TRAINED",
        **call.becomes,
    }
    call.space.table(_KIND)[_key(call)] = record
    return {}


def delete(call: Call) -> Record:
    """Delete an anomaly detector."""
    if call.space.table(_KIND).pop(_key(call), None) is None:
        raise Refusal("ResourceNotFoundException", "The anomaly detector does not exist.", 404)
    return {}


_METRIC = ("Namespace", "MetricName", "Dimensions", "Stat")


def describe(call: Call) -> Record:
    """Describe the anomaly detectors of the kinds asked for: of single metrics, unless told."""
    wanted = call.params.get("AnomalyDetectorTypes") or ["SINGLE_METRIC"]
    rows = [
        row
        for row in call.space.rows(_KIND)
        if ("METRIC_MATH" if "MetricMathAnomalyDetector" in row else "SINGLE_METRIC") in wanted
    ]
    return pages.cut(call, rows, member="AnomalyDetectors", size="MaxResults")


def _key(call: Call) -> str:
    about = call.params.get("SingleMetricAnomalyDetector", call.params)
    metric = {key: about[key] for key in _METRIC if key in about}
    return json.dumps(call.params.get("MetricMathAnomalyDetector") or metric, sort_keys=True)


HANDLERS: Mapping[str, Handler] = {
    "DeleteAnomalyDetector": delete,
    "DescribeAnomalyDetectors": describe,
    "PutAnomalyDetector": put,
}
