"""What moto leaves out of services that it answers otherwise, as clients see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Clients = Callable[..., Any]
RULE = {
    "RuleName": "ml",
    "Priority": 1,
    "FixedRate": 0.1,
    "ReservoirSize": 1,
    "ServiceName": "*",
    "ServiceType": "*",
    "Host": "*",
    "HTTPMethod": "*",
    "URLPath": "*",
    "ResourceARN": "*",
    "Version": 1,
}


def test_composite_alarms_stand_among_the_others(client: Clients) -> None:
    alarms = client("cloudwatch")
    alarms.put_composite_alarm(AlarmName="all", AlarmRule='ALARM("one")', AlarmActions=["arn:a"])
    (found,) = alarms.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert (found["AlarmRule"], found["AlarmActions"]) == ('ALARM("one")', ["arn:a"])
    alarms.delete_alarms(AlarmNames=["all"])
    assert alarms.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


def test_an_anomaly_detector_is_deleted_by_what_it_looks_at(client: Clients) -> None:
    alarms = client("cloudwatch")
    metric = {"Namespace": "ml", "MetricName": "errors", "Stat": "Sum"}
    alarms.put_anomaly_detector(SingleMetricAnomalyDetector=metric)
    with pytest.raises(ClientError, match="does not exist"):
        alarms.delete_anomaly_detector(SingleMetricAnomalyDetector={**metric, "Stat": "Average"})
    alarms.delete_anomaly_detector(SingleMetricAnomalyDetector=metric)
    assert alarms.describe_anomaly_detectors()["AnomalyDetectors"] == []


def test_queries_of_logs_are_saved_changed_and_deleted(client: Clients) -> None:
    logs = client("logs")
    made = logs.put_query_definition(name="errors", queryString="fields @message")
    known = {"queryDefinitionId": made["queryDefinitionId"]}
    logs.put_query_definition(name="errors", queryString="stats count()", **known)
    (found,) = logs.describe_query_definitions(queryDefinitionNamePrefix="err")["queryDefinitions"]
    assert found["queryString"] == "stats count()"
    logs.delete_query_definition(**known)
    assert logs.describe_query_definitions()["queryDefinitions"] == []
    with pytest.raises(ClientError, match="does not exist"):
        logs.delete_query_definition(**known)


def test_a_log_group_gets_and_loses_its_key(client: Clients) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="a")
    logs.associate_kms_key(logGroupName="a", kmsKeyId="arn:aws:kms:us-east-1:123456789012:key/k")
    assert logs.describe_log_groups()["logGroups"][0]["kmsKeyId"].endswith("key/k")
    logs.disassociate_kms_key(logGroupName="a")
    assert "kmsKeyId" not in logs.describe_log_groups()["logGroups"][0]
    with pytest.raises(ClientError, match="does not exist"):
        logs.disassociate_kms_key(logGroupName="b")


def test_an_anomaly_detector_of_logs_is_paused_and_deleted(client: Clients) -> None:
    logs = client("logs")
    arn = logs.create_log_anomaly_detector(logGroupArnList=["arn:aws:logs:::a"])[
        "anomalyDetectorArn"
    ]
    logs.update_log_anomaly_detector(anomalyDetectorArn=arn, enabled=False)
    found = logs.get_log_anomaly_detector(anomalyDetectorArn=arn)
    assert found["anomalyDetectorStatus"] == "PAUSED"
    logs.delete_log_anomaly_detector(anomalyDetectorArn=arn)
    with pytest.raises(ClientError, match="does not exist"):
        logs.get_log_anomaly_detector(anomalyDetectorArn=arn)


def test_groups_of_traces(client: Clients) -> None:
    traces = client("xray")
    made = traces.create_group(GroupName="ml", Tags=[{"Key": "team", "Value": "ml"}])["Group"]
    traces.update_group(GroupName="ml", FilterExpression='service("ml")')
    assert traces.get_groups()["Groups"][0]["FilterExpression"] == 'service("ml")'
    traces.untag_resource(ResourceARN=made["GroupARN"], TagKeys=["team"])
    assert traces.list_tags_for_resource(ResourceARN=made["GroupARN"])["Tags"] == []
    traces.delete_group(GroupName="ml")
    with pytest.raises(ClientError, match="Group not found"):
        traces.get_group(GroupName="ml")


def test_rules_of_sampling(client: Clients) -> None:
    traces = client("xray")
    traces.create_sampling_rule(SamplingRule=RULE)
    with pytest.raises(ClientError, match="already exists"):
        traces.create_sampling_rule(SamplingRule=RULE)
    traces.update_sampling_rule(SamplingRuleUpdate={"RuleName": "ml", "FixedRate": 0.5})
    (found,) = traces.get_sampling_rules()["SamplingRuleRecords"]
    assert found["SamplingRule"]["FixedRate"] == 0.5
    traces.delete_sampling_rule(RuleName="ml")
    assert traces.get_sampling_rules()["SamplingRuleRecords"] == []


@pytest.mark.parametrize("service", ["codeconnections", "codestar-connections"])
def test_connections_wait_to_be_confirmed(client: Clients, service: str) -> None:
    connections = client(service)
    arn = connections.create_connection(
        ProviderType="GitHub", ConnectionName="code", Tags=[{"Key": "team", "Value": "ml"}]
    )["ConnectionArn"]
    assert f":{service}:" in arn
    assert (
        connections.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"] == "PENDING"
    )
    connections.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    connections.untag_resource(ResourceArn=arn, TagKeys=["team"])
    tags = connections.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert tags == [{"Key": "a", "Value": "b"}]
    assert len(connections.list_connections(ProviderTypeFilter="GitHub")["Connections"]) == 1
    connections.delete_connection(ConnectionArn=arn)
    assert connections.list_connections()["Connections"] == []


def test_workgroups_and_queries_of_athena_change(client: Clients) -> None:
    athena = client("athena")
    athena.create_work_group(Name="ml")
    athena.update_work_group(
        WorkGroup="ml",
        State="DISABLED",
        ConfigurationUpdates={"ResultConfigurationUpdates": {"OutputLocation": "s3://a/b"}},
    )
    found = athena.get_work_group(WorkGroup="ml")["WorkGroup"]
    assert found["State"] == "DISABLED"
    assert found["Configuration"]["ResultConfiguration"]["OutputLocation"] == "s3://a/b"
    query = athena.create_named_query(
        Name="one", Database="d", QueryString="SELECT 1", WorkGroup="ml"
    )["NamedQueryId"]
    athena.update_named_query(NamedQueryId=query, Name="two", QueryString="SELECT 2")
    told = athena.get_named_query(NamedQueryId=query)["NamedQuery"]
    assert (told["Name"], told["QueryString"]) == ("two", "SELECT 2")
    athena.delete_named_query(NamedQueryId=query)
    with pytest.raises(ClientError, match="not found"):
        athena.delete_named_query(NamedQueryId=query)


def test_a_crawler_changes_and_takes_its_tags_along(client: Clients) -> None:
    glue = client("glue")
    given = {"Name": "answers", "Role": "r", "Targets": {"S3Targets": [{"Path": "s3://a"}]}}
    glue.create_crawler(**given, Tags={"team": "ml"})
    glue.update_crawler(Name="answers", Description="all of them")
    assert glue.get_crawler(Name="answers")["Crawler"]["Description"] == "all of them"
    glue.delete_crawler(Name="answers")
    arn = "arn:aws:glue:us-east-1:123456789012:crawler/answers"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {}
    with pytest.raises(ClientError, match="not found"):
        glue.update_crawler(Name="answers")


def test_a_budget_changes(client: Clients) -> None:
    budgets = client("budgets")
    budget: dict[str, Any] = {"BudgetName": "ml", "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    first = {**budget, "BudgetLimit": {"Amount": "10", "Unit": "USD"}}
    then = {**budget, "BudgetLimit": {"Amount": "20", "Unit": "USD"}}
    budgets.create_budget(AccountId="123456789012", Budget=first)
    budgets.update_budget(AccountId="123456789012", NewBudget=then)
    told = budgets.describe_budget(AccountId="123456789012", BudgetName="ml")["Budget"]
    assert told["BudgetLimit"]["Amount"] == "20"
    with pytest.raises(ClientError, match="doesn't exist"):
        budgets.update_budget(AccountId="123456789012", NewBudget={**then, "BudgetName": "other"})


def test_instances_are_kept_ready(client: Clients) -> None:
    functions = client("lambda")
    key = {"FunctionName": "answer", "Qualifier": "live"}
    functions.put_provisioned_concurrency_config(**key, ProvisionedConcurrentExecutions=2)
    told = functions.get_provisioned_concurrency_config(**key)
    assert told["AllocatedProvisionedConcurrentExecutions"] == 2
    listed = functions.list_provisioned_concurrency_configs(FunctionName="answer")
    assert len(listed["ProvisionedConcurrencyConfigs"]) == 1
    functions.delete_provisioned_concurrency_config(**key)
    with pytest.raises(ClientError, match="No Provisioned Concurrency"):
        functions.get_provisioned_concurrency_config(**key)


def test_a_component_of_the_edge_is_made_from_its_recipe(client: Clients) -> None:
    edge = client("greengrassv2")
    recipe = '{"RecipeFormatVersion": "2020-01-25", "ComponentName": "ml", "ComponentVersion": "1"}'
    arn = edge.create_component_version(inlineRecipe=recipe)["arn"]
    assert edge.describe_component(arn=arn)["componentName"] == "ml"
    with pytest.raises(ClientError, match="already exists"):
        edge.create_component_version(inlineRecipe=recipe)
    edge.delete_component(arn=arn)
    with pytest.raises(ClientError, match="does not exist"):
        edge.describe_component(arn=arn)
    with pytest.raises(ClientError, match="recipe is not valid"):
        edge.create_component_version(inlineRecipe="{}")


def test_a_queue_of_jobs_is_disabled_before_it_goes(client: Clients) -> None:
    batch = client("batch")
    made = batch.create_compute_environment(computeEnvironmentName="jobs", type="UNMANAGED")
    order = [{"order": 1, "computeEnvironment": made["computeEnvironmentArn"]}]
    batch.create_job_queue(jobQueueName="jobs", priority=1, computeEnvironmentOrder=order)
    with pytest.raises(ClientError, match="not in state"):
        batch.delete_job_queue(jobQueue="jobs")
    batch.update_job_queue(jobQueue="jobs", state="DISABLED")
    batch.update_compute_environment(computeEnvironment="jobs", state="DISABLED")
    with pytest.raises(ClientError, match="JobQueue relationship"):
        batch.delete_compute_environment(computeEnvironment="jobs")
    batch.delete_job_queue(jobQueue="jobs")
    batch.delete_compute_environment(computeEnvironment="jobs")
    assert batch.describe_compute_environments()["computeEnvironments"] == []


def test_a_bucket_tells_what_it_sends_where(client: Clients) -> None:
    buckets = client("s3")
    buckets.create_bucket(Bucket="data")
    told = buckets.get_bucket_notification_configuration(Bucket="data")
    assert "EventBridgeConfiguration" not in told
    queue = {"QueueArn": "arn:aws:sqs:us-east-1:123456789012:q", "Events": ["s3:ObjectCreated:*"]}
    url = client("sqs").create_queue(QueueName="q")["QueueUrl"]
    assert url.endswith("/q")
    for queues in ([], [queue]):
        buckets.put_bucket_notification_configuration(
            Bucket="data",
            NotificationConfiguration={
                "EventBridgeConfiguration": {},
                "QueueConfigurations": queues,
            },
        )
        told = buckets.get_bucket_notification_configuration(Bucket="data")
        assert told["EventBridgeConfiguration"] == {}
        assert len(told.get("QueueConfigurations", [])) == len(queues)
