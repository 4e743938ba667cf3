"""Collect where people write and try code: Studio domains with their spaces, notebook instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import utc
from mlaudit.resources import WorkEnvironment

LIST_DOMAINS = lists("sagemaker", "ListDomains", "Domains")
DESCRIBE_DOMAIN = Operation("sagemaker", "DescribeDomain")
LIST_SPACES = lists("sagemaker", "ListSpaces", "Spaces")
DESCRIBE_SPACE = Operation("sagemaker", "DescribeSpace")
LIST_APPS = lists("sagemaker", "ListApps", "Apps")
LIST_NOTEBOOKS = lists("sagemaker", "ListNotebookInstances", "NotebookInstances")

_UP = "InService"
_SETTINGS = ("DefaultUserSettings", "DefaultSpaceSettings", "SpaceSettings")
_EDITORS = ("JupyterLabAppSettings", "JupyterServerAppSettings")
_NOTEBOOK_UP = frozenset({"InService", "Pending", "Stopped", "Stopping", "Updating"})


@collector(LIST_DOMAINS, DESCRIBE_DOMAIN, LIST_SPACES, DESCRIBE_SPACE, LIST_APPS)
def studio_environments(reader: Reader) -> Iterator[WorkEnvironment]:
    """Every Studio domain that is up, and every space in one.

    A space is described only where neither its domain nor remote access ties it.
    """

    def domain_of(summary: Record) -> tuple[str, WorkEnvironment]:
        record = reader.one(DESCRIBE_DOMAIN, summary["DomainArn"], DomainId=summary["DomainId"])
        return summary["DomainId"], WorkEnvironment(
            arn=summary["DomainArn"],
            region=reader.region,
            name=record["DomainName"],
            product="Studio domain",
            running=False,
            repository=_has_repository(record),
            remote=False,
            modified_at=utc(record["LastModifiedTime"]),
        )

    up = [each for each in reader.items(LIST_DOMAINS) if each["Status"] == _UP]
    if not up:
        return
    domains = dict(reader.each(up, domain_of))
    yield from domains.values()
    opened = {
        (each["DomainId"], each.get("SpaceName"))
        for each in reader.items(LIST_APPS)
        if each["Status"] == _UP
    }

    def space_of(summary: Record) -> WorkEnvironment:
        domain, name = domains[summary["DomainId"]], summary["SpaceName"]
        arn = f"{domain.arn.partition(':domain/')[0]}:space/{summary['DomainId']}/{name}"
        settings: Mapping[str, Any] = summary.get("SpaceSettingsSummary") or {}
        remote = settings.get("RemoteAccess") == "ENABLED"
        return WorkEnvironment(
            arn=arn,
            region=reader.region,
            name=name,
            product="Studio space",
            running=(summary["DomainId"], name) in opened,
            repository=domain.repository or (not remote and _of_its_own(reader, arn, summary)),
            remote=remote,
            modified_at=utc(summary["LastModifiedTime"]),
        )

    spaces = [
        each
        for each in reader.items(LIST_SPACES)
        if each["Status"] == _UP and each["DomainId"] in domains
    ]
    yield from reader.each(spaces, space_of)


def _of_its_own(reader: Reader, arn: str, summary: Record) -> bool:
    """Whether a repository is attached to a space itself."""
    asked = {"DomainId": summary["DomainId"], "SpaceName": summary["SpaceName"]}
    return _has_repository(reader.one(DESCRIBE_SPACE, arn, **asked))


def _has_repository(record: Record) -> bool:
    editors = ((record.get(each) or {}).get(app) or {} for each in _SETTINGS for app in _EDITORS)
    return any(each.get("CodeRepositories") for each in editors)


@collector(LIST_NOTEBOOKS)
def notebook_instances(reader: Reader) -> Iterator[WorkEnvironment]:
    """Every notebook instance that runs or can be started."""
    for each in reader.items(LIST_NOTEBOOKS):
        if each["NotebookInstanceStatus"] in _NOTEBOOK_UP:
            others = each.get("AdditionalCodeRepositories")
            yield WorkEnvironment(
                arn=each["NotebookInstanceArn"],
                region=reader.region,
                name=each["NotebookInstanceName"],
                product="notebook instance",
                running=each["NotebookInstanceStatus"] == _UP,
                repository=bool(each.get("DefaultCodeRepository") or others),
                remote=False,
                modified_at=utc(each["LastModifiedTime"]),
            )
