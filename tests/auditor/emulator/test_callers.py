"""Who called in a scenario, and what a pipeline run keeps in its experiment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mlaudit.emulator import emulated_account, load_scenario

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OFFICER = "arn:aws:sts::123456789012:assumed-role/officers/amina"
PACKAGE = "arn:aws:sagemaker:us-east-1:123456789012:model-package/credit/1"
ClientOf = Callable[[str], Any]

SCENARIO = """
values:
  role: arn:aws:iam::${account}:role/ml
  image: 683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1
  training: &training
    AlgorithmSpecification: {TrainingImage: "${image}", TrainingInputMode: File}
    RoleArn: ${role}
    OutputDataConfig: {S3OutputPath: s3://bucket/models}
    ResourceConfig: {InstanceCount: 1, InstanceType: ml.m5.large, VolumeSizeInGB: 10}
    StoppingCondition: {MaxRuntimeInSeconds: 60}
calls:
  - call: sagemaker.CreatePipeline
    at: -9d
    with:
      PipelineName: credit
      PipelineDefinition:
        Version: "2020-12-01"
        PipelineExperimentConfig:
          ExperimentName: credit
          TrialName: {Get: Execution.PipelineExecutionId}
        Steps:
          - {Name: Train, Type: Training, Arguments: "${training}"}
          - Name: Tune
            Type: Tuning
            Arguments:
              HyperParameterTuningJobConfig:
                Strategy: Bayesian
                ResourceLimits: {MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2}
              TrainingJobDefinition:
                <<: *training
                StaticHyperParameters: {}
          - Name: Register
            Type: RegisterModel
            Arguments: {ModelPackageGroupName: credit}
      ClientRequestToken: credit-pipeline-token-0000000000001
      RoleArn: ${role}
  - call: sagemaker.StartPipelineExecution
    at: -8d
    with: {PipelineName: credit}
  - call: sagemaker.UpdateModelPackage
    at: -7d
    by: arn:aws:sts::${account}:assumed-role/officers/amina
    with:
      ModelPackageArn: arn:aws:sagemaker:${region}:${account}:model-package/credit/1
      ModelApprovalStatus: Approved
    becomes: {CreationTime: "${time:-6d}"}
"""


@pytest.fixture
def ask(tmp_path: Path, client_of: Callable[..., Any]) -> Iterator[ClientOf]:
    """Make clients of an account with the scenario in it."""
    path = tmp_path / "own.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    with emulated_account(load_scenario(str(path)), now=NOW) as account:
        yield lambda service: client_of(account, service)


def test_a_version_knows_who_registered_and_who_approved_it(ask: ClientOf) -> None:
    package = ask("sagemaker").describe_model_package(ModelPackageName=PACKAGE)
    role = "arn:aws:sts::123456789012:assumed-role/ml/SageMaker"
    assert package["CreatedBy"]["IamIdentity"]["Arn"] == role
    assert package["LastModifiedBy"]["IamIdentity"]["Arn"] == OFFICER


def test_a_scenario_can_set_a_moment_of_what_a_call_becomes(ask: ClientOf) -> None:
    package = ask("sagemaker").describe_model_package(ModelPackageName=PACKAGE)
    assert package["CreationTime"] == NOW - timedelta(days=6)


def test_the_trail_names_the_session_that_called(ask: ClientOf) -> None:
    name = [{"AttributeKey": "EventName", "AttributeValue": "UpdateModelPackage"}]
    events = ask("cloudtrail").lookup_events(LookupAttributes=name)["Events"]
    assert [each["Username"] for each in events] == ["amina"]


def test_the_experiment_of_a_run_has_its_jobs_and_those_that_tuning_tried(ask: ClientOf) -> None:
    listed = ask("sagemaker").list_trial_components(ExperimentName="credit")
    sources = [each["TrialComponentSource"] for each in listed["TrialComponentSummaries"]]
    assert {each["SourceType"] for each in sources} == {"SageMakerTrainingJob"}
    names = [each["SourceArn"].rpartition("/")[2] for each in sources]
    assert len(names) == 3
    assert len([name for name in names if "-Tune-" in name]) == 2
    assert len([name for name in names if "-Train-" in name]) == 1
    trials = ask("sagemaker").list_trials(ExperimentName="credit")["TrialSummaries"]
    assert len(trials) == 1
