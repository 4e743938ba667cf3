"""Every stack can be deployed, compared, updated and deleted, and leaves nothing but records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from mlaudit_reference.manifest import Mode

pytestmark = pytest.mark.slow

UNDER_ALL = ("foundation", "training")
EVERYTHING = {
    "profile": "production",
    "targets": [mode.value for mode in Mode],
    "budget": {"monthly_usd": 100, "ttl_days": 14},
    "realtime": {"shadow_percent": 10},
    "data": {"retain": False},
}


@pytest.fixture(scope="module")
def system(standing: Callable[..., Any]) -> Iterator[Any]:
    """All stacks there are, around one version."""
    with standing(**EVERYTHING) as system:
        system.deploy(UNDER_ALL, "-60d")
        system.client("s3", "-50d").put_object(
            Bucket=system.output("DataBucketName"), Key="raw/applications.csv", Body=b"id"
        )
        system.client("sagemaker", "-45d").start_pipeline_execution(
            PipelineName=f"{system.manifest.name}-training"
        )
        system.approve(1, "-44d")
        rest = [name for name in system.stacks if name not in UNDER_ALL]
        system.deploy(rest, "-43d", system.version(1))
        yield system


def statuses(system: Any) -> dict[str, str]:
    found = system.client("cloudformation").list_stacks()["StackSummaries"]
    return {each["StackName"]: each["StackStatus"] for each in found}


def test_all_are_there(system: Any) -> None:
    names = {each["stack_name"] for each in system.index["stacks"]}
    assert statuses(system) == dict.fromkeys(names, "CREATE_COMPLETE")
    assert len(names) == len(system.stacks)


def test_the_same_again_changes_nothing(system: Any) -> None:
    for name in system.stacks:
        assert system.changes(name, system.version(1)) == [], name


def test_a_change_is_shown_before_it_is_made(system: Any) -> None:
    manifest = system.manifest
    monitoring = manifest.monitoring.model_copy(update={"log_days": 180})
    changed = replace(system, manifest=manifest.model_copy(update={"monitoring": monitoring}))
    shown = changed.changes("serving-realtime", system.version(1))
    assert {(each["Action"], each["ResourceType"], each["Replacement"]) for each in shown} == {
        ("Modify", "AWS::Logs::LogGroup", "False")
    }
    changed.deploy(["serving-realtime"], "-20d", system.version(1))
    group = f"/aws/sagemaker/Endpoints/{manifest.name}-realtime"
    (found,) = system.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert found["retentionInDays"] == 180


def test_all_can_be_deleted_and_leave_nothing_that_costs(system: Any) -> None:
    system.delete()
    assert set(statuses(system).values()) == {"DELETE_COMPLETE"}
    left = system.client("resourcegroupstaggingapi").get_resources(
        TagFilters=[{"Key": "mlaudit:workload", "Values": [system.manifest.name]}]
    )["ResourceTagMappingList"]
    arns = [each["ResourceARN"] for each in left if not is_pending(system, each["ResourceARN"])]
    assert {arn.split(":")[5].split("/")[0] for arn in arns} <= RECORDS


def is_pending(system: Any, arn: str) -> bool:
    """Whether it is a key that waits for its deletion, which costs nothing."""
    if ":kms:" not in arn:
        return False
    key = system.client("kms").describe_key(KeyId=arn)["KeyMetadata"]
    return bool(key["KeyState"] == "PendingDeletion")


RECORDS = {
    "automl-job",
    "hyper-parameter-tuning-job",
    "log-group",
    "model-package",
    "model-package-group",
    "processing-job",
    "training-job",
}
"""What tells of the past and costs nothing to speak of."""
