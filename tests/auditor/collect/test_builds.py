"""What becomes of replies about build projects and test reports."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import builds
from mlaudit.model import Gap, GapReason
from mlaudit.resources import BuildProject, TestReport
from mlaudit.testing import build

ROOT = "arn:aws:codebuild:eu-west-1:111122223333"
GROUP = f"{ROOT}:report-group/fraud-ci-unit"
PROJECT = build(BuildProject, "fraud-ci")
DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)


def event(pattern: str) -> dict[str, Any]:
    return {"filterGroups": [[{"type": "EVENT", "pattern": pattern}]]}


@pytest.mark.parametrize(
    ("webhook", "on_commit"),
    [
        (None, False),
        ({}, True),
        ({"filterGroups": []}, True),
        (event("PUSH"), True),
        (event("PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED"), True),
        (event("RELEASED"), False),
    ],
)
def test_a_webhook_tells_whether_commits_start_it(
    webhook: Any, reader_of: Any, answers: Any, *, on_commit: bool
) -> None:
    record = {
        "name": "fraud-ci", "arn": f"{ROOT}:project/fraud-ci",
        "tags": [{"key": "workload", "value": "fraud"}],
        "source": {"type": "GITHUB", "buildspec": "PASSWORD=hunter2"},
        **({"webhook": webhook} if webhook is not None else {}),
    }  # fmt: skip
    api = answers(ListProjects={"projects": ["fraud-ci"]}, BatchGetProjects={"projects": [record]})
    (found,) = builds.build_projects.run(reader_of(api))
    assert isinstance(found, BuildProject)
    assert (found.on_commit, found.tags) == (on_commit, {"workload": "fraud"})
    assert "hunter2" not in repr(found)


def test_projects_are_read_a_hundred_at_a_time(reader_of: Any, answers: Any) -> None:
    names = [str(number) for number in range(101)]
    api = answers(ListProjects={"projects": names}, BatchGetProjects={"projects": []})
    assert list(builds.build_projects.run(reader_of(api))) == []
    assert [len(each["names"]) for name, each in api.asked if name == "BatchGetProjects"] == [
        100, 1,
    ]  # fmt: skip


def report(**values: Any) -> dict[str, Any]:
    return {
        "arn": f"{ROOT}:report/fraud-ci-unit:1", "type": "TEST", "reportGroupArn": GROUP,
        "executionId": f"{ROOT}:build/fraud-ci:0a1b", "testSummary": {"total": 12},
        "created": datetime(2026, 5, 20, tzinfo=UTC), **values,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [("fraud-ci-unit", "fraud-ci", 12)]),
        ({"type": "CODE_COVERAGE"}, []),
        ({"testSummary": {"total": 0}}, []),
        ({"created": datetime(2025, 1, 1, tzinfo=UTC)}, []),
    ],
)
def test_the_newest_report_of_the_window_tells_its_project(
    values: Any, expected: Any, reader_of: Any, answers: Any
) -> None:
    api = answers(
        ListReportGroups={"reportGroups": [GROUP]},
        ListReportsForReportGroup={"reports": ["r"]},
        BatchGetReports={"reports": [report(**values)]},
    )
    found = builds.test_reports.run(reader_of(api), [PROJECT])
    kept = [each for each in found if isinstance(each, TestReport)]
    assert [(each.name, each.project, each.tests) for each in kept] == expected


def test_reports_of_a_group_that_are_denied_are_a_gap_of_it(reader_of: Any, answers: Any) -> None:
    api = answers(ListReportGroups={"reportGroups": [GROUP]}, ListReportsForReportGroup=DENIED)
    reader = reader_of(api)
    assert list(builds.test_reports.run(reader, [PROJECT])) == []
    assert [gap.subject for gap in reader.ledger.gaps] == [GROUP]


def test_without_a_project_nothing_is_asked(reader_of: Any, answers: Any) -> None:
    api = answers()
    assert list(builds.test_reports.run(reader_of(api), [])) == []
    assert api.asked == []
