"""Lists, references, jobs, tuning and the registry of the emulated SageMaker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from mlaudit.emulator import services
from mlaudit.emulator.cloud import Call, Cloud, Record
from mlaudit.emulator.errors import Refusal

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
ROLE = "arn:aws:iam::123456789012:role/ml"
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
ALGORITHM = {"TrainingImage": IMAGE, "TrainingInputMode": "File"}
RESOURCES = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 10}
TRAINING: Record = {
    "AlgorithmSpecification": ALGORITHM,
    "RoleArn": ROLE,
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/models/"},
    "ResourceConfig": RESOURCES,
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}


class Account:
    """SageMaker of one account, without HTTP in between."""

    def __init__(self) -> None:
        self.cloud = Cloud(services.HANDLERS, services.WHOLE, lambda: NOW)

    def __call__(self, operation: str, *, days: int = 0, **params: Any) -> Record:
        moment = NOW - timedelta(days=days)
        becomes = params.pop("becomes", {})
        who = ("123456789012", "us-east-1", moment, becomes)
        return self.cloud.invoke(Call(self.cloud, "sagemaker", operation, params, *who))

    def names(self, operation: str, member: str, key: str, **params: Any) -> list[str]:
        return [item[key] for item in self(operation, **params)[member]]


@pytest.fixture
def ask() -> Account:
    return Account()


def models(ask: Account, count: int) -> None:
    for number in range(count):
        ask(
            "CreateModel",
            days=count - number,
            ModelName=f"model-{number:03d}",
            PrimaryContainer={"Image": IMAGE},
            ExecutionRoleArn=ROLE,
        )


def test_pages_have_the_documented_default_size_and_miss_nothing(sagemaker: Any) -> None:
    for number in range(23):
        sagemaker.create_model(
            ModelName=f"model-{number:03d}",
            PrimaryContainer={"Image": IMAGE},
            ExecutionRoleArn=ROLE,
        )
    first = sagemaker.list_models(SortBy="Name", SortOrder="Ascending")
    assert len(first["Models"]) == 10
    pages = sagemaker.get_paginator("list_models").paginate(
        SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 7}
    )
    names = [[model["ModelName"] for model in page["Models"]] for page in pages]
    assert [len(page) for page in names] == [7, 7, 7, 2]
    assert [name for page in names for name in page] == [
        f"model-{number:03d}" for number in range(23)
    ]
    with pytest.raises(ClientError, match="Invalid NextToken"):
        sagemaker.list_endpoints(NextToken=first["NextToken"])


def test_lists_are_filtered_by_name_time_and_status(ask: Account) -> None:
    models(ask, 12)
    listed = partial(ask.names, "ListModels", "Models", "ModelName")
    assert listed(NameContains="L-01") == ["model-011", "model-010"]
    cut = NOW - timedelta(days=10)
    assert listed(CreationTimeBefore=cut) == ["model-001", "model-000"]
    assert len(listed(CreationTimeAfter=cut, MaxResults=100)) == 9
    assert listed(MaxResults=1, SortOrder="Ascending") == ["model-000"]
    ask("CreateTrainingJob", TrainingJobName="good", **TRAINING)
    failed = {"TrainingJobStatus": "Failed", "FailureReason": "out of memory"}
    ask("CreateTrainingJob", TrainingJobName="bad", becomes=failed, **TRAINING)
    jobs = "ListTrainingJobs", "TrainingJobSummaries", "TrainingJobName"
    assert ask.names(*jobs, StatusEquals="Failed") == ["bad"]
    assert ask("DescribeTrainingJob", TrainingJobName="bad")["FailureReason"] == "out of memory"


def test_a_filter_that_is_not_emulated_is_refused_and_not_ignored(ask: Account) -> None:
    ask("CreateModelPackageGroup", ModelPackageGroupName="group")
    groups = "ListModelPackageGroups"
    ours = ask(groups, CrossAccountFilterOption="SameAccount")
    assert len(ours["ModelPackageGroupSummaryList"]) == 1
    with pytest.raises(Refusal, match="does not filter by CrossAccountFilterOption"):
        ask(groups, CrossAccountFilterOption="CrossAccount")


@pytest.mark.parametrize(
    ("operation", "params", "words"),
    [
        ("DescribeModel", {"ModelName": "x"}, 'Could not find model "arn:'),
        ("DescribeEndpoint", {"EndpointName": "x"}, 'Could not find endpoint "arn:'),
        ("DescribeEndpointConfig", {"EndpointConfigName": "x"}, "Could not find endpoint config"),
        ("CreateEndpoint", {"EndpointName": "e", "EndpointConfigName": "x"}, "endpoint-config/x"),
        ("StartPipelineExecution", {"PipelineName": "x", "ClientRequestToken": "t" * 32}, "x"),
    ],
)
def test_what_does_not_exist_is_not_found(
    ask: Account, operation: str, params: Record, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        ask(operation, **params)


def test_jobs_are_not_found_with_the_error_of_their_model(sagemaker: Any) -> None:
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        sagemaker.describe_training_job(TrainingJobName="x")


def test_names_are_given_once(ask: Account) -> None:
    ask("CreateTrainingJob", TrainingJobName="job", **TRAINING)
    with pytest.raises(Refusal) as again:
        ask("CreateTrainingJob", TrainingJobName="job", **TRAINING)
    assert again.value.code == "ResourceInUse"
    models(ask, 1)
    with pytest.raises(Refusal) as once_more:
        models(ask, 1)
    assert once_more.value.code == "ValidationException"


def test_a_model_keeps_everything_it_was_given(ask: Account) -> None:
    given: Record = {
        "Containers": [{"Image": IMAGE, "ContainerHostname": name} for name in ("a", "b")],
        "InferenceExecutionConfig": {"Mode": "Serial"},
        "EnableNetworkIsolation": True,
        "ExecutionRoleArn": ROLE,
    }
    ask("CreateModel", ModelName="m", **given)
    described = ask("DescribeModel", ModelName="m")
    assert {key: described[key] for key in given} == given
    assert "VpcConfig" not in described


def served(ask: Account, *variants: Record) -> None:
    models(ask, 1)
    ask("CreateEndpointConfig", EndpointConfigName="config", ProductionVariants=list(variants))
    ask("CreateEndpoint", days=3, EndpointName="endpoint", EndpointConfigName="config")


def test_an_endpoint_takes_its_variants_from_its_configuration(ask: Account) -> None:
    variant = {
        "VariantName": "v",
        "ModelName": "model-000",
        "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 5},
    }
    served(ask, variant)
    described = ask("DescribeEndpoint", EndpointName="endpoint")
    assert described["EndpointStatus"] == "InService"
    assert described["ProductionVariants"][0]["CurrentServerlessConfig"]["MaxConcurrency"] == 5
    assert described["ProductionVariants"][0]["DeployedImages"][0]["SpecifiedImage"] == IMAGE
    with pytest.raises(Refusal, match="is in use by endpoint"):
        ask("DeleteEndpointConfig", EndpointConfigName="config")


def test_an_updated_endpoint_remembers_how_it_was_deployed(ask: Account) -> None:
    variant = {
        "VariantName": "v",
        "ModelName": "model-000",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 2,
    }
    served(ask, variant)
    ask("CreateEndpointConfig", EndpointConfigName="next", ProductionVariants=[variant])
    rollback = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}
    ask(
        "UpdateEndpoint",
        EndpointName="endpoint",
        EndpointConfigName="next",
        DeploymentConfig=rollback,
    )
    described = ask("DescribeEndpoint", EndpointName="endpoint")
    assert described["EndpointConfigName"] == "next"
    assert described["LastDeploymentConfig"] == rollback
    assert described["LastModifiedTime"] > described["CreationTime"]


def test_an_updated_component_remembers_how_it_was_deployed(ask: Account) -> None:
    served(ask, {"VariantName": "v", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1})
    ask(
        "CreateInferenceComponent",
        InferenceComponentName="part",
        EndpointName="endpoint",
        VariantName="v",
        Specification={"ModelName": "model-000"},
        RuntimeConfig={"CopyCount": 1},
    )
    rollback = {
        "RollingUpdatePolicy": {
            "MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1},
            "WaitIntervalInSeconds": 60,
        }
    }
    ask(
        "UpdateInferenceComponent",
        InferenceComponentName="part",
        Specification={"ModelName": "model-001"},
        RuntimeConfig={"CopyCount": 3},
        DeploymentConfig=rollback,
    )
    described = ask("DescribeInferenceComponent", InferenceComponentName="part")
    assert described["Specification"]["ModelName"] == "model-001"
    assert described["RuntimeConfig"]["DesiredCopyCount"] == 3
    assert described["LastDeploymentConfig"] == rollback


def test_a_variant_needs_an_instance_type_or_a_serverless_configuration(ask: Account) -> None:
    with pytest.raises(Refusal, match="needs an InstanceType"):
        served(ask, {"VariantName": "v", "ModelName": "model-000"})


def test_a_training_job_ends_and_leaves_an_artefact(ask: Account) -> None:
    ask("CreateTrainingJob", days=5, TrainingJobName="job", **TRAINING)
    job = ask("DescribeTrainingJob", TrainingJobName="job")
    assert job["TrainingJobStatus"] == "Completed"
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == "s3://bucket/models/job/output/model.tar.gz"
    assert job["CreationTime"] == NOW - timedelta(days=5)
    assert job["CreationTime"] < job["TrainingEndTime"] < NOW - timedelta(days=4)


def test_no_job_ends_in_the_future(ask: Account) -> None:
    ask("CreateTrainingJob", TrainingJobName="job", **TRAINING)
    assert ask("DescribeTrainingJob", TrainingJobName="job")["TrainingEndTime"] == NOW


def tune(ask: Account, kind: str) -> Record:
    ranges = [{"Name": "eta", "MinValue": "0.1", "MaxValue": "0.5"}]
    ask(
        "CreateHyperParameterTuningJob",
        days=2,
        HyperParameterTuningJobName="tuning",
        HyperParameterTuningJobConfig={
            "Strategy": "Bayesian",
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 1},
            "HyperParameterTuningJobObjective": {"Type": kind, "MetricName": "auc"},
            "ParameterRanges": {"ContinuousParameterRanges": ranges},
        },
        TrainingJobDefinition=TRAINING,
    )
    return ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="tuning")


@pytest.mark.parametrize(("kind", "best"), [("Maximize", max), ("Minimize", min)])
def test_tuning_chooses_the_best_of_its_training_jobs(ask: Account, kind: str, best: Any) -> None:
    tuning = tune(ask, kind)
    answer = ask("ListTrainingJobsForHyperParameterTuningJob", HyperParameterTuningJobName="tuning")
    values = {
        job["TrainingJobName"]: job["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
        for job in answer["TrainingJobSummaries"]
    }
    assert len(values) == 3
    assert tuning["BestTrainingJob"]["TrainingJobName"] == best(values, key=values.__getitem__)
    child = ask("DescribeTrainingJob", TrainingJobName=next(iter(values)))
    assert child["TuningJobArn"] == tuning["HyperParameterTuningJobArn"]
    assert 0.1 <= float(child["HyperParameters"]["eta"]) <= 0.5


def test_versions_of_a_group_are_numbered_and_approved(ask: Account) -> None:
    ask("CreateModelPackageGroup", ModelPackageGroupName="group")
    arns = [
        ask("CreateModelPackage", ModelPackageGroupName="group")["ModelPackageArn"]
        for _ in range(2)
    ]
    assert [arn.rsplit("/", 2)[1:] for arn in arns] == [["group", "1"], ["group", "2"]]
    ask("UpdateModelPackage", ModelPackageArn=arns[1], ModelApprovalStatus="Approved")
    listed = ("ListModelPackages", "ModelPackageSummaryList", "ModelPackageArn")
    asked = {"ModelPackageGroupName": "group", "ModelApprovalStatus": "Approved"}
    assert ask.names(*listed, **asked) == [arns[1]]
    assert ask.names(*listed) == []
    with pytest.raises(Refusal, match="contains Model Package"):
        ask("DeleteModelPackageGroup", ModelPackageGroupName="group")


def test_a_schedule_needs_its_definition_and_runs_daily(ask: Account) -> None:
    config = {"MonitoringJobDefinitionName": "definition", "MonitoringType": "ModelQuality"}
    params: Record = {"MonitoringScheduleName": "schedule", "MonitoringScheduleConfig": config}
    with pytest.raises(Refusal, match='Could not find job definition "definition"'):
        ask("CreateMonitoringSchedule", **params)
    ask(
        "CreateModelQualityJobDefinition",
        JobDefinitionName="definition",
        ModelQualityAppSpecification={"ImageUri": IMAGE, "ProblemType": "Regression"},
        ModelQualityJobInput={
            "EndpointInput": {"EndpointName": "endpoint", "LocalPath": "/opt/ml"},
            "GroundTruthS3Input": {"S3Uri": "s3://bucket/truth"},
        },
        ModelQualityJobOutputConfig={
            "MonitoringOutputs": [{"S3Output": {"S3Uri": "s3://bucket/out", "LocalPath": "/out"}}]
        },
        JobResources={"ClusterConfig": RESOURCES},
        RoleArn=ROLE,
    )
    ask("CreateMonitoringSchedule", days=4, **params)
    listed = ("ListMonitoringSchedules", "MonitoringScheduleSummaries", "MonitoringScheduleName")
    assert ask.names(*listed, EndpointName="endpoint") == ["schedule"]
    assert ask.names(*listed, MonitoringTypeEquals="DataQuality") == []
    runs = ask("ListMonitoringExecutions", MonitoringScheduleName="schedule")
    assert len(runs["MonitoringExecutionSummaries"]) == 4


def test_lineage_is_walked_in_the_asked_direction(ask: Account) -> None:
    source = {"SourceUri": "s3://bucket/data"}
    data = ask("CreateArtifact", ArtifactType="DataSet", Source=source)["ArtifactArn"]
    train = ask("CreateAction", ActionName="train", ActionType="Training", Source=source)
    model = ask("CreateArtifact", ArtifactType="Model", Source={"SourceUri": "s3://bucket/m"})
    chain = [data, train["ActionArn"], model["ArtifactArn"]]
    for one, other in pairwise(chain):
        ask("AddAssociation", SourceArn=one, DestinationArn=other)
    up = ask("QueryLineage", StartArns=[chain[2]], Direction="Ascendants")
    assert [vertex["Arn"] for vertex in up["Vertices"]] == [chain[1], chain[0]]
    near = ask("QueryLineage", StartArns=[chain[2]], Direction="Ascendants", MaxDepth=1)
    assert [vertex["Type"] for vertex in near["Vertices"]] == ["Training"]
    assert ask("QueryLineage", StartArns=[chain[2]], Direction="Descendants")["Vertices"] == []


def test_tags_are_added_changed_and_removed(ask: Account) -> None:
    tags = [{"Key": "team", "Value": "a"}]
    arn = ask("CreateExperiment", ExperimentName="e", Tags=tags)["ExperimentArn"]
    new = [{"Key": "team", "Value": "b"}, {"Key": "env", "Value": "x"}]
    ask("AddTags", ResourceArn=arn, Tags=new)
    assert ask("ListTags", ResourceArn=arn)["Tags"] == new
    ask("DeleteTags", ResourceArn=arn, TagKeys=["env"])
    assert ask("ListTags", ResourceArn=arn)["Tags"] == new[:1]


def test_components_are_found_by_their_trial_and_experiment(ask: Account) -> None:
    ask("CreateExperiment", ExperimentName="e")
    ask("CreateTrial", TrialName="t", ExperimentName="e")
    for name in ("inside", "outside"):
        ask("CreateTrialComponent", TrialComponentName=name)
    pair: Record = {"TrialName": "t", "TrialComponentName": "inside"}
    ask("AssociateTrialComponent", **pair)
    listed = ("ListTrialComponents", "TrialComponentSummaries", "TrialComponentName")
    assert ask.names(*listed, ExperimentName="e") == ["inside"]
    assert ask.names("ListTrials", "TrialSummaries", "TrialName", TrialComponentName="inside") == [
        "t"
    ]
    ask("DisassociateTrialComponent", **pair)
    assert ask.names(*listed, TrialName="t") == []


def test_every_change_of_a_model_card_is_a_version(ask: Account) -> None:
    ask("CreateModelCard", ModelCardName="card", Content="{}", ModelCardStatus="Draft")
    ask("UpdateModelCard", ModelCardName="card", ModelCardStatus="Approved")
    assert ask("DescribeModelCard", ModelCardName="card")["ModelCardVersion"] == 2
    versions = ask("ListModelCardVersions", ModelCardName="card")["ModelCardVersionSummaryList"]
    assert {item["ModelCardStatus"] for item in versions} == {"Draft", "Approved"}


@given(count=st.integers(0, 25), size=st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_pages_are_the_list_cut_into_pieces(count: int, size: int) -> None:
    ask = Account()
    models(ask, count)
    pages = [ask("ListModels", MaxResults=size)]
    while "NextToken" in pages[-1]:
        pages.append(ask("ListModels", MaxResults=size, NextToken=pages[-1]["NextToken"]))
    names = [model["ModelName"] for page in pages for model in page["Models"]]
    assert names == [f"model-{number:03d}" for number in reversed(range(count))]
    assert all(len(page["Models"]) == size for page in pages[:-1])
