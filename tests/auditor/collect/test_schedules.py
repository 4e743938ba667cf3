"""What Model Monitor schedules do, wherever that is written."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import schedules
from mlaudit.resources import Endpoint, MonitorDetails, MonitoringSchedule
from mlaudit.testing import build, gap

THEN = datetime(2026, 5, 20, 10, tzinfo=UTC)
SERVES = build(Endpoint, "e")
DAILY = {"ScheduleExpression": "cron(0 5 ? * * *)"}
BASELINE = {
    "ConstraintsResource": {"S3Uri": "s3://b/constraints.json"},
    "StatisticsResource": {"S3Uri": "s3://b/statistics.json"},
}
BY_NAME = {"ScheduleConfig": DAILY, "MonitoringJobDefinitionName": "d"}
RAN = {"MonitoringExecutionStatus": "CompletedWithViolations", "LastModifiedTime": THEN}


def schedule(kind: str | None = "DataQuality", endpoint: str | None = "e") -> MonitoringSchedule:
    return build(
        MonitoringSchedule,
        "s",
        status="Scheduled",
        monitoring_type=kind,
        endpoint_name=endpoint,
    )


def described(reader: Any, *found: MonitoringSchedule) -> list[MonitorDetails]:
    return list(schedules.monitor_details.run(reader, found, [SERVES]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "replies", "has"),
    [
        (
            "DataQuality",
            {"DescribeDataQualityJobDefinition": {"DataQualityBaselineConfig": BASELINE}},
            (True, True, False),
        ),
        (None, {"DescribeDataQualityJobDefinition": {}}, (False, False, False)),
        (
            "ModelQuality",
            {
                "DescribeModelQualityJobDefinition": {
                    "ModelQualityBaselineConfig": {
                        "ConstraintsResource": BASELINE["ConstraintsResource"]
                    },
                    "ModelQualityJobInput": {"GroundTruthS3Input": {"S3Uri": "s3://b/truth"}},
                }
            },
            (True, False, True),
        ),
        ("ModelExplainability", {}, (False, False, False)),
    ],
)
def test_a_definition_of_its_own(
    kind: str | None, replies: Any, has: Any, reader_of: Any, answers: Any
) -> None:
    record = {"MonitoringScheduleConfig": BY_NAME, "LastMonitoringExecutionSummary": RAN}
    reader = reader_of(answers(DescribeMonitoringSchedule=record, **replies))
    found = described(reader, schedule(kind))[0]
    assert (found.constraints, found.statistics, found.ground_truth) == has
    places = (("s3://b/constraints.json", has[0]), ("s3://b/statistics.json", has[1]))
    assert found.baselines == tuple(place for place, there in places if there)
    assert (found.last_status, found.last_at) == ("CompletedWithViolations", THEN)
    assert found.expression == DAILY["ScheduleExpression"]
    assert reader.ledger.gaps == []


def test_a_definition_inside_the_schedule(reader_of: Any, answers: Any) -> None:
    inside = {"MonitoringJobDefinition": {"BaselineConfig": BASELINE}}
    reader = reader_of(answers(DescribeMonitoringSchedule={"MonitoringScheduleConfig": inside}))
    found = described(reader, schedule())[0]
    assert (found.constraints, found.statistics, found.expression) == (True, True, None)
    assert (found.last_status, found.last_at) == (None, None)


def test_a_run_under_way_is_a_gap(reader_of: Any, answers: Any) -> None:
    running = {"MonitoringExecutionStatus": "InProgress", "LastModifiedTime": THEN}
    record = {"MonitoringScheduleConfig": {}, "LastMonitoringExecutionSummary": running}
    reader = reader_of(answers(DescribeMonitoringSchedule=record))
    assert described(reader, schedule())
    assert [each.words for each in reader.ledger.gaps] == [
        "how the run of monitoring-schedule/s that is under way ends"
    ]


@pytest.mark.parametrize(
    "other", [schedule("ModelBias"), schedule(endpoint=None), schedule(endpoint="gone")]
)
def test_schedules_of_nothing_that_serves_are_not_asked_for(
    other: MonitoringSchedule, reader_of: Any, answers: Any
) -> None:
    api = answers()
    assert described(reader_of(api), other) == []
    assert api.asked == []


def test_a_denied_definition_is_a_gap_about_the_schedule(reader_of: Any, answers: Any) -> None:
    denied = gap("sagemaker:DescribeDataQualityJobDefinition")
    record = {"MonitoringScheduleConfig": BY_NAME}
    reader = reader_of(
        answers(DescribeMonitoringSchedule=record, DescribeDataQualityJobDefinition=denied)
    )
    assert described(reader, schedule()) == []
    assert [each.subject for each in reader.ledger.gaps] == [schedule().arn]
