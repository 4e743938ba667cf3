"""The services beside SageMaker, as clients see them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Clients = Callable[..., Any]
ROLE = "arn:aws:iam::123456789012:role/ml"
MACHINE = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
VARIANT = "sagemaker:variant:DesiredInstanceCount"


def variants(sagemaker: Any, count: int) -> list[str]:
    """Serve endpoints and return the resource ids of their variants."""
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    sagemaker.create_model(ModelName="m", PrimaryContainer={"Image": image})
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    names = [f"endpoint-{number:03d}" for number in range(count)]
    for name in names:
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="c")
    return [f"endpoint/{name}/variant/v" for name in names]


def register(client: Any, resource: str, dimension: str = VARIANT) -> None:
    client.register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId=resource,
        ScalableDimension=dimension,
        MinCapacity=1,
        MaxCapacity=4,
    )


@pytest.mark.slow
def test_scalable_targets_are_paged_to_their_end(client: Clients, sagemaker: Any) -> None:
    scaling = client("application-autoscaling")
    resources = variants(sagemaker, 53)
    for resource in resources:
        register(scaling, resource)
    pages = scaling.get_paginator("describe_scalable_targets")
    found = [
        [target["ResourceId"] for target in page["ScalableTargets"]]
        for page in pages.paginate(ServiceNamespace="sagemaker")
    ]
    assert [len(page) for page in found] == [50, 3]
    assert sorted(found[0] + found[1]) == resources


def test_every_way_to_scale_an_endpoint_can_be_registered(client: Clients, sagemaker: Any) -> None:
    scaling = client("application-autoscaling")
    resource = variants(sagemaker, 1)[0]
    dimension = "sagemaker:variant:DesiredProvisionedConcurrency"
    register(scaling, resource, dimension)
    scaling.put_scaling_policy(
        PolicyName="p",
        ServiceNamespace="sagemaker",
        ResourceId=resource,
        ScalableDimension=dimension,
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 1.0},
    )
    policies = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert [policy["PolicyName"] for policy in policies] == ["p"]
    for wrong in ("endpoint/none/variant/v", "inference-component/none"):
        with pytest.raises(ClientError, match="does not exist"):
            register(scaling, wrong)


def test_executions_of_state_machines_are_recorded(client: Clients) -> None:
    states = client("stepfunctions")
    arn = states.create_state_machine(
        name="m", definition=MACHINE, roleArn=ROLE, tracingConfiguration={"enabled": True}
    )["stateMachineArn"]
    for name in ("one", "two"):
        states.start_execution(stateMachineArn=arn, name=name)
    listed = states.list_executions(stateMachineArn=arn, statusFilter="SUCCEEDED")["executions"]
    assert {item["name"] for item in listed} == {"one", "two"}
    described = states.describe_state_machine(stateMachineArn=arn)
    assert described["tracingConfiguration"] == {"enabled": True}
    assert described["loggingConfiguration"]["level"] == "OFF"
    with pytest.raises(states.exceptions.InvalidDefinition):
        states.create_state_machine(name="n", definition="{}", roleArn=ROLE)
    with pytest.raises(states.exceptions.StateMachineDoesNotExist):
        states.describe_state_machine(stateMachineArn=arn + "x")


def test_batch_jobs_succeed_and_are_listed_by_queue_and_status(client: Clients) -> None:
    batch = client("batch")
    batch.create_compute_environment(computeEnvironmentName="e", type="UNMANAGED")
    order = [{"order": 1, "computeEnvironment": "e"}]
    batch.create_job_queue(jobQueueName="q", priority=1, computeEnvironmentOrder=order)
    batch.register_job_definition(
        jobDefinitionName="d",
        type="multinode",
        nodeProperties={
            "numNodes": 3,
            "mainNode": 0,
            "nodeRangeProperties": [{"targetNodes": "0:2", "container": {"image": "i"}}],
        },
    )
    job = batch.submit_job(jobName="j", jobQueue="q", jobDefinition="d")["jobId"]
    listed = batch.list_jobs(jobQueue="q", jobStatus="SUCCEEDED")["jobSummaryList"]
    assert [item["jobId"] for item in listed] == [job]
    assert listed[0]["nodeProperties"]["numNodes"] == 3
    assert batch.list_jobs(jobQueue="q")["jobSummaryList"] == []
    described = batch.describe_jobs(jobs=[job])["jobs"][0]
    assert described["status"] == "SUCCEEDED"
    assert described["startedAt"] <= described["stoppedAt"]
    with pytest.raises(ClientError, match="not found"):
        batch.submit_job(jobName="j", jobQueue="none", jobDefinition="d")
    container = {"image": "i", "command": ["run"]}
    batch.register_job_definition(
        jobDefinitionName="one", type="container", containerProperties=container
    )
    job = batch.submit_job(jobName="j", jobQueue="q", jobDefinition="one")["jobId"]
    described = batch.describe_jobs(jobs=[job])["jobs"][0]
    assert described["container"]["logStreamName"].startswith("one/default/")


def test_airflow_environments_are_listed_and_described(client: Clients) -> None:
    airflow = client("mwaa")
    airflow.create_environment(
        Name="env",
        ExecutionRoleArn=ROLE,
        SourceBucketArn="arn:aws:s3:::bucket",
        DagS3Path="dags",
        NetworkConfiguration={"SubnetIds": ["subnet-1", "subnet-2"]},
        Tags={"team": "a"},
    )
    assert airflow.list_environments()["Environments"] == ["env"]
    environment = airflow.get_environment(Name="env")["Environment"]
    assert environment["Status"] == "AVAILABLE"
    assert airflow.list_tags_for_resource(ResourceArn=environment["Arn"])["Tags"] == {"team": "a"}
    with pytest.raises(airflow.exceptions.ResourceNotFoundException):
        airflow.get_environment(Name="none")


def test_streams_of_every_kind_are_connected_with_functions(client: Clients) -> None:
    functions = client("lambda")
    assume = json.dumps({"Version": "2012-10-17", "Statement": []})
    client("iam").create_role(RoleName="ml", AssumeRolePolicyDocument=assume)
    functions.create_function(
        FunctionName="f", Runtime="python3.12", Role=ROLE, Handler="a.b", Code={"ZipFile": b"x"}
    )
    sources = [
        "arn:aws:kinesis:us-east-1:123456789012:stream/s",
        "arn:aws:kafka:us-east-1:123456789012:cluster/c/0a1b2c3d-0000-4000-8000-000000000000-1",
    ]
    for source in sources:
        functions.create_event_source_mapping(
            EventSourceArn=source, FunctionName="f", Enabled=source == sources[0]
        )
    listed = functions.list_event_source_mappings()["EventSourceMappings"]
    assert [(item["EventSourceArn"], item["State"]) for item in listed] == [
        (sources[0], "Enabled"),
        (sources[1], "Disabled"),
    ]
    assert all(item["FunctionArn"].endswith(":function:f") for item in listed)
    by_name = functions.list_event_source_mappings(FunctionName="f", MaxItems=1)
    assert len(by_name["EventSourceMappings"]) == 1
    assert by_name["NextMarker"]
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.create_event_source_mapping(EventSourceArn=sources[0], FunctionName="none")


def test_tags_of_every_service_are_found_in_one_place(client: Clients) -> None:
    pair = [{"Key": "team", "Value": "a"}]
    client("sagemaker").create_experiment(ExperimentName="e", Tags=pair)
    lower = [{"key": "team", "value": "a"}]
    states = client("stepfunctions")
    states.create_state_machine(name="m", definition=MACHINE, roleArn=ROLE, tags=lower)
    client("kinesis").create_stream(StreamName="s", ShardCount=1, Tags={"team": "a"})
    client("events").put_rule(Name="r", ScheduleExpression="rate(1 day)", Tags=pair)
    client("scheduler").create_schedule_group(Name="g", Tags=pair)
    client("batch").create_compute_environment(
        computeEnvironmentName="c", type="UNMANAGED", tags={"team": "b"}
    )
    tagging = client("resourcegroupstaggingapi")

    def found(**asked: Any) -> list[str]:
        pages = tagging.get_paginator("get_resources").paginate(**asked)
        arns = [item["ResourceARN"] for page in pages for item in page["ResourceTagMappingList"]]
        return [arn.split(":")[2] for arn in arns]

    everything = ["batch", "events", "kinesis", "sagemaker", "scheduler", "states"]
    assert found() == everything
    assert found(PaginationConfig={"PageSize": 2}) == everything
    assert found(TagFilters=[{"Key": "team", "Values": ["a"]}]) == everything[1:]
    assert found(ResourceTypeFilters=["states:stateMachine", "batch"]) == ["batch", "states"]
    assert found(TagFilters=[{"Key": "none"}]) == []


def test_tags_of_named_resources_come_in_one_answer(client: Clients) -> None:
    pair = [{"Key": "team", "Value": "a"}]
    sagemaker, tagging = client("sagemaker"), client("resourcegroupstaggingapi")
    made = [
        sagemaker.create_experiment(ExperimentName=f"e{number}", Tags=pair)["ExperimentArn"]
        for number in range(60)
    ]
    page = tagging.get_resources(ResourceARNList=made[1:])
    assert {each["ResourceARN"] for each in page["ResourceTagMappingList"]} == set(made[1:])
    assert page["PaginationToken"] == ""
    others: list[dict[str, Any]] = [{"ResourcesPerPage": 5}, {"PaginationToken": "1"}]
    for other in (*others, {"TagFilters": []}):
        with pytest.raises(tagging.exceptions.InvalidParameterException):
            tagging.get_resources(ResourceARNList=made, **other)


def test_a_bucket_that_refuses_what_is_not_tls_takes_what_is(client: Callable[..., Any]) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="data")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::data/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket="data", Policy=json.dumps({"Statement": [statement]}))
    s3.put_object(Bucket="data", Key="a", Body=b"")
    del statement["Condition"]
    s3.put_bucket_policy(Bucket="data", Policy=json.dumps({"Statement": [statement]}))
    with pytest.raises(ClientError, match="403"):
        s3.put_object(Bucket="data", Key="b", Body=b"")


def test_a_role_can_have_a_policy_that_aws_manages(client: Callable[..., Any]) -> None:
    iam = client("iam")
    iam.create_role(RoleName="logs", AssumeRolePolicyDocument="{}")
    managed = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    iam.attach_role_policy(RoleName="logs", PolicyArn=managed)
    attached = iam.list_attached_role_policies(RoleName="logs")["AttachedPolicies"]
    assert [each["PolicyArn"] for each in attached] == [managed]
