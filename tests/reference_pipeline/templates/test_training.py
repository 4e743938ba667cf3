"""The stack that trains: what is in it for which manifest, and what its roles may do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates import training
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]
Template = dict[str, Any]


def stack(manifest: Manifest) -> Template:
    return template(training.STACK, manifest)


def statements(found: Template, role: str) -> list[dict[str, Any]]:
    policy = found["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]
    allowed: list[dict[str, Any]] = policy["Statement"]
    return allowed


def reach(found: Template, role: str, action: str) -> str:
    """What a role may do an action on, as text."""
    may = [each for each in statements(found, role) if action in each["Action"]]
    return json.dumps([each["Resource"] for each in may])


@pytest.mark.parametrize(
    ("settings", "added", "gone"),
    [
        ({}, {"Pipeline", "TrackingApp", "FeatureGroup", "ModelGroup"}, {"AutoMLRole"}),
        ({"automl": {"enabled": True}}, {"AutoMLRole", "AutoMLRolePassesItself"}, set()),
        ({"training": {"tracking": False}}, {"ModelGroup"}, {"TrackingApp", "TrackingRole"}),
        ({"features": {"store": False}}, {"Pipeline"}, {"FeatureGroup", "FeatureStoreRole"}),
        ({"engine": "airflow"}, {"TrainRole"}, {"Pipeline", "PipelineRole"}),
    ],
)
def test_settings_say_what_is_in_it(
    settings: dict[str, Any], added: set[str], gone: set[str], make: Make
) -> None:
    names = set(stack(make(**settings))["Resources"])
    assert added <= names
    assert not gone & names


def test_the_definition_is_filled_in_with_what_the_template_has(make: Make) -> None:
    found = stack(make(profile="production", targets=[mode.value for mode in Mode]))
    body = found["Resources"]["Pipeline"]["Properties"]["PipelineDefinition"]
    text, values = body["PipelineDefinitionBody"]["Fn::Sub"]
    assert json.loads(text)["Version"] == "2020-12-01"
    assert values["CommitId"] == {"Ref": "CommitId"}
    assert values["TrainRole"] == {"Fn::GetAtt": ["TrainRole", "Arn"]}
    assert {"SubnetA", "SubnetB", "SecurityGroup", "Key", "Registry"} <= values.keys()


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("ValidateRole", ["raw/*"], ["training/validation/*"]),
        ("PreprocessRole", ["raw/*"], ["training/prepared/*"]),
        (
            "TrainRole",
            ["training/prepared/*", "training/models/*", "training/checkpoints/*"],
            ["training/models/*", "training/checkpoints/*"],
        ),
        ("EvaluateRole", ["training/prepared/*", "training/models/*"], ["training/evaluation/*"]),
    ],
)
def test_a_step_reaches_what_it_reads_and_writes_and_no_more(
    role: str, reads: list[str], writes: list[str], make: Make
) -> None:
    found = stack(make())
    every = {"code/*", "settings/*", *reads}
    assert _prefixes(reach(found, role, "s3:GetObject")) == every
    assert _prefixes(reach(found, role, "s3:PutObject")) == set(writes)


def _prefixes(text: str) -> set[str]:
    rows = json.loads(text)
    return {each["Fn::Sub"][0].partition("${Bucket}/")[2] for row in rows for each in row}


def test_the_pipeline_starts_jobs_as_its_steps_and_approves_nothing(make: Make) -> None:
    found = stack(make(automl={"enabled": True}))
    passed = json.loads(reach(found, "PipelineRole", "iam:PassRole"))
    assert [each["Fn::GetAtt"][0] for each in passed[0]] == [
        f"{name}Role" for name in ("Validate", "Preprocess", "Train", "Evaluate", "AutoML")
    ]
    denied = [each for each in statements(found, "PipelineRole") if each["Effect"] == "Deny"]
    assert [each["Action"] for each in denied] == ["sagemaker:UpdateModelPackage"]


def test_the_logs_of_jobs_are_made_once_for_the_account(make: Make) -> None:
    found = stack(make(monitoring={"log_days": 90}))
    logs = found["Resources"]["LogsOfTrainingJobs"]
    assert logs["Condition"] == "OwnsJobLogs"
    assert logs["DeletionPolicy"] == "Retain"
    assert logs["Properties"]["RetentionInDays"] == 90
    # A key that goes with this system would take the logs of all others with it.
    assert "KmsKeyId" not in logs["Properties"]
    assert found["Parameters"]["JobLogs"]["Default"] == "shared"


def test_images_of_ones_own_need_no_table_of_those_of_aws(make: Make) -> None:
    own = "1.dkr.ecr.eu-west-1.amazonaws.com/own:1"
    settings = {"image": own, "serving_image": own}
    assert "Mappings" not in stack(make(framework="jax", training=settings))
    assert "eu-west-1" in stack(make())["Mappings"]["Registries"]


def test_a_run_cannot_be_deployed_without_its_commit(make: Make) -> None:
    assert "Default" not in stack(make())["Parameters"]["CommitId"]


def test_the_feature_group_holds_every_column_once(make: Make) -> None:
    group = stack(make(features={"online": True}))["Resources"]["FeatureGroup"]["Properties"]
    columns = [each["FeatureName"] for each in group["FeatureDefinitions"]]
    assert len(columns) == len(set(columns))
    assert {"application_id", "applied_at", "defaulted", "age_group", "income"} <= set(columns)
    assert group["OnlineStoreConfig"]["EnableOnlineStore"] is True
    assert "OnlineStoreConfig" not in stack(make())["Resources"]["FeatureGroup"]["Properties"]


@pytest.mark.parametrize(("encryption", "grants"), [("kms", 1), ("aws", 0)])
def test_who_starts_jobs_lets_their_volumes_be_encrypted(
    encryption: str, grants: int, make: Make
) -> None:
    found = stack(make(encryption=encryption))
    may = [
        each for each in statements(found, "PipelineRole") if "kms:CreateGrant" in each["Action"]
    ]
    assert len(may) == grants
    assert all(each["Condition"]["Bool"]["kms:GrantIsForAWSResource"] for each in may)
