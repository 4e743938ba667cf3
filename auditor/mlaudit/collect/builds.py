"""Collect build projects of CodeBuild and what their tests reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import kept_tags, utc
from mlaudit.resources import BuildProject, TestReport

LIST_PROJECTS = Operation("codebuild", "ListProjects", "projects", "nextToken", "nextToken")
GET_PROJECTS = Operation("codebuild", "BatchGetProjects")
LIST_GROUPS = Operation(
    "codebuild", "ListReportGroups", "reportGroups", "nextToken", "nextToken", ("maxResults", 100)
)
LIST_REPORTS = Operation(
    "codebuild", "ListReportsForReportGroup", "reports", "nextToken", "nextToken",
    ("maxResults", 100),
)  # fmt: skip
GET_REPORTS = Operation("codebuild", "BatchGetReports")

_AT_A_TIME = 100
_OF_COMMITS = ("PUSH", "PULL_REQUEST")


@collector(LIST_PROJECTS, GET_PROJECTS)
def build_projects(reader: Reader) -> Iterator[BuildProject]:
    """Every build project, a hundred at a time."""

    def fetch(names: list[str]) -> list[BuildProject]:
        found = reader.one(GET_PROJECTS, names=names)
        return [_project(each, reader.region) for each in found["projects"]]

    for projects in reader.each(list(_batches(_names(reader, LIST_PROJECTS))), fetch):
        yield from projects


def _names(reader: Reader, operation: Operation) -> list[str]:
    return [_text(each) for each in reader.items(operation)]


def _text(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError
    return name


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    todo = iter(names)
    while some := list(islice(todo, _AT_A_TIME)):
        yield some


def _project(record: Record, region: str) -> BuildProject:
    pairs = {each["key"]: each.get("value", "") for each in record.get("tags") or ()}
    return BuildProject(
        arn=record["arn"],
        region=region,
        name=record["name"],
        tags=kept_tags(pairs),
        on_commit=_on_commit(record.get("webhook")),
    )


def _on_commit(webhook: Record | None) -> bool:
    """A webhook without filters reacts to every push."""
    if webhook is None:
        return False
    groups = webhook.get("filterGroups") or ()
    events = [each["pattern"] for group in groups for each in group if each["type"] == "EVENT"]
    return not groups or any(word in event for event in events for word in _OF_COMMITS)


@collector(LIST_GROUPS, LIST_REPORTS, GET_REPORTS)
def test_reports(reader: Reader, projects: Sequence[BuildProject]) -> Iterator[TestReport]:
    """The newest successful report of each group, if it is of the window and of tests."""
    groups = _names(reader, LIST_GROUPS) if projects else []

    def newest(group: str) -> list[str]:
        asked = {"filter": {"status": "SUCCEEDED"}, "sortOrder": "DESCENDING"}
        found = reader.items(LIST_REPORTS, group, reportGroupArn=group, **asked)
        return [_text(each) for each in islice(found, 1)]

    def fetch(arns: list[str]) -> list[TestReport]:
        found = reader.one(GET_REPORTS, reportArns=arns)
        return [_report(each, reader.region) for each in found["reports"] if _says(each)]

    arns = [arn for some in list(reader.each(groups, newest)) for arn in some]
    for reports in reader.each(list(_batches(arns)), fetch):
        yield from (each for each in reports if each.reported_at >= reader.window.start)


def _says(record: Record) -> bool:
    return record.get("type") == "TEST" and bool((record.get("testSummary") or {}).get("total"))


def _report(record: Record, region: str) -> TestReport:
    build = record["executionId"].rpartition("build/")[2]
    return TestReport(
        arn=record["arn"],
        region=region,
        name=record["reportGroupArn"].rpartition("/")[2],
        project=build.partition(":")[0],
        tests=record["testSummary"]["total"],
        reported_at=utc(record["created"]),
    )
