"""The four signals of what serves: which of them an alarm is about."""

from __future__ import annotations

import re

from mlaudit.capabilities.alarms import Watch
from mlaudit.capabilities.dashboards import COMPUTE

_LATENCY = re.compile(
    r"latency|duration|elapsed|(processing|response|setup)time|timein|timeto", re.IGNORECASE
)
_HIGH = re.compile(r"p(9\d(\.\d+)?|100)|Maximum|max", re.IGNORECASE)
_TRAFFIC = re.compile(r"invocations|requests|backlog", re.IGNORECASE)
_FAILED = re.compile(r"error|fail", re.IGNORECASE)
_ERRORS = re.compile(r"error|fail|fault|4xx|5xx|exception", re.IGNORECASE)


def is_on_saturation(watch: Watch) -> bool:
    """Whether it is about how full a machine is."""
    return any(COMPUTE.search(each.name) for each in watch.metrics)


def latency_statistics(watch: Watch, *, high: bool) -> list[str]:
    """The statistics by which it looks at metrics of time, those of SageMaker and one's own alike.

    Args:
        watch: The alarm or detector.
        high: Take those that show the slowest tenth of the answers or fewer, or else the others.
    """
    said = [each.statistic or "mean" for each in watch.metrics if _LATENCY.search(each.name)]
    return [each for each in said if bool(_HIGH.fullmatch(each)) is high]


def is_on_traffic(watch: Watch) -> bool:
    """Whether it is about the number of requests alone; a rate of errors divides by them."""
    names = [each.name for each in watch.metrics]
    return all(_TRAFFIC.search(each) and not _FAILED.search(each) for each in names)


def is_on_errors(watch: Watch) -> bool:
    """Whether it is about errors, by metrics of SageMaker or of one's own."""
    return any(_ERRORS.search(each.name) for each in watch.metrics)
