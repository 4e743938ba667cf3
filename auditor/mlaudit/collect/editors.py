"""Collect what people left running to write code: Studio apps and notebook instances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.environments import (
    DESCRIBE_DOMAIN,
    DESCRIBE_SPACE,
    LIST_APPS,
    LIST_NOTEBOOKS,
)
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import utc, utc_or_none
from mlaudit.resources import RunningEditor

DESCRIBE_APP = Operation("sagemaker", "DescribeApp")
DESCRIBE_PROFILE = Operation("sagemaker", "DescribeUserProfile")

_UP = "InService"
_FREE = "system"
_NO_EDITORS = frozenset({"DetailedProfiler", "JupyterServer", "RStudioServerPro"})
"""What serves a whole domain or user, on machines that cost nothing or are meant to stay."""
_CLOSABLE = frozenset({"CodeEditor", "JupyterLab"})
_NAMED = ("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName")


@collector(DESCRIBE_APP, LIST_APPS, DESCRIBE_SPACE, DESCRIBE_PROFILE, DESCRIBE_DOMAIN)
def running_apps(reader: Reader) -> Iterator[RunningEditor]:
    """Every Studio app on a machine of its own.

    What would shut it down is asked only where AWS does not tell when it was used.
    """

    def read(app: Record) -> RunningEditor:
        named = {key: app[key] for key in _NAMED if app.get(key)}
        record = reader.one(DESCRIBE_APP, None, **named)
        used_at = _used_at(record)
        return RunningEditor(
            arn=record["AppArn"],
            region=reader.region,
            name=f"{app['AppType']} of {app.get('SpaceName') or app['UserProfileName']}",
            product="Studio app",
            instance_type=_machine(app).get("InstanceType"),
            started_at=utc(app["CreationTime"]),
            used_at=utc_or_none(used_at),
            closes=None if used_at else _closes(reader, app),
        )

    yield from reader.each([each for each in reader.items(LIST_APPS) if _is_paid(each)], read)


def _is_paid(app: Record) -> bool:
    kind, machine = app["AppType"], _machine(app).get("InstanceType")
    return app["Status"] == _UP and kind not in _NO_EDITORS and machine != _FREE


def _machine(app: Record) -> Record:
    found: Record = app.get("ResourceSpec") or {}
    return found


def _used_at(record: Record) -> Any:
    """When somebody used an app; a health check moves that time to its own and so hides it."""
    at = record.get("LastUserActivityTimestamp")
    return None if at == record.get("LastHealthCheckTimestamp") else at


def _closes(reader: Reader, app: Record) -> bool | None:
    """Whether Studio shuts an app down; a script of the team's own that may is not read."""
    if _machine(app).get("LifecycleConfigArn"):
        return None
    if app["AppType"] not in _CLOSABLE:
        return False
    domain, space = app["DomainId"], app.get("SpaceName")
    owner, of_domain = app.get("UserProfileName"), "DefaultUserSettings"
    if space:
        record = reader.one(DESCRIBE_SPACE, None, DomainId=domain, SpaceName=space)
        owner = (record.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
        if (record.get("SpaceSharingSettings") or {}).get("SharingType") == "Shared":
            owner, of_domain = None, "DefaultSpaceSettings"
    told = None
    if owner:
        asked = {"DomainId": domain, "UserProfileName": owner}
        told = _management(reader.one(DESCRIBE_PROFILE, None, **asked), "UserSettings", app)
    told = told or _management(reader.one(DESCRIBE_DOMAIN, None, DomainId=domain), of_domain, app)
    return told == "ENABLED"


def _management(record: Record, member: str, app: Record) -> str | None:
    """Whether settings say that an idle app is shut down."""
    of_app = (record.get(member) or {}).get(f"{app['AppType']}AppSettings") or {}
    idle = (of_app.get("AppLifecycleManagement") or {}).get("IdleSettings") or {}
    found: str | None = idle.get("LifecycleManagement")
    return found


@collector(LIST_NOTEBOOKS)
def running_notebooks(reader: Reader) -> Iterator[RunningEditor]:
    """Every notebook instance that runs; AWS does not tell when one was used."""
    for each in reader.items(LIST_NOTEBOOKS):
        if each["NotebookInstanceStatus"] == _UP:
            yield RunningEditor(
                arn=f"{each['NotebookInstanceArn']}#running",
                region=reader.region,
                name=each["NotebookInstanceName"],
                product="notebook instance",
                instance_type=each.get("InstanceType"),
                started_at=utc(each["LastModifiedTime"]),
                used_at=None,
                closes=None if each.get("NotebookInstanceLifecycleConfigName") else False,
            )
