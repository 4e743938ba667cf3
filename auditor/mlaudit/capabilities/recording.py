"""Requests and answers that are to be recorded, and whether records of them arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import Placement, placement_gaps, placements
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import CapturedRecords, Traffic
from mlaudit.sight import View

_ALL = 100
_ENOUGH = 20
"""So many expected records are never all left out by chance."""
_DELAY = timedelta(hours=2)
"""Records are written some time after the request."""


@dataclass(frozen=True, slots=True)
class RecordingVariant:
    """A variant that answered requests, and is to record all or a share of them.

    Attributes:
        placement: The variant.
        requests: How many requests it answered in the window.
        percent: How many in a hundred are to be recorded.
        since: From when on records were looked for.
        written_at: When a record was written; ``None`` where there is none.
    """

    placement: Placement
    requests: float
    percent: int
    since: datetime
    written_at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return self.placement.observed(grade, fact, self.written_at)


@provider
def recording_variants(view: View) -> Evidence[RecordingVariant]:
    """Every serving variant with data capture that answered requests.

    Without a record it is a gap where too few requests came for one to be missing, and where
    requests are not counted by variant.
    """
    items: list[RecordingVariant] = []
    gaps = [*placement_gaps(view), *view.gaps(CapturedRecords)]
    for placement in placements(view):
        capture = placement.config.data_capture
        if capture is None or not capture.enabled:
            continue
        arn = f"{placement.endpoint.arn}#{placement.variant.name}"
        counted = view.region.get(Traffic, arn)
        found = view.region.get(CapturedRecords, f"{arn}#captured")
        if counted and found and (found.written_at or _must_be_there(view, placement, counted)):
            percent = capture.sampling_percent or 0
            at = found.written_at
            items.append(RecordingVariant(placement, counted.requests, percent, found.since, at))
        elif found or _is_counted_elsewhere(placement):
            operation, region = "s3:ListObjectsV2", view.region.name
            gaps.append(
                Gap.unread(operation, region, "CaptureNotTold", placement.endpoint.arn),
            )
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _must_be_there(view: View, placement: Placement, counted: Traffic) -> bool:
    """Whether enough requests came, since the endpoint is as it is, for a record to be there."""
    capture, changed_at = placement.config.data_capture, placement.endpoint.modified_at
    percent = (capture and capture.sampling_percent) or 0
    if percent == _ALL:
        at = counted.last_at
        return bool(at and changed_at <= at <= view.window.end - _DELAY)
    return changed_at <= view.window.start and counted.requests * percent / 100 >= _ENOUGH


def _is_counted_elsewhere(placement: Placement) -> bool:
    """Whether requests are counted by components, or answered later."""
    return placement.variant.model_name is None or placement.config.asynchronous
