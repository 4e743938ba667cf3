"""Build projects and the reports of their builds, as clients see them."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ASKED: dict[str, Any] = {
    "name": "ci",
    "source": {"type": "GITHUB", "location": "https://github.com/a/b"},
    "artifacts": {"type": "NO_ARTIFACTS"},
    "environment": {
        "type": "LINUX_CONTAINER",
        "image": "aws/codebuild/standard:7.0",
        "computeType": "BUILD_GENERAL1_SMALL",
    },
    "serviceRole": "arn:aws:iam::123456789012:role/ml",
    "tags": [{"key": "team", "value": "ml"}],
}
PUSH = [[{"type": "EVENT", "pattern": "PUSH"}]]


def test_a_project_has_a_webhook_and_its_builds_report(client: Callable[..., Any]) -> None:
    builds = client("codebuild")
    builds.create_project(**ASKED)
    builds.create_webhook(projectName="ci", filterGroups=PUSH)
    assert builds.list_projects()["projects"] == ["ci"]
    found = builds.batch_get_projects(names=["ci", "gone"])
    assert found["projects"][0]["webhook"]["filterGroups"] == PUSH
    assert found["projectsNotFound"] == ["gone"]
    for name in ("ci-unit", "other-unit"):
        builds.create_report_group(
            name=name, type="TEST", exportConfig={"exportConfigType": "NO_EXPORT"}
        )
    builds.start_build(projectName="ci")
    groups = builds.list_report_groups()["reportGroups"]
    reports = [
        builds.list_reports_for_report_group(reportGroupArn=group, filter={"status": "SUCCEEDED"})
        for group in groups
    ]
    assert [len(each.get("reports", ())) for each in reports] == [1, 0]
    (report,) = builds.batch_get_reports(reportArns=reports[0]["reports"])["reports"]
    assert (report["status"], report["testSummary"]["total"]) == ("SUCCEEDED", 1)
    tagged = client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "team"}])
    assert tagged["ResourceTagMappingList"][0]["ResourceARN"] == found["projects"][0]["arn"]


def test_a_name_is_used_once_and_an_unknown_one_refused(client: Callable[..., Any]) -> None:
    builds = client("codebuild")
    builds.create_project(**ASKED)
    with pytest.raises(ClientError, match="AlreadyExists"):
        builds.create_project(**ASKED)
    with pytest.raises(ClientError, match="NotFound"):
        builds.start_build(projectName="other")
