"""What a team looks at. No field has a default."""

from __future__ import annotations

from dataclasses import dataclass

from mlaudit.resources.monitoring import WatchedMetric


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A CloudWatch dashboard (``GetDashboard``), as far as it is about one region.

    Dashboards belong to the account: the same one is seen in every region that is read.
    """

    arn: str
    region: str
    name: str
    shows: tuple[WatchedMetric, ...]
    """Metrics of the region; ``*`` where a search leaves a name or a dimension open."""
    alarms: tuple[str, ...]
    """The ARNs of the alarms whose metrics it shows."""
    hides_metrics: bool
    """Whether it shows more by queries, functions or searches that are not understood."""
