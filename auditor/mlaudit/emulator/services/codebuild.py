"""CodeBuild: projects, their webhooks, and the reports that builds make."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

PROJECT = "codebuild:Project"
_GROUP = "codebuild:ReportGroup"
_REPORT = "codebuild:Report"


def create_project(call: Call) -> Record:
    """Create a build project."""
    arn = call.arn(f"project/{call.params['name']}")
    if arn in call.space.table(PROJECT):
        raise Refusal("ResourceAlreadyExistsException", f"{arn} already exists.")
    record = {"tags": [], **call.params, "arn": arn, "created": call.now, "lastModified": call.now}
    call.space.table(PROJECT)[arn] = record
    return {"project": record}


def update_project(call: Call) -> Record:
    """Change a build project."""
    record = _project(call, call.params["name"])
    record |= {**call.params, "lastModified": call.now}
    return {"project": record}


def delete_project(call: Call) -> Record:
    """Delete a build project; one that is not there is deleted already."""
    call.space.table(PROJECT).pop(call.arn(f"project/{call.params['name']}"), None)
    return {}


def delete_webhook(call: Call) -> Record:
    """Let nothing start a project any more."""
    if _project(call, call.params["projectName"]).pop("webhook", None) is None:
        raise Refusal("ResourceNotFoundException", "The project has no webhook.")
    return {}


def create_webhook(call: Call) -> Record:
    """Let pushes or change requests start a project."""
    webhook = {key: value for key, value in call.params.items() if key != "projectName"}
    _project(call, call.params["projectName"])["webhook"] = webhook
    return {"webhook": webhook}


def list_projects(call: Call) -> Record:
    """List the names of the projects."""
    return _names(call, [row["name"] for row in call.space.rows(PROJECT)], "projects")


def get_projects(call: Call) -> Record:
    """Describe projects by their names."""
    table = call.space.table(PROJECT)
    found = {name: table.get(call.arn(f"project/{name}")) for name in call.params["names"]}
    answer = {
        "projects": [row for row in found.values() if row],
        "projectsNotFound": [name for name, row in found.items() if not row],
    }
    return _filled(answer)


def create_group(call: Call) -> Record:
    """Create a group of reports; one named after a project gets a report of each of its builds."""
    arn = call.arn(f"report-group/{call.params['name']}")
    record = {**call.params, "arn": arn, "created": call.now, "lastModified": call.now}
    call.space.table(_GROUP)[arn] = record
    return {"reportGroup": record}


def list_groups(call: Call) -> Record:
    """List the ARNs of the groups."""
    return _names(call, list(call.space.table(_GROUP)), "reportGroups")


def start_build(call: Call) -> Record:
    """Start a build; nothing runs, and its reports succeed unless the scenario tells."""
    name = call.params["projectName"]
    _project(call, name)
    build = call.arn(f"build/{name}:{call.token('build')}")
    for group in call.space.rows(_GROUP):
        if group["name"].startswith(f"{name}-"):
            arn = call.arn(f"report/{group['name']}:{call.token('report')}")
            call.space.table(_REPORT)[arn] = {
                "status": "SUCCEEDED",
                "testSummary": {"total": 1, "statusCounts": {}, "durationInNanoSeconds": 0},
                **call.becomes,
                "arn": arn,
                "type": group["type"],
                "reportGroupArn": group["arn"],
                "executionId": build,
                "created": call.now,
            }
    return {"build": {"arn": build, "projectName": name, "startTime": call.now}}


def list_reports(call: Call) -> Record:
    """List the reports of a group, the newest first."""
    status = (call.params.get("filter") or {}).get("status")
    rows = [
        row
        for row in reversed(call.space.rows(_REPORT))
        if row["reportGroupArn"] == call.params["reportGroupArn"]
        and status in {None, row["status"]}
    ]
    return _names(call, [row["arn"] for row in rows], "reports")


def get_reports(call: Call) -> Record:
    """Describe reports by their ARNs."""
    table = call.space.table(_REPORT)
    return _filled({"reports": [table[arn] for arn in call.params["reportArns"] if arn in table]})


def _project(call: Call, name: str) -> Record:
    row = call.space.table(PROJECT).get(call.arn(f"project/{name}"))
    if row is None:
        raise Refusal("ResourceNotFoundException", f"There is no project {name}.")
    return row


def _names(call: Call, names: list[str], member: str) -> Record:
    page = pages.cut(call, [{"name": name} for name in names], member="rows")
    page[member] = [row["name"] for row in page.pop("rows")]
    return _filled(page)


def _filled(answer: Record) -> Record:
    """Leave out empty lists, as the service does: it has none."""
    return {key: value for key, value in answer.items() if value != []}


HANDLERS: Mapping[str, Handler] = {
    "BatchGetProjects": get_projects,
    "BatchGetReports": get_reports,
    "CreateProject": create_project,
    "CreateReportGroup": create_group,
    "CreateWebhook": create_webhook,
    "DeleteProject": delete_project,
    "DeleteWebhook": delete_webhook,
    "ListProjects": list_projects,
    "ListReportGroups": list_groups,
    "ListReportsForReportGroup": list_reports,
    "StartBuild": start_build,
    "UpdateProject": update_project,
}
