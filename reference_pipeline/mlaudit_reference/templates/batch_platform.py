"""AWS Batch as what jobs run on: machines that come and go, queues, and a definition for each step.

Spare capacity is tried first, machines at full price when there is none. A job whose machine was
taken away is tried again and goes on from its checkpoints; one whose own code failed is not. What
waits for what is said by the engine that submits the jobs (a state machine or Airflow).
"""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit_reference import names
from mlaudit_reference.definitions import images
from mlaudit_reference.definitions.expressions import Joined, Value
from mlaudit_reference.definitions.jobs import PROCESSING_SECONDS, SECONDS
from mlaudit_reference.definitions.steps import Gate, Step, steps_of, walk
from mlaudit_reference.engines.batch import FETCH_AND_RUN, ON_BATCH, is_accelerated
from mlaudit_reference.engines.batch import roles as roles_of
from mlaudit_reference.manifest import Manifest, Platform
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import (
    Content,
    Properties,
    Stack,
    allow,
    arn,
    att,
    imported,
    policy,
    ref,
    resource,
    sub,
)

MACHINES = {"cpu": ("optimal",), "gpu": ("g4dn", "g5")}
"""Families of machines, by the kind of queue."""

ATTEMPTS = 5
VCPUS = 4
MEMORY_MIB = 14_000
"""What a job asks for: a machine of four cores, less what ECS needs for itself."""

DISK_GB = 100
"""Images for training take more than the 30 GB that machines come with."""


def _content(manifest: Manifest) -> Content:
    return Content(
        resources={
            **_machines(),
            **_environments(manifest),
            **{f"{kind.title()}Queue": _queue(manifest, kind) for kind in MACHINES},
            **{f"{step.name}Job": _definition(manifest, step) for step in _steps(manifest)},
            "Logs": _logs(manifest),
        },
        mappings={"Registries": images.accounts()} if images.owner(manifest) else {},
    )


STACK = Stack(
    name="batch-platform",
    about="Machines, queues and job definitions of AWS Batch that the steps of training run on.",
    wanted=lambda manifest: manifest.platform is Platform.BATCH,
    content=_content,
    needs=("foundation", "training"),
)


def _steps(manifest: Manifest) -> list[Step]:
    every = walk(steps_of(manifest))
    return [each for each in every if not isinstance(each, Gate) and each.kind in ON_BATCH]


def _environments(manifest: Manifest) -> dict[str, Properties]:
    return {
        f"{kind.title()}{name}": _environment(manifest, kind, price)
        for kind in MACHINES
        for name, price in _PRICES.items()
    }


_PRICES: Mapping[str, tuple[str, str]] = {
    "Spot": ("SPOT", "SPOT_PRICE_CAPACITY_OPTIMIZED"),
    "OnDemand": ("EC2", "BEST_FIT_PROGRESSIVE"),
}


def _environment(manifest: Manifest, kind: str, price: tuple[str, str]) -> Properties:
    """Machines of one kind and price: none while nothing runs."""
    how, strategy = price
    image = "ECS_AL2023_NVIDIA" if kind == "gpu" else "ECS_AL2023"
    machines: Properties = {
        "Type": how,
        "AllocationStrategy": strategy,
        "MinvCpus": 0,
        "MaxvCpus": 4 * VCPUS,
        "InstanceTypes": list(MACHINES[kind]),
        "InstanceRole": att("MachineProfile"),
        "Ec2Configuration": [{"ImageType": image}],
        "LaunchTemplate": {
            "LaunchTemplateId": ref("Machine"),
            "Version": att("Machine", "LatestVersionNumber"),
        },
        "Subnets": shared.subnets(manifest),
        "SecurityGroupIds": shared.security_groups(manifest),
    }
    return resource(
        "AWS::Batch::ComputeEnvironment",
        {
            "Type": "MANAGED",
            "State": "ENABLED",
            "ComputeResources": machines,
            "ReplaceComputeEnvironment": False,
        },
    )


def _queue(manifest: Manifest, kind: str) -> Properties:
    order = [
        {"Order": number, "ComputeEnvironment": ref(f"{kind.title()}{name}")}
        for number, name in enumerate(_PRICES, start=1)
    ]
    return resource(
        "AWS::Batch::JobQueue",
        {
            "JobQueueName": names.job_queue(manifest, kind),
            "ComputeEnvironmentOrder": order,
            "Priority": 1,
            "State": "ENABLED",
        },
    )


