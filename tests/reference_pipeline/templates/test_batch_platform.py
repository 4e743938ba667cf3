"""Machines, queues and job definitions that the steps of training run on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlaudit_reference import names
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import batch_platform, training
from mlaudit_reference.templates.stacks import stacks_of, template

Make = Callable[..., Manifest]
Resources = dict[str, dict[str, Any]]


@pytest.fixture
def manifest(make: Make) -> Manifest:
    return make(
        engine="step-functions",
        platform="batch",
        network={"reach": "own"},
        tuning={"enabled": False},
    )


def resources(manifest: Manifest, kind: str) -> Resources:
    found = template(batch_platform.STACK, manifest)["Resources"].items()
    return {name: each["Properties"] for name, each in found if each["Type"] == kind}


def test_there_is_none_where_jobs_are_of_sagemaker(make: Make, manifest: Manifest) -> None:
    assert batch_platform.STACK not in stacks_of(make())
    assert batch_platform.STACK in stacks_of(manifest)


def test_machines_cost_nothing_while_nothing_runs(manifest: Manifest) -> None:
    found = resources(manifest, "AWS::Batch::ComputeEnvironment")
    assert {each["ComputeResources"]["MinvCpus"] for each in found.values()} == {0}
    assert len(found) == 4


def test_spare_capacity_is_tried_first(manifest: Manifest) -> None:
    queues = resources(manifest, "AWS::Batch::JobQueue")
    for kind in ("Cpu", "Gpu"):
        order = queues[f"{kind}Queue"]["ComputeEnvironmentOrder"]
        tried = [each["ComputeEnvironment"]["Ref"] for each in order]
        assert tried == [f"{kind}Spot", f"{kind}OnDemand"]


def test_every_step_has_a_definition_with_its_own_role(manifest: Manifest) -> None:
    found = resources(manifest, "AWS::Batch::JobDefinition")
    roles = {
        each["JobDefinitionName"]: each["ContainerProperties"]["JobRoleArn"]["Fn::ImportValue"]
        for each in found.values()
    }
    assert roles == {
        names.job_definition(manifest, step): f"consumer-credit-{role}RoleArn"
        for step, role in (
            ("ValidateData", "Validate"),
            ("Preprocess", "Preprocess"),
            ("Train", "Train"),
            ("EvaluateAndExplain", "Evaluate"),
        )
    }
    exported = template(training.STACK, manifest)["Outputs"].values()
    assert set(roles.values()) <= {each["Export"]["Name"] for each in exported}


def test_a_job_is_tried_again_when_its_machine_is_gone_and_not_when_its_code_fails(
    manifest: Manifest,
) -> None:
    for each in resources(manifest, "AWS::Batch::JobDefinition").values():
        rules = each["RetryStrategy"]["EvaluateOnExit"]
        assert rules[0] == {"OnStatusReason": "Host EC2*", "Action": "RETRY"}
        assert rules[-1] == {"OnReason": "*", "Action": "EXIT"}
        assert each["Timeout"]["AttemptDurationSeconds"] >= 3600


def test_jobs_take_on_their_roles_as_tasks(manifest: Manifest, make: Make) -> None:
    for given, service in (
        (manifest, "ecs-tasks.amazonaws.com"),
        (make(), "sagemaker.amazonaws.com"),
    ):
        role = template(training.STACK, given)["Resources"]["TrainRole"]["Properties"]
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": service}


def test_machines_of_an_own_network_reach_what_runs_their_jobs(manifest: Manifest) -> None:
    foundation = template(stacks_of(manifest)[0], manifest)["Resources"]
    assert {"InterfaceEcs", "InterfaceEcsAgent", "InterfaceEcsTelemetry"} <= foundation.keys()


@pytest.mark.parametrize(("settings", "gpus"), [({}, 0), ({"instance_type": "ml.g5.xlarge"}, 1)])
def test_training_has_a_gpu_where_its_machine_has_one(
    settings: dict[str, str], gpus: int, make: Make
) -> None:
    manifest = make(
        framework="pytorch", engine="step-functions", platform="batch",
        network={"reach": "own"}, tuning={"enabled": False}, training=settings,
    )  # fmt: skip
    container = resources(manifest, "AWS::Batch::JobDefinition")["TrainJob"]["ContainerProperties"]
    asked = [each["Type"] for each in container["ResourceRequirements"]]
    assert asked.count("GPU") == gpus
