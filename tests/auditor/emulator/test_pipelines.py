"""Executions create what their definition says, step by step."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlaudit.emulator import services
from mlaudit.emulator.cloud import Call, Cloud, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.sagemaker.pipelines.references import lookup, resolved

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
STARTED = NOW - timedelta(days=3)
ROLE = "arn:aws:iam::123456789012:role/ml"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 10}
PROCESSING: Record = {
    "ProcessingResources": {"ClusterConfig": CLUSTER},
    "AppSpecification": {"ImageUri": IMAGE},
    "RoleArn": ROLE,
    "ProcessingOutputConfig": {
        "Outputs": [
            {
                "OutputName": "train",
                "S3Output": {
                    "S3Uri": "s3://bucket/train",
                    "LocalPath": "/opt/ml/processing/train",
                    "S3UploadMode": "EndOfJob",
                },
            }
        ]
    },
}
TRAINING: Record = {
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "RoleArn": ROLE,
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
    "ResourceConfig": {**CLUSTER, "InstanceCount": {"Get": "Parameters.Count"}},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": {
                        "Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['train']"
                        ".S3Output.S3Uri"
                    },
                }
            },
        }
    ],
}
REGISTER: Record = {
    "ModelPackageGroupName": "group",
    "InferenceSpecification": {
        "Containers": [
            {
                "Image": IMAGE,
                "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
            }
        ]
    },
}
CONDITION: Record = {
    "Conditions": [],
    "IfSteps": [{"Name": "Register", "Type": "RegisterModel", "Arguments": REGISTER}],
    "ElseSteps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "weak"}}],
}
# Written in another order than they have to run in.
STEPS: list[Record] = [
    {"Name": "Check", "Type": "Condition", "DependsOn": ["Train"], "Arguments": CONDITION},
    {"Name": "Train", "Type": "Training", "Arguments": TRAINING},
    {"Name": "Prepare", "Type": "Processing", "Arguments": PROCESSING},
]


class Account:
    """SageMaker of one account with one pipeline in it."""

    def __init__(self, steps: list[Record]) -> None:
        self.cloud = Cloud(services.HANDLERS, services.WHOLE, lambda: NOW)
        document = {
            "Version": "2020-12-01",
            "Parameters": [{"Name": "Count", "Type": "Integer", "DefaultValue": 1}],
            "Steps": steps,
        }
        self(
            "CreatePipeline",
            PipelineName="pipeline",
            PipelineDefinition=json.dumps(document),
            ClientRequestToken="t" * 32,
            RoleArn=ROLE,
        )

    def __call__(self, operation: str, **params: Any) -> Record:
        becomes = params.pop("becomes", {})
        who = ("123456789012", "us-east-1", STARTED, becomes)
        return self.cloud.invoke(Call(self.cloud, "sagemaker", operation, params, *who))

    def run(self, **params: Any) -> tuple[Record, dict[str, Record]]:
        """Run the pipeline; return the execution and its steps by name."""
        token = {"ClientRequestToken": "t" * 32, "PipelineName": "pipeline"}
        arn = self("StartPipelineExecution", **token, **params)["PipelineExecutionArn"]
        listed = self("ListPipelineExecutionSteps", PipelineExecutionArn=arn, SortOrder="Ascending")
        steps = {step["StepName"]: step for step in listed["PipelineExecutionSteps"]}
        return self("DescribePipelineExecution", PipelineExecutionArn=arn), steps


def test_steps_run_in_the_order_of_what_they_need() -> None:
    execution, steps = Account(STEPS).run()
    assert list(steps) == ["Prepare", "Train", "Check", "Register"]
    assert execution["PipelineExecutionStatus"] == "Succeeded"
    ended = STARTED
    for step in steps.values():
        assert ended <= step["StartTime"] <= step["EndTime"]
        ended = step["EndTime"]
    assert execution["LastModifiedTime"] == ended < NOW


def test_steps_create_real_resources_that_refer_to_each_other() -> None:
    account = Account(STEPS)
    execution, steps = account.run(PipelineParameters=[{"Name": "Count", "Value": "2"}])
    job_arn = steps["Train"]["Metadata"]["TrainingJob"]["Arn"]
    execution_id = execution["PipelineExecutionArn"].rsplit("/", 1)[-1]
    name = job_arn.rsplit("/", 1)[-1]
    assert name.startswith(f"pipelines-{execution_id}-Train-")
    package = account(
        "DescribeModelPackage",
        ModelPackageName=steps["Register"]["Metadata"]["RegisterModel"]["Arn"],
    )
    assert package["MetadataProperties"]["GeneratedBy"] == execution["PipelineExecutionArn"]
    artefact = f"s3://bucket/models/{name}/output/model.tar.gz"
    assert package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"] == artefact
    job = account("DescribeTrainingJob", TrainingJobName=name)
    channel = job["InputDataConfig"][0]["DataSource"]["S3DataSource"]
    assert channel["S3Uri"] == "s3://bucket/train"
    assert job["ResourceConfig"]["InstanceCount"] == 2


def test_a_condition_takes_the_branch_the_scenario_says() -> None:
    execution, steps = Account(STEPS).run(becomes={"Steps": {"Check": {"Outcome": False}}})
    assert steps["Check"]["Metadata"] == {"Condition": {"Outcome": "False"}}
    assert steps["Stop"]["FailureReason"] == "weak"
    assert execution["PipelineExecutionStatus"] == "Failed"
    assert "Register" not in steps


def test_a_step_that_fails_ends_the_execution() -> None:
    failing = {"Steps": {"Train": {"FailureReason": "out of memory"}}}
    execution, steps = Account(STEPS).run(becomes=failing)
    assert list(steps) == ["Prepare", "Train"]
    assert steps["Train"]["StepStatus"] == "Failed"
    assert execution["FailureReason"] == "Step failure: Train"


def test_two_runs_of_the_same_history_are_equal() -> None:
    assert Account(STEPS).run() == Account(STEPS).run()


def test_a_pipeline_keeps_its_versions() -> None:
    account = Account([])
    account("UpdatePipeline", PipelineName="pipeline", PipelineDefinition='{"Steps": []}')
    versions = account("ListPipelineVersions", PipelineName="pipeline")
    assert len(versions["PipelineVersionSummaries"]) == 2
    execution, _ = account.run()
    assert execution["PipelineVersionId"] == 2


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("nonsense", "Unable to parse pipeline definition"),
        ('{"Version": "2020-12-01"}', "Unable to parse pipeline definition"),
        ('{"Steps": [{"Name": "a", "Type": "Fail"}, {"Name": "a", "Type": "Fail"}]}', "unique"),
    ],
)
def test_a_definition_that_cannot_be_run_is_refused(document: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        Account([])("UpdatePipeline", PipelineName="pipeline", PipelineDefinition=document)


def test_steps_in_a_circle_are_refused() -> None:
    steps: list[Record] = [
        {"Name": "a", "Type": "Fail", "DependsOn": ["b"]},
        {"Name": "b", "Type": "Fail", "DependsOn": ["a"]},
    ]
    with pytest.raises(Refusal, match="cycle"):
        Account(steps).run()


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(Refusal, match="Unknown parameter Colour"):
        Account([]).run(PipelineParameters=[{"Name": "Colour", "Value": "red"}])


def test_references_are_followed_through_names_and_numbers() -> None:
    scope = {"Steps": {"A": {"Outputs": [{"OutputName": "x", "Uri": "u"}]}}, "Parameters": {"P": 3}}
    assert lookup("Steps.A.Outputs['x'].Uri", scope) == "u"
    assert lookup("Steps.A.Outputs[0].Uri", scope) == "u"
    joined = {"Std:Join": {"On": "-", "Values": ["n", {"Get": "Parameters.P"}]}}
    assert resolved({"v": [joined]}, scope) == {"v": ["n-3"]}
    with pytest.raises(Refusal, match=r"Cannot resolve the reference Steps\.B\.X"):
        lookup("Steps.B.X", scope)


def test_a_lineage_step_records_entities_and_what_ties_them() -> None:
    data = {"ArtifactName": "data", "ArtifactType": "DataSet", "Source": {"SourceUri": "s3://b/d"}}
    run = {"ActionName": "run", "ActionType": "Training", "Source": {"SourceUri": "s3://b/r"}}
    ends = {
        "Source": {"Name": "data", "Type": "Artifact"},
        "Destination": {"Name": "run", "Type": "Action"},
    }
    arguments = {
        "Artifacts": [data],
        "Actions": [run],
        "Associations": [{**ends, "AssociationType": "ContributedTo"}],
    }
    account = Account([{"Name": "Record", "Type": "Lineage", "Arguments": arguments}])
    execution, steps = account.run()
    made = steps["Record"]["Metadata"]["Lineage"]
    (tie,) = account("ListAssociations")["AssociationSummaries"]
    assert execution["PipelineExecutionStatus"] == "Succeeded"
    assert tie["SourceArn"] == made["ArtifactArns"]["data"]
    assert tie["DestinationArn"] == made["ActionArns"]["run"]
    assert tie["AssociationType"] == "ContributedTo"
    assert made["Associations"] == [{key: tie[key] for key in ("SourceArn", "DestinationArn")}]
