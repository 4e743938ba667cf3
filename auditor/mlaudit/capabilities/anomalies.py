"""What finds unusual requests and answers of endpoints that serve, and what keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlaudit.capabilities import provider
from mlaudit.capabilities.alarms import places
from mlaudit.capabilities.detectors import (
    Control,
    ControlledEndpoint,
    Detector,
    controlled,
    is_own,
)
from mlaudit.capabilities.serving import (
    is_idle,
    placement_gaps,
    placements,
    running_components,
)
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import (
    AnomalyDetector,
    Endpoint,
    InferenceComponent,
    LogAnomalyDetector,
)
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class AnomalyControl:
    """What finds unusual requests or answers of an endpoint."""

    endpoint: ControlledEndpoint


@provider
def anomaly_controls(view: View) -> Evidence[AnomalyControl]:
    """By serving endpoint.

    What a detector finds is kept by CloudWatch Logs itself, by data capture, or where an
    asynchronous endpoint writes. Where none of these is, something else may keep it: a gap.
    """
    kinds = (LogAnomalyDetector, InferenceComponent)
    seen = controlled(view, Control.ANOMALIES, (_of_logs, _of_metrics), *kinds)
    gaps = list(seen.gaps)
    items = []
    kept = frozenset(_keeping(view))
    for each in seen.items:
        if all(one.lacks for one in each.detectors) or each.arn in kept:
            items.append(AnomalyControl(each))
        else:
            operation, region = "sagemaker:DescribeEndpointConfig", view.region.name
            gaps += placement_gaps(view)
            gaps.append(Gap.unread(operation, region, "AnomaliesKeptElsewhere", each.arn))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _keeping(view: View) -> Iterator[str]:
    """The endpoints whose requests and answers are surely kept."""
    for each in placements(view):
        capture = each.config.data_capture
        if each.config.asynchronous or (capture is not None and capture.enabled):
            yield each.endpoint.arn
    for endpoint in view.items(Endpoint):
        found = _of_logs(view, endpoint, Control.ANOMALIES)
        if any(not each.lacks for each in found):
            yield endpoint.arn


def _of_logs(view: View, endpoint: Endpoint, _: Control) -> Iterator[Detector]:
    groups = {f"/aws/sagemaker/Endpoints/{endpoint.name}"}
    groups |= {
        f"/aws/sagemaker/InferenceComponents/{each.name}"
        for each in running_components(view, endpoint)
    }
    own = [each for each in placements(view) if each.endpoint.arn == endpoint.arn]
    asked = any(is_idle(view, each) is False for each in own)
    for detector in view.region.all(LogAnomalyDetector):
        if groups & {*detector.group_names}:
            lacks = {
                "a model of its log": detector.status != "ANALYZING",
                "requests in the window": not asked,
            }
            words = f"log anomaly detector {detector.name}"
            yield Detector(words, tuple(each for each, lack in lacks.items() if lack), None)


def _of_metrics(view: View, endpoint: Endpoint, _: Control) -> Iterator[Detector]:
    here = [each for each in places(view) if each.placement.endpoint.arn == endpoint.arn]
    for detector in view.region.all(AnomalyDetector):
        found = [one for one in detector.watches if any(each.has(one) for each in here)]
        if found:
            lacks = {
                "a trained model": not detector.trained,
                "a metric of inputs or answers": not any(is_own(each) for each in found),
            }
            words = f"anomaly detector of {found[0].name}"
            yield Detector(words, tuple(each for each, lack in lacks.items() if lack), None)
