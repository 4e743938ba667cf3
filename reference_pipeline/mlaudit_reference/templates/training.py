"""The stack that trains: what runs the steps, as whom, and where models and features are kept."""

from __future__ import annotations

import json

from mlaudit_reference import names
from mlaudit_reference.definitions import images
from mlaudit_reference.definitions.pipeline import definition
from mlaudit_reference.engines import airflow, step_functions
from mlaudit_reference.manifest import Engine, Manifest, Reach
from mlaudit_reference.templates import shared, training_records, training_roles
from mlaudit_reference.templates.language import (
    Content,
    Properties,
    Stack,
    Value,
    att,
    ref,
    resource,
    sub,
)
from mlaudit_reference.templates.machines import Machine, machine, publish
from mlaudit_reference.templates.network import ZONES

PIPELINE = "Pipeline"
MACHINE = "Machine"
COMMIT = "CommitId"
OWN_LOGS = "JobLogs"
JOB_LOGS = ("ProcessingJobs", "TrainingJobs", "TransformJobs")


def _content(manifest: Manifest) -> Content:
    engine = {
        Engine.SAGEMAKER: _pipeline,
        Engine.STEP_FUNCTIONS: _machine,
        Engine.AIRFLOW: _variable,
    }[manifest.engine](manifest)
    return Content(
        resources={
            **engine,
            **training_roles.of_steps(manifest),
            **training_records.records(manifest),
            **_job_logs(manifest),
        },
        outputs=_outputs(manifest),
        parameters=_PARAMETERS,
        conditions={"OwnsJobLogs": {"Fn::Equals": [ref(OWN_LOGS), "own"]}},
        mappings={"Registries": images.accounts()} if images.owner(manifest) else {},
    )


STACK = Stack(
    name="training",
    about="Trains, judges and registers models; keeps features, runs and versions.",
    wanted=lambda _: True,
    content=_content,
)


_PARAMETERS: dict[str, Properties] = {
    COMMIT: {
        "Type": "String",
        "Description": "The commit that the code in the artifact bucket is of.",
        "AllowedPattern": "^[0-9a-f]{7,40}$",
    },
    OWN_LOGS: {
        "Type": "String",
        "Default": "shared",
        "AllowedValues": ["own", "shared"],
        "Description": (
            "The log groups of SageMaker's jobs are the same for the whole account: own if this "
            "stack is to make them, with retention, and none has made them yet."
        ),
    },
}


def deployed(manifest: Manifest) -> dict[str, Value]:
    """What the names in a definition stand for: the values of ``Deployed`` expressions."""
    found: dict[str, Value] = {
        "ArtifactBucket": shared.artifact_bucket(manifest),
        "CommitId": ref(COMMIT),
        "DataBucket": shared.data_bucket(manifest),
        **{f"{name}Role": att(f"{name}Role") for name in training_roles.steps(manifest)},
    }
    if manifest.training.tracking:
        found["TrackingApp"] = att(training_records.TRACKING)
    if manifest.encryption == "kms":
        found["Key"] = shared.key(manifest)
    owner = images.owner(manifest)
    if owner:
        found[images.REGISTRY] = _registry(owner)
    if manifest.network.reach is Reach.OWN:
        subnets = shared.subnets(manifest)
        found |= {
            f"Subnet{zone}": {"Fn::Select": [number, subnets]} for number, zone in enumerate(ZONES)
        }
        found["SecurityGroup"] = shared.security_groups(manifest)[0]
    return found


def _registry(owner: str) -> Properties:
    account = {"Fn::FindInMap": ["Registries", ref("AWS::Region"), owner]}
    return sub("${Account}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}", {"Account": account})


def _pipeline(manifest: Manifest) -> dict[str, Properties]:
    body = sub(json.dumps(definition(manifest), separators=(",", ":")), deployed(manifest))
    pipeline = resource(
        "AWS::SageMaker::Pipeline",
        {
            "PipelineName": names.training_pipeline(manifest),
            "PipelineDescription": f"From raw data to a registered version of {manifest.name}",
            "PipelineDefinition": {"PipelineDefinitionBody": body},
            "RoleArn": att(training_roles.PIPELINE_ROLE),
        },
    )
    return {PIPELINE: pipeline, training_roles.PIPELINE_ROLE: training_roles.of_pipeline(manifest)}


def _machine(manifest: Manifest) -> dict[str, Properties]:
    states = step_functions.states_of(manifest)
    values = {**deployed(manifest), "Alerts": shared.alerts(manifest)}
    words = json.dumps(states)
    made = Machine(
        logical=MACHINE,
        name=names.training_pipeline(manifest),
        about=f"From raw data to a registered version of {manifest.name}",
        start=step_functions.START,
        states=states,
        may=[*training_roles.of_machine(manifest), *publish(manifest)],
        values={name: value for name, value in values.items() if f"${{{name}}}" in words},
    )
    return machine(manifest, made)


def _variable(manifest: Manifest) -> dict[str, Properties]:
    """What Airflow needs to know of the stacks, where it reads variables: in Parameter Store."""
    values = {**deployed(manifest), "Alerts": shared.alerts(manifest)}
    text = json.dumps({name: f"${{{name}}}" for name in sorted(values)})
    own = {name: value for name, value in values.items() if name != COMMIT}
    variable = resource(
        "AWS::SSM::Parameter",
        {
            "Name": f"/airflow/variables/{airflow.variable(manifest)}",
            "Description": f"What the DAG of {manifest.name} is told of its stacks",
            "Type": "String",
            "Value": sub(text, own),
        },
    )
    return {"AirflowVariable": variable}


def _job_logs(manifest: Manifest) -> dict[str, Properties]:
    """The log groups that SageMaker's jobs write to, for the whole account (guide item 4.11).

    They outlive this system, and others write to them: so they are not under its key.
    """
    return {
        f"LogsOf{jobs}": resource(
            "AWS::Logs::LogGroup",
            {
                "LogGroupName": f"/aws/sagemaker/{jobs}",
                "RetentionInDays": manifest.monitoring.log_days,
            },
            condition="OwnsJobLogs",
            keep=True,
        )
        for jobs in JOB_LOGS
    }


def _outputs(manifest: Manifest) -> dict[str, Value]:
    roles = training_roles.steps(manifest)
    found: dict[str, Value] = {
        **{f"{name}RoleArn": att(f"{name}Role") for name in roles},
        "ModelGroupArn": att(training_records.GROUP, "ModelPackageGroupArn"),
    }
    if manifest.training.tracking:
        found["TrackingAppArn"] = att(training_records.TRACKING)
    return found
