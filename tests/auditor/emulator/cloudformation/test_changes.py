"""Properties that change in place, by type: what an update sets can be read from the service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jmespath  # type: ignore[import-untyped]  # it has no stubs
import pytest

from mlaudit.emulator import EmulatedAccount, emulated_account

TRUST = (
    "{Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {Service: %s}, "
    "Action: 'sts:AssumeRole'}]}"
)
POLICY = "{Version: 2012-10-17, Statement: [{Effect: Allow, Action: %s, Resource: '*'}]}"
READ = POLICY % "'s3:*'"
NETWORK = "  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"
API = "  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: ml}}\n"
METHOD = (
    "  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, HttpMethod: GET, "
    "ResourceId: !GetAtt A.RootResourceId, AuthorizationType: %s, Integration: {Type: MOCK}}}\n"
)
DEPLOYED = (
    "  D: {Type: AWS::ApiGateway::Deployment, DependsOn: M, Properties: {RestApiId: !Ref A}}\n"
)
ROLE = "arn:aws:iam::123456789012:role/ml"
LENT = f"  L: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {TRUST % 'a'}}}}}\n"


@dataclass(frozen=True)
class Case:
    """A resource R with a gap, what fills it before and after, and how the change is read.

    Attributes:
        resource: The type and the properties, the gap as ``@``.
        values: What fills the gap before and after; None for nothing.
        call: The service and the operation that tell.
        given: Its parameters, with ``@`` for the physical id.
        path: Where the answer tells, as JMESPath.
        told: What it tells after the update.
        beside: Other resources of the template.
        replaced: Whether the resource gets another physical id.
    """

    resource: str
    values: tuple[str | None, str | None]
    call: tuple[str, str]
    given: dict[str, Any]
    path: str
    told: Any
    beside: str = ""
    replaced: bool = False

    def template(self, number: int) -> str:
        """Return the template before or after."""
        kind, _, properties = self.resource.partition(" ")
        line = f"  R: {{Type: AWS::{kind}, Properties: {properties}}}\n"
        return "Resources:\n" + self.beside + line.replace("@", self.values[number] or "")


def _document(path: str) -> str:
    return f"{path}.Statement[0].Principal.Service"


CASES = [
    Case(f"IAM::Role {{AssumeRolePolicyDocument: {TRUST % '@'}}}", ("a", "b"),
         ("iam", "get_role"), {"RoleName": "@"}, _document("Role.AssumeRolePolicyDocument"), "b"),
    Case(f"IAM::Role {{MaxSessionDuration: @, AssumeRolePolicyDocument: {TRUST % 'a'}}}",
         ("3600", "7200"), ("iam", "get_role"), {"RoleName": "@"}, "Role.MaxSessionDuration", 7200),
    Case(f"IAM::Role {{ManagedPolicyArns: [@], AssumeRolePolicyDocument: {TRUST % 'a'}}}",
         ("arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/PowerUserAccess"),
         ("iam", "list_attached_role_policies"), {"RoleName": "@"},
         "AttachedPolicies[].PolicyName", ["PowerUserAccess"]),
    Case(f"IAM::Role {{Policies: [@], AssumeRolePolicyDocument: {TRUST % 'a'}}}",
         (f"{{PolicyName: a, PolicyDocument: {READ}}}",
          f"{{PolicyName: b, PolicyDocument: {READ}}}"),
         ("iam", "list_role_policies"), {"RoleName": "@"}, "PolicyNames", ["b"]),
    Case(f"IAM::Role {{@ AssumeRolePolicyDocument: {TRUST % 'a'}}}",
         ("PermissionsBoundary: arn:aws:iam::aws:policy/ReadOnlyAccess,", None),
         ("iam", "get_role"), {"RoleName": "@"}, "Role.PermissionsBoundary", None),
    Case(f"IAM::ManagedPolicy {{PolicyDocument: {POLICY % '@'}}}", ("'s3:Get*'", "'s3:List*'"),
         ("iam", "get_policy_version"), {"PolicyArn": "@", "VersionId": "v2"},
         "PolicyVersion.Document.Statement[0].Action", "s3:List*"),
    Case(f"IAM::Policy {{PolicyName: p, Roles: [!Ref L], PolicyDocument: {POLICY % '@'}}}",
         ("'s3:Get*'", "'s3:List*'"), ("iam", "get_role_policy"),
         {"RoleName": "L", "PolicyName": "p"}, "PolicyDocument.Statement[0].Action", "s3:List*",
         LENT),
    Case(f"IAM::Policy {{PolicyName: '@', Roles: [!Ref L], PolicyDocument: {READ}}}",
         ("before", "after"), ("iam", "list_role_policies"), {"RoleName": "L"}, "PolicyNames",
         ["after"], LENT),
    Case("IAM::InstanceProfile {Roles: [!Ref @]}", ("L", "K"),
         ("iam", "get_instance_profile"), {"InstanceProfileName": "@"},
         "starts_with(InstanceProfile.Roles[0].RoleName, 'demo-K')", True,
         LENT + LENT.replace("L:", "K:")),
    Case("IAM::OIDCProvider {Url: 'https://a.example', ClientIdList: [b], ThumbprintList: [@]}",
         ("a" * 40, "b" * 40), ("iam", "get_open_id_connect_provider"),
         {"OpenIDConnectProviderArn": "@"}, "ThumbprintList", ["b" * 40]),
    Case("KMS::Key {Description: @}", ("a", "b"),
         ("kms", "describe_key"), {"KeyId": "@"}, "KeyMetadata.Description", "b"),
    Case("KMS::Key {EnableKeyRotation: @}", ("true", "false"),
         ("kms", "get_key_rotation_status"), {"KeyId": "@"}, "KeyRotationEnabled", False),
    Case("S3::Bucket {@}", ("VersioningConfiguration: {Status: Enabled}", None),
         ("s3", "get_bucket_versioning"), {"Bucket": "@"}, "Status", "Suspended"),
    Case("S3::Bucket {LifecycleConfiguration: {Rules: [{Id: a, Status: Enabled, "
         "ExpirationInDays: @}]}}", ("7", "30"),
         ("s3", "get_bucket_lifecycle_configuration"), {"Bucket": "@"},
         "Rules[0].Expiration.Days", 30),
    Case("S3::Bucket {NotificationConfiguration: {QueueConfigurations: [{Event: 's3:@:*', "
         "Queue: !GetAtt Q.Arn}]}}", ("ObjectCreated", "ObjectRemoved"),
         ("s3", "get_bucket_notification_configuration"), {"Bucket": "@"},
         "QueueConfigurations[].Events[]", ["s3:ObjectRemoved:*"],
         "  Q: {Type: AWS::SQS::Queue}\n"),
    Case("S3::Bucket {NotificationConfiguration: {@}}",
         (None, "EventBridgeConfiguration: {EventBridgeEnabled: true}"),
         ("s3", "get_bucket_notification_configuration"), {"Bucket": "@"},
         "EventBridgeConfiguration", {}),
    Case("SNS::Topic {DisplayName: @}", ("a", "b"),
         ("sns", "get_topic_attributes"), {"TopicArn": "@"}, "Attributes.DisplayName", "b"),
    Case("SNS::Subscription {TopicArn: !Ref T, Protocol: email, Endpoint: a@b, "
         "FilterPolicy: {kind: [~]}}".replace("a@b", "ab").replace("~", "@"), ("a", "b"),
         ("sns", "get_subscription_attributes"), {"SubscriptionArn": "@"},
         "Attributes.FilterPolicy", '{"kind": ["b"]}', "  T: {Type: AWS::SNS::Topic}\n"),
    Case("SQS::Queue {@}", ("VisibilityTimeout: 60", "DelaySeconds: 5"),
         ("sqs", "get_queue_attributes"), {"QueueUrl": "@", "AttributeNames": ["All"]},
         "[Attributes.VisibilityTimeout, Attributes.DelaySeconds]", ["30", "5"]),
    Case(f"SQS::QueuePolicy {{Queues: [!Ref Q], PolicyDocument: {POLICY % '@'}}}",
         ("'sqs:A'", "'sqs:B'"), ("sqs", "get_queue_attributes"),
         {"QueueUrl": "Q", "AttributeNames": ["Policy"]},
         "contains(Attributes.Policy, 'sqs:B')", True, "  Q: {Type: AWS::SQS::Queue}\n"),
    Case(f"SNS::TopicPolicy {{Topics: [!Ref @], PolicyDocument: {READ}}}",
         ("T", "U"), ("sns", "get_topic_attributes"), {"TopicArn": "T"},
         "contains(Attributes.Policy, '__default_statement_ID')", True,
         "  T: {Type: AWS::SNS::Topic}\n  U: {Type: AWS::SNS::Topic}\n"),
    Case("Lambda::EventSourceMapping {FunctionName: !Ref F, BatchSize: @, EventSourceArn: "
         "'arn:aws:sqs:us-east-1:123456789012:a'}", ("5", "6"),
         ("lambda", "get_event_source_mapping"), {"UUID": "@"},
         "BatchSize", 6,
         LENT + "  F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, "
         "Handler: a.b, Role: !GetAtt L.Arn, Code: {ZipFile: pass}}}\n"),
    Case("Kinesis::Stream {ShardCount: @}", ("1", "2"),
         ("kinesis", "describe_stream_summary"), {"StreamName": "@"},
         "StreamDescriptionSummary.OpenShardCount", 2),
    Case("Events::Rule {ScheduleExpression: rate(1 day), Targets: [{Id: @, Arn: 'arn:aws:sqs:a'}]}",
         ("a", "b"), ("events", "list_targets_by_rule"), {"Rule": "@"}, "Targets[].Id", ["b"]),
    Case("Events::Rule {ScheduleExpression: rate(@ days)}", ("2", "3"),
         ("events", "describe_rule"), {"Name": "@"}, "ScheduleExpression", "rate(3 days)"),
    Case("Scheduler::Schedule {ScheduleExpression: rate(@ days), FlexibleTimeWindow: {Mode: 'OFF'},"
         f" Target: {{Arn: 'arn:aws:sqs:a', RoleArn: {ROLE}}}}}", ("2", "3"),
         ("scheduler", "get_schedule"), {"Name": "@"}, "ScheduleExpression", "rate(3 days)"),
    Case("Lambda::Function {Runtime: python3.12, Handler: a.b, Role: !GetAtt L.Arn, "
         "Code: {ZipFile: pass}, Timeout: @}", ("3", "60"),
         ("lambda", "get_function_configuration"), {"FunctionName": "@"}, "Timeout", 60, LENT),
    Case("Lambda::Function {Runtime: python3.12, Handler: a.b, Role: !GetAtt L.Arn, "
         "Code: {ZipFile: pass}, @}", ("ReservedConcurrentExecutions: 2", None),
         ("lambda", "get_function"), {"FunctionName": "@"}, "Concurrency", None, LENT),
    Case(f"StepFunctions::StateMachine {{RoleArn: {ROLE}, DefinitionSubstitutions: {{name: @}}, "
         "DefinitionString: '{\"StartAt\": \"${name}\", \"States\": {\"${name}\": "
         "{\"Type\": \"Succeed\"}}}'}", ("One", "Two"),
         ("stepfunctions", "describe_state_machine"), {"stateMachineArn": "@"},
         "contains(definition, 'Two')", True),
    Case("DynamoDB::Table {KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: "
         "[{AttributeName: id, AttributeType: S}], @}",
         ("PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}", None),
         ("dynamodb", "describe_continuous_backups"), {"TableName": "@"},
         "ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus",
         "DISABLED"),
    Case("SSM::Parameter {Name: /a, Type: String, Value: @}", ("x", "y"),
         ("ssm", "get_parameter"), {"Name": "@"}, "Parameter.Value", "y"),
    Case("SecretsManager::Secret {SecretString: @}", ("x", "y"),
         ("secretsmanager", "get_secret_value"), {"SecretId": "@"}, "SecretString", "y"),
    Case("CloudWatch::Alarm {Namespace: a, MetricName: b, Statistic: Sum, Period: 60, "
         "EvaluationPeriods: 1, Threshold: @, ComparisonOperator: GreaterThanThreshold}",
         ("1", "2"), ("cloudwatch", "describe_alarms"), {"AlarmNames": ["@"]},
         "MetricAlarms[0].Threshold", 2.0),
    Case("EC2::SecurityGroup {GroupDescription: a, VpcId: !Ref V, SecurityGroupIngress: "
         "[{IpProtocol: tcp, FromPort: @, ToPort: 500, CidrIp: 10.0.0.0/8}]}", ("443", "444"),
         ("ec2", "describe_security_groups"), {"GroupIds": ["@"]},
         "SecurityGroups[0].IpPermissions[].FromPort", [444], NETWORK),
    Case("EC2::Subnet {VpcId: !Ref V, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: @}",
         ("true", "false"), ("ec2", "describe_subnets"), {"SubnetIds": ["@"]},
         "Subnets[0].MapPublicIpOnLaunch", False, NETWORK),
    Case("ApiGateway::Stage {RestApiId: !Ref A, DeploymentId: !Ref D, StageName: a, "
         "MethodSettings: [{ResourcePath: /*, HttpMethod: '*', ThrottlingBurstLimit: @}]}",
         ("5", "6"), ("apigateway", "get_stage"), {"restApiId": "A", "stageName": "@"},
         'methodSettings."*/*".throttlingBurstLimit', 6,
         API + METHOD % "NONE" + DEPLOYED),
    Case("ApiGateway::UsagePlan {UsagePlanName: a, Quota: {Limit: @, Period: DAY}}", ("5", "6"),
         ("apigateway", "get_usage_plan"), {"usagePlanId": "@"}, "quota.limit", 6),
    Case("ApiGateway::RestApi {Name: a, Description: @}", ("b", "c"),
         ("apigateway", "get_rest_api"), {"restApiId": "@"}, "description", "c"),
    Case("WAFv2::WebACL {Scope: REGIONAL, DefaultAction: {@: {}}, VisibilityConfig: "
         "{SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: a}, "
         "Name: a}", ("Allow", "Block"), ("wafv2", "list_web_acls"), {"Scope": "REGIONAL"},
         "length(WebACLs)", 1),
    Case(f"SageMaker::Pipeline {{PipelineName: a, RoleArn: {ROLE}, PipelineDefinition: "
         "{PipelineDefinitionBody: '{\"Version\": \"2020-12-01\", \"Steps\": [{\"Name\": \"@\", "
         "\"Type\": \"Fail\", \"Arguments\": {\"ErrorMessage\": \"no\"}}]}'}}", ("One", "Two"),
         ("sagemaker", "describe_pipeline"), {"PipelineName": "@"},
         "contains(PipelineDefinition, 'Two')", True),
    Case("SageMaker::ModelCard {ModelCardName: a, ModelCardStatus: Draft, Content: "
         "{ModelOverview: {ModelName: @}}}", ("x", "y"),
         ("sagemaker", "describe_model_card"), {"ModelCardName": "@"},
         "contains(Content, '\"model_name\": \"y\"')", True),
    Case("Glue::Table {CatalogId: '1', DatabaseName: !Ref D, TableInput: {Name: t, "
         "Description: @}}", ("x", "y"), ("glue", "get_table"), {"DatabaseName": "d", "Name": "@"},
         "Table.Description", "y",
         "  D: {Type: AWS::Glue::Database, Properties: {CatalogId: '1', "
         "DatabaseInput: {Name: d}}}\n"),
    Case("Athena::NamedQuery {Database: d, Name: a, QueryString: @}", ("x", "y"),
         ("athena", "get_named_query"), {"NamedQueryId": "@"}, "NamedQuery.QueryString", "y",
         replaced=True),
    Case("Athena::WorkGroup {Name: w, WorkGroupConfiguration: {ResultConfiguration: "
         "{OutputLocation: @}}}", ("s3://a", "s3://b"),
         ("athena", "get_work_group"), {"WorkGroup": "@"},
         "WorkGroup.Configuration.ResultConfiguration.OutputLocation", "s3://b"),
    Case("SageMaker::FeatureGroup {FeatureGroupName: f, RecordIdentifierFeatureName: i, "
         "EventTimeFeatureName: i, OnlineStoreConfig: {EnableOnlineStore: true}"
         ", FeatureDefinitions: [{FeatureName: i, FeatureType: String}@]}",
         ("", ", {FeatureName: j, FeatureType: String}"),
         ("sagemaker", "describe_feature_group"), {"FeatureGroupName": "@"},
         "FeatureDefinitions[].FeatureName", ["i", "j"]),
    Case(f"Pipes::Pipe {{Source: 'arn:aws:sqs:us-east-1:1:a', RoleArn: {ROLE}, Target: '@'}}",
         ("arn:aws:sqs:us-east-1:1:b", "arn:aws:sqs:us-east-1:1:c"),
         ("pipes", "describe_pipe"), {"Name": "@"}, "Target", "arn:aws:sqs:us-east-1:1:c"),
    Case("CloudWatch::Dashboard {DashboardBody: '{\"widgets\": [@]}'}", ("", "{}"),
         ("cloudwatch", "get_dashboard"), {"DashboardName": "@"}, "DashboardBody",
         '{"widgets": [{}]}'),
    Case("CodeBuild::Project {ServiceRole: r, Source: {Type: NO_SOURCE, BuildSpec: @}, "
         "Artifacts: {Type: NO_ARTIFACTS}, Environment: {Type: LINUX_CONTAINER, Image: i, "
         "ComputeType: BUILD_GENERAL1_SMALL}}", ("x", "y"),
         ("codebuild", "batch_get_projects"), {"names": ["@"]}, "projects[0].source.buildspec",
         "y"),
    Case("ECR::Repository {ImageTagMutability: @}", ("MUTABLE", "IMMUTABLE"),
         ("ecr", "describe_repositories"), {"repositoryNames": ["@"]},
         "repositories[0].imageTagMutability", "IMMUTABLE"),
    Case("Batch::JobDefinition {JobDefinitionName: a, Type: container, ContainerProperties: "
         "{Image: @, Vcpus: 1, Memory: 4}}", ("x", "y"),
         ("batch", "describe_job_definitions"), {"jobDefinitions": ["@"]},
         "jobDefinitions[0].containerProperties.image", "y", replaced=True),
    Case("Budgets::Budget {Budget: {BudgetName: a, BudgetType: COST, TimeUnit: MONTHLY, "
         "BudgetLimit: {Amount: @, Unit: USD}}}", ("10", "20"),
         ("budgets", "describe_budget"), {"AccountId": "123456789012", "BudgetName": "@"},
         "Budget.BudgetLimit.Amount", "20"),
    Case("XRay::SamplingRule {SamplingRule: {RuleName: a, Priority: 1, FixedRate: @, "
         "ReservoirSize: 1, ServiceName: '*', ServiceType: '*', Host: '*', HTTPMethod: '*', "
         "URLPath: '*', ResourceARN: '*'}}", ("0.1", "0.5"),
         ("xray", "get_sampling_rules"), {}, "SamplingRuleRecords[0].SamplingRule.FixedRate", 0.5),
]  # fmt: skip


@pytest.fixture(scope="module")
def account() -> Iterator[EmulatedAccount]:
    """One account for all of them, for each leaves it as it was."""
    with emulated_account(None) as emulated:
        yield emulated


@pytest.fixture(autouse=True)
def _left_as_it_was(stacks: Any) -> Iterator[None]:
    yield
    stacks.client.delete_stack(StackName="demo")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.resource[:40])
def test_a_change_arrives(stacks: Any, client: Callable[..., Any], case: Case) -> None:
    stacks.client.create_stack(StackName="demo", TemplateBody=case.template(0), Capabilities=ALL)
    assert stacks.status() == "CREATE_COMPLETE", stacks.reasons()
    before = stacks.ids()["R"]
    assert stacks.update(case.template(1)) == "UPDATE_COMPLETE", stacks.reasons()
    ids = stacks.ids()
    assert (ids["R"] != before) is case.replaced
    given = json.loads(json.dumps(case.given).replace('"@"', json.dumps(ids["R"])))
    for name, value in given.items():
        given[name] = ids.get(value, value) if isinstance(value, str) else value
    service, operation = case.call
    told = getattr(client(service), operation)(**given)
    assert jmespath.search(case.path, told) == case.told
    assert stacks.delete() == "DELETE_COMPLETE"


ALL = ["CAPABILITY_NAMED_IAM"]
CHAIN = """
Resources:
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: "arn:aws:iam::123456789012:role/ml"
      PrimaryContainer: {Image: x}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties: {ProductionVariants: [{VariantName: a, ModelName: !GetAtt Model.ModelName,
      InitialInstanceCount: 1, InstanceType: ml.m5.large, InitialVariantWeight: 1}]}
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}
"""


def test_a_new_model_replaces_the_configuration_and_not_the_endpoint(
    stacks: Any, client: Callable[..., Any]
) -> None:
    stacks.create(CHAIN)
    before = stacks.ids()
    assert stacks.update(CHAIN.replace("Image: x", "Image: y")) == "UPDATE_COMPLETE"
    after = stacks.ids()
    assert [name for name in after if after[name] == before[name]] == ["Endpoint"]
    name = after["Endpoint"].rpartition("/")[2]
    told = client("sagemaker").describe_endpoint(EndpointName=name)
    assert after["Config"].endswith(told["EndpointConfigName"])
    assert len(client("sagemaker").list_models()["Models"]) == 1


def test_what_was_generated_stays(stacks: Any, client: Callable[..., Any]) -> None:
    template = (
        "Resources: {S: {Type: AWS::SecretsManager::Secret, Properties: {Description: %s, "
        "GenerateSecretString: {PasswordLength: 20, GenerateStringKey: key, "
        'SecretStringTemplate: \'{"user": "ann"}\'}}}}'
    )
    stacks.create(template % "a")
    secrets = client("secretsmanager")
    before = secrets.get_secret_value(SecretId=stacks.ids()["S"])["SecretString"]
    assert json.loads(before)["user"] == "ann"
    assert len(json.loads(before)["key"]) == 20
    assert stacks.update(template % "b") == "UPDATE_COMPLETE"
    told = secrets.describe_secret(SecretId=stacks.ids()["S"])
    assert told["Description"] == "b"
    assert secrets.get_secret_value(SecretId=stacks.ids()["S"])["SecretString"] == before


def test_a_network_tells_what_came_with_it(stacks: Any) -> None:
    outputs = "DefaultSecurityGroup", "DefaultNetworkAcl"
    told = ", ".join(f"{name}: {{Value: !GetAtt V.{name}}}" for name in outputs)
    stacks.create("Resources:\n" + NETWORK + f"Outputs: {{{told}}}\n")
    found = stacks.outputs()
    assert found["DefaultSecurityGroup"].startswith("sg-")
    assert found["DefaultNetworkAcl"].startswith("acl-")


def test_a_method_that_changes_is_made_again(stacks: Any, client: Callable[..., Any]) -> None:
    template = "Resources:\n" + API + METHOD
    stacks.create(template % "NONE")
    before = stacks.ids()
    assert stacks.update(template % "AWS_IAM") == "UPDATE_COMPLETE"
    ids = stacks.ids()
    assert ids == before
    api = client("apigateway")
    (resource,) = api.get_resources(restApiId=ids["A"])["items"]
    told = api.get_method(restApiId=ids["A"], resourceId=resource["id"], httpMethod="GET")
    assert (told["authorizationType"], told["methodIntegration"]["type"]) == ("AWS_IAM", "MOCK")
