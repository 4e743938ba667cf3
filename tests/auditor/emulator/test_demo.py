"""The demo account holds what its workloads are meant to show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlaudit.emulator import EmulatedAccount, bundled_scenarios, emulated_account, load_scenario

pytestmark = pytest.mark.slow

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
WINDOW = NOW - timedelta(days=90)


@pytest.fixture(scope="module")
def demo() -> Iterator[EmulatedAccount]:
    with emulated_account(load_scenario("demo"), now=NOW) as account:
        yield account


@pytest.fixture
def clients(demo: EmulatedAccount, client_of: Callable[..., Any]) -> Callable[[str], Any]:
    return partial(client_of, demo)


def searched(sagemaker: Any, resource: str) -> list[dict[str, Any]]:
    pages = sagemaker.get_paginator("search").paginate(Resource=resource)
    return [next(iter(item.values())) for page in pages for item in page["Results"]]


def test_fraud_detection_descends_from_a_tuned_and_approved_model(
    clients: Callable[[str], Any],
) -> None:
    sagemaker = clients("sagemaker")
    model = sagemaker.describe_model(ModelName="fraud-detection-serving-v7")
    assert model["InferenceExecutionConfig"]["Mode"] == "Serial"
    arn = model["Containers"][1]["ModelPackageName"]
    package = sagemaker.describe_model_package(ModelPackageName=arn)
    assert package["ModelApprovalStatus"] == "Approved"
    url = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    job = sagemaker.describe_training_job(TrainingJobName=url.split("/")[-3])
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == url
    tuning = sagemaker.describe_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=job["TuningJobArn"].rsplit("/", 1)[-1]
    )
    assert tuning["BestTrainingJob"]["TrainingJobName"] == job["TrainingJobName"]
    assert tuning["HyperParameterTuningJobConfig"]["Strategy"] == "Bayesian"


def test_fraud_detection_prepares_training_and_serving_data_with_one_image(
    clients: Callable[[str], Any],
) -> None:
    sagemaker = clients("sagemaker")
    executions = sagemaker.list_pipeline_executions(PipelineName="fraud-detection-training")
    newest = executions["PipelineExecutionSummaries"][0]["PipelineExecutionArn"]
    listed = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=newest, MaxResults=100)
    steps = {step["StepName"]: step for step in listed["PipelineExecutionSteps"]}
    arn = steps["Prepare"]["Metadata"]["ProcessingJob"]["Arn"]
    job = sagemaker.describe_processing_job(ProcessingJobName=arn.rsplit("/", 1)[-1])
    model = sagemaker.describe_model(ModelName="fraud-detection-serving-v7")
    assert job["AppSpecification"]["ImageUri"] == model["Containers"][0]["Image"]


def test_executions_lie_inside_and_outside_of_the_window(clients: Callable[[str], Any]) -> None:
    executions = clients("sagemaker").list_pipeline_executions(
        PipelineName="fraud-detection-training"
    )["PipelineExecutionSummaries"]
    ended = [(item["StartTime"] > WINDOW, item["PipelineExecutionStatus"]) for item in executions]
    assert ended.count((True, "Succeeded")) >= 3
    assert (False, "Succeeded") in ended
    assert (True, "Failed") in ended


def test_the_hosts_of_the_distributed_job_were_busy(clients: Callable[[str], Any]) -> None:
    jobs = clients("sagemaker").list_training_jobs(NameContains="-Graph-", MaxResults=100)
    described = [
        clients("sagemaker").describe_training_job(TrainingJobName=each["TrainingJobName"])
        for each in jobs["TrainingJobSummaries"]
    ]
    assert {each["ResourceConfig"]["InstanceCount"] for each in described} == {2}
    model = clients("sagemaker").describe_model(ModelName="fraud-detection-graph-emea")
    name = model["PrimaryContainer"]["ModelDataUrl"].split("/")[-3]
    assert name in {each["TrainingJobName"] for each in described}
    queries = [
        {
            "Id": f"host{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "/aws/sagemaker/TrainingJobs",
                    "MetricName": "GPUUtilization",
                    "Dimensions": [{"Name": "Host", "Value": f"{name}/algo-{number}"}],
                },
                "Period": 3600,
                "Stat": "Average",
            },
        }
        for number in (1, 2)
    ]
    answer = clients("cloudwatch").get_metric_data(
        StartTime=WINDOW, EndTime=NOW, MetricDataQueries=queries
    )
    assert [result["Values"][0] > 300 for result in answer["MetricDataResults"]] == [True, True]


def test_the_logs_of_the_last_execution_are_in_the_window(clients: Callable[[str], Any]) -> None:
    logs = clients("logs")
    for group in ("ProcessingJobs", "TrainingJobs", "TransformJobs", "Endpoints/fraud-detection"):
        name = f"/aws/sagemaker/{group}"
        streams = logs.describe_log_streams(
            logGroupName=name, orderBy="LastEventTime", descending=True
        )["logStreams"]
        assert streams[0]["lastEventTimestamp"] > WINDOW.timestamp() * 1000
        groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        assert groups[0]["retentionInDays"]


def test_the_stream_reaches_a_live_model(clients: Callable[[str], Any]) -> None:
    functions = clients("lambda")
    mappings = functions.list_event_source_mappings()["EventSourceMappings"]
    live = [mapping for mapping in mappings if mapping["State"] == "Enabled"]
    assert len(live) == 1
    function = functions.get_function_configuration(FunctionName=live[0]["FunctionArn"])
    endpoint = function["Environment"]["Variables"]["ENDPOINT_NAME"]
    described = clients("sagemaker").describe_endpoint(EndpointName=endpoint)
    assert described["EndpointStatus"] == "InService"
    stream = clients("kinesis").list_streams()["StreamSummaries"][0]
    assert stream["StreamARN"] == live[0]["EventSourceArn"]


def test_the_forecast_is_run_by_a_state_machine_on_batch(clients: Callable[[str], Any]) -> None:
    states = clients("stepfunctions")
    arn = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    machine = states.describe_state_machine(stateMachineArn=arn)
    assert machine["loggingConfiguration"]["level"] == "ALL"
    resources = {
        state["Resource"] for state in json.loads(machine["definition"])["States"].values()
    }
    assert "arn:aws:states:::batch:submitJob.sync" in resources
    targets = clients("events").list_targets_by_rule(Rule="demand-forecast-weekly")["Targets"]
    assert targets[0]["Arn"] == arn
    listed = clients("batch").list_jobs(jobQueue="demand-forecast-gpu", jobStatus="SUCCEEDED")
    assert listed["jobSummaryList"][0]["nodeProperties"]["numNodes"] == 2


def test_every_kind_of_record_can_be_searched(clients: Callable[[str], Any]) -> None:
    sagemaker = clients("sagemaker")
    kinds = (
        "TrainingJob Endpoint Model ModelPackage ModelPackageGroup Pipeline PipelineExecution "
        "PipelineVersion FeatureGroup Project HyperParameterTuningJob"
    )
    assert all(searched(sagemaker, kind) for kind in kinds.split())
    assert searched(sagemaker, "ModelCard") == []


def test_what_scott_left_is_untagged(clients: Callable[[str], Any]) -> None:
    endpoints = searched(clients("sagemaker"), "Endpoint")
    left = [item for item in endpoints if item["EndpointName"].startswith("scott-test-")]
    assert len(left) == 1
    assert not left[0].get("Tags")
    assert left[0]["CreationTime"] < WINDOW


def test_kafka_is_denied(clients: Callable[[str], Any]) -> None:
    with pytest.raises(ClientError, match="not authorized to perform: kafka:ListClustersV2"):
        clients("kafka").list_clusters_v2()


def test_all_scenarios_are_readable() -> None:
    assert all(load_scenario(name).description for name in bundled_scenarios())
