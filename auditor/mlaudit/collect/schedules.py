"""Collect what the Model Monitor schedules of endpoints that serve do, and how they last ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import utc_or_none
from mlaudit.resources import Endpoint, MonitorDetails, MonitoringSchedule

DESCRIBE_SCHEDULE = Operation("sagemaker", "DescribeMonitoringSchedule")
DESCRIBE_DATA_QUALITY = Operation("sagemaker", "DescribeDataQualityJobDefinition")
DESCRIBE_MODEL_QUALITY = Operation("sagemaker", "DescribeModelQualityJobDefinition")
DESCRIBE_EXPLAINABILITY = Operation("sagemaker", "DescribeModelExplainabilityJobDefinition")

_DEFINITIONS = {
    "DataQuality": DESCRIBE_DATA_QUALITY,
    "ModelQuality": DESCRIBE_MODEL_QUALITY,
    "ModelExplainability": DESCRIBE_EXPLAINABILITY,
}
_CONSTRAINTS, _STATISTICS = "ConstraintsResource", "StatisticsResource"
_UNDER_WAY = frozenset({"Pending", "InProgress", "Stopping"})


@collector(
    DESCRIBE_SCHEDULE, DESCRIBE_DATA_QUALITY, DESCRIBE_MODEL_QUALITY, DESCRIBE_EXPLAINABILITY
)
def monitor_details(
    reader: Reader, schedules: Sequence[MonitoringSchedule], endpoints: Sequence[Endpoint]
) -> Iterator[MonitorDetails]:
    """The schedules that watch data, results or attributions of what serves, described."""
    serving = {each.name for each in endpoints if each.serving}
    wanted = [
        each
        for each in schedules
        if each.endpoint_name in serving and (each.monitoring_type or "DataQuality") in _DEFINITIONS
    ]

    def fetch(schedule: MonitoringSchedule) -> MonitorDetails:
        record = reader.one(DESCRIBE_SCHEDULE, schedule.arn, MonitoringScheduleName=schedule.name)
        last = record.get("LastMonitoringExecutionSummary") or {}
        status = last.get("MonitoringExecutionStatus")
        if status in _UNDER_WAY:
            reader.not_read(DESCRIBE_SCHEDULE, "RunUnderWay", schedule.arn)
        config = record["MonitoringScheduleConfig"]
        definition = _definition(reader, schedule, config)
        baseline = _part(definition, "BaselineConfig")
        inputs = _part(definition, "JobInput")
        return MonitorDetails(
            arn=f"{schedule.arn}#details",
            region=reader.region,
            schedule_arn=schedule.arn,
            expression=(config.get("ScheduleConfig") or {}).get("ScheduleExpression"),
            constraints=bool(_location(baseline, _CONSTRAINTS)),
            statistics=bool(_location(baseline, _STATISTICS)),
            ground_truth=bool(_location(inputs, "GroundTruthS3Input")),
            baselines=tuple(
                uri
                for member in (_CONSTRAINTS, _STATISTICS)
                if (uri := _location(baseline, member))
            ),
            last_status=status,
            last_at=utc_or_none(last.get("LastModifiedTime")),
        )

    yield from reader.each(wanted, fetch)


def _definition(reader: Reader, schedule: MonitoringSchedule, config: Mapping[str, Any]) -> Record:
    """What the schedule runs: written into it, or a definition of its own."""
    name = config.get("MonitoringJobDefinitionName")
    if not name:
        return dict(config.get("MonitoringJobDefinition") or {})
    describing = _DEFINITIONS[schedule.monitoring_type or "DataQuality"]
    return reader.one(describing, schedule.arn, JobDefinitionName=name)


def _part(definition: Record, ending: str) -> Mapping[str, Any]:
    """The member whose name ends so; it starts with the kind of monitoring."""
    found = (value for name, value in definition.items() if name.endswith(ending))
    return next(found, None) or {}


def _location(part: Mapping[str, Any], member: str) -> str | None:
    found = (part.get(member) or {}).get("S3Uri")
    return str(found) if found else None