def _definition(manifest: Manifest, step: Step) -> Properties:
    training = step.name == "Train"
    seconds = manifest.training.max_hours * SECONDS if training else PROCESSING_SECONDS
    retry = {
        "Attempts": ATTEMPTS,
        "EvaluateOnExit": [
            {"OnStatusReason": "Host EC2*", "Action": "RETRY"},
            {"OnReason": "CannotPullContainer*", "Action": "RETRY"},
            {"OnReason": "*", "Action": "EXIT"},
        ],
    }
    return resource(
        "AWS::Batch::JobDefinition",
        {
            "JobDefinitionName": names.job_definition(manifest, step.name),
            "Type": "container",
            "PlatformCapabilities": ["EC2"],
            "ContainerProperties": _container(manifest, step),
            "PropagateTags": True,
            "RetryStrategy": retry,
            "Timeout": {"AttemptDurationSeconds": seconds},
        },
    )


def _container(manifest: Manifest, step: Step) -> Properties:
    asked = {"VCPU": VCPUS, "MEMORY": MEMORY_MIB}
    if is_accelerated(manifest, step):
        asked["GPU"] = 1
    options = {
        "awslogs-group": ref("Logs"),
        "awslogs-region": ref("AWS::Region"),
        "awslogs-stream-prefix": step.name,
    }
    return {
        "Image": _image(images.training_image(manifest), manifest),
        "Command": ["/bin/sh", "-c", FETCH_AND_RUN],
        "JobRoleArn": imported(manifest, f"{roles_of(step)}RoleArn"),
        "LogConfiguration": {"LogDriver": "awslogs", "Options": options},
        "Privileged": False,
        "ResourceRequirements": [
            {"Type": kind, "Value": str(count)} for kind, count in asked.items()
        ],
    }


def _image(image: Value, manifest: Manifest) -> str | Properties:
    """The image: of AWS's registry, or what the manifest names."""
    if isinstance(image, str):
        return image
    if not isinstance(image, Joined):
        raise TypeError(image)
    registry = "${Account}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}"
    text = "".join(part if isinstance(part, str) else registry for part in image.parts)
    account = {"Fn::FindInMap": ["Registries", ref("AWS::Region"), images.owner(manifest)]}
    return sub(text, {"Account": account})


def _logs(manifest: Manifest) -> Properties:
    return resource(
        "AWS::Logs::LogGroup",
        {
            "LogGroupName": f"/aws/batch/{manifest.name}",
            "RetentionInDays": manifest.monitoring.log_days,
            "KmsKeyId": shared.key(manifest),
        },
    )


def _machines() -> dict[str, Properties]:
    """How machines start: a disk that holds the image, and no credentials for who asks lightly."""
    disk = {"VolumeSize": DISK_GB, "VolumeType": "gp3", "Encrypted": True}
    template = {
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": disk}],
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
    }
    return {
        "Machine": resource("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": template}),
        "MachineRole": _machine_role(),
        "MachineProfile": resource("AWS::IAM::InstanceProfile", {"Roles": [ref("MachineRole")]}),
    }


def _machine_role() -> Properties:
    """What a machine of ECS does for the jobs on it; EC2 tells no account when it takes on a role.

    Source: the permissions of the container instance role in the developer guide of Amazon ECS.
    """
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    anywhere = ("ecr:GetAuthorizationToken", "ecs:DiscoverPollEndpoint", "ec2:DescribeTags")
    machine = (
        "ecs:DeregisterContainerInstance",
        "ecs:Poll",
        "ecs:RegisterContainerInstance",
        "ecs:StartTelemetrySession",
        "ecs:SubmitAttachmentStateChanges",
        "ecs:SubmitContainerStateChange",
        "ecs:SubmitTaskStateChange",
    )
    pull = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    repositories = sub("arn:${AWS::Partition}:ecr:${AWS::Region}:*:repository/*")
    may = [
        allow(anywhere, ["*"]),
        allow(machine, [arn("ecs", "cluster/*"), arn("ecs", "container-instance/*")]),
        allow(pull, [repositories]),
        allow(("logs:CreateLogStream", "logs:PutLogEvents"), [att("Logs")]),
    ]
    return resource(
        "AWS::IAM::Role",
        {
            "Description": "What machines of AWS Batch may do for the jobs on them",
            "AssumeRolePolicyDocument": policy([trust]),
            "Policies": [{"PolicyName": "allowed", "PolicyDocument": policy(may)}],
        },
    )
