"""What runs to write code in: since when, when it was used, and what would shut it down."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import editors
from mlaudit.resources import RunningEditor

HERE = "arn:aws:sagemaker:eu-west-1:111122223333"
SHARED = {"SpaceSharingSettings": {"SharingType": "Shared"}}
ON, OFF = (
    {
        "JupyterLabAppSettings": {
            "AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": each}}
        }
    }
    for each in ("ENABLED", "DISABLED")
)


def apps(account: Any, reader_of: Any) -> list[RunningEditor]:
    return list(editors.running_apps.run(reader_of(account)))  # type: ignore[arg-type]


def test_apps_on_paid_machines_are_kept(account: Any, reader_of: Any) -> None:
    lab, canvas = apps(account, reader_of)
    assert lab == RunningEditor(
        arn=f"{HERE}:app/d-one/ana/JupyterLab/default",
        region="eu-west-1",
        name="JupyterLab of ana",
        product="Studio app",
        instance_type="ml.t3.medium",
        started_at=datetime(2026, 4, 20, 10, tzinfo=UTC),
        used_at=None,
        closes=True,
    )
    assert (canvas.name, canvas.instance_type, canvas.closes) == ("Canvas of ana", None, None)
    assert canvas.used_at == datetime(2026, 5, 31, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("settings", "closes"),
    [
        (({}, {"UserSettings": ON}, {}), True),
        (({}, {"UserSettings": OFF}, {"DefaultUserSettings": ON}), False),
        (({}, {}, {"DefaultUserSettings": ON}), True),
        (({}, {}, {"DefaultSpaceSettings": ON}), False),
        ((SHARED, {"UserSettings": ON}, {}), False),
        ((SHARED, {}, {"DefaultSpaceSettings": ON}), True),
        (({}, {}, {}), False),
    ],
)
def test_settings_tell_what_shuts_an_app_down(
    settings: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
    closes: bool,  # noqa: FBT001 -- a column of the table
    account: Any,
    reader_of: Any,
) -> None:
    space, profile, domain = settings
    asked = {"DomainId": "d-one"}
    owned = {"OwnershipSettings": {"OwnerUserProfileName": "ana"}}
    account.record("sagemaker:DescribeSpace", owned | space, **asked, SpaceName="ana")
    account.record("sagemaker:DescribeUserProfile", profile, **asked, UserProfileName="ana")
    account.record("sagemaker:DescribeDomain", domain, **asked)
    assert apps(account, reader_of)[0].closes is closes


def test_a_script_may_shut_an_app_down(account: Any, reader_of: Any) -> None:
    listed = account.reply_to("sagemaker:ListApps")["Apps"]
    listed[0]["ResourceSpec"]["LifecycleConfigArn"] = f"{HERE}:studio-lifecycle-config/stop"
    assert apps(account, reader_of)[0].closes is None


@pytest.mark.parametrize(
    ("operation", "kept"),
    [
        ("sagemaker:DescribeApp", []),
        ("sagemaker:DescribeSpace", ["Canvas of ana"]),
        ("sagemaker:DescribeUserProfile", ["Canvas of ana"]),
    ],
)
def test_what_is_denied_is_a_gap(
    operation: str, kept: list[str], account: Any, reader_of: Any
) -> None:
    account.deny(operation)
    reader = reader_of(account)
    assert [each.name for each in editors.running_apps.run(reader)] == kept  # type: ignore[attr-defined]
    assert {each.operation for each in reader.ledger.gaps} == {operation}


@pytest.mark.parametrize(("script", "closes"), [(None, False), ("stop-idle", None)])
def test_notebook_instances_that_run_are_kept(
    script: str | None,
    closes: bool | None,  # noqa: FBT001 -- a column of the table
    account: Any,
    reader_of: Any,
) -> None:
    (busy,) = (
        each
        for each in account.reply_to("sagemaker:ListNotebookInstances")["NotebookInstances"]
        if each["NotebookInstanceName"] == "busy"
    )
    busy |= {"NotebookInstanceLifecycleConfigName": script} if script else {}
    (found,) = editors.running_notebooks.run(reader_of(account))
    assert found == RunningEditor(
        arn=f"{HERE}:notebook-instance/busy#running",
        region="eu-west-1",
        name="busy",
        product="notebook instance",
        instance_type="ml.m5.xlarge",
        started_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
        used_at=None,
        closes=closes,
    )
