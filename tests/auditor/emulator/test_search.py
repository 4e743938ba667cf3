"""Search: every operator, nesting, tags, sorting, paging."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlaudit.emulator import services
from mlaudit.emulator.cloud import Call, Cloud, Record
from mlaudit.emulator.errors import Refusal

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
ROLE = "arn:aws:iam::123456789012:role/ml"


def ask(cloud: Cloud, operation: str, days: int = 0, **params: Any) -> Record:
    moment = NOW - timedelta(days=days)
    who: tuple[str, str, datetime, Record] = ("123456789012", "us-east-1", moment, {})
    return cloud.invoke(Call(cloud, "sagemaker", operation, params, *who))


@pytest.fixture(scope="module")
def cloud() -> Cloud:
    cloud = Cloud(services.HANDLERS, services.WHOLE, lambda: NOW)
    for name, count, team, days in (("a", 1, "red", 30), ("b", 2, "blue", 20), ("c", 4, "red", 10)):
        ask(
            cloud,
            "CreateTrainingJob",
            days=days,
            TrainingJobName=f"job-{name}",
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            RoleArn=ROLE,
            InputDataConfig=[
                {
                    "ChannelName": channel,
                    "DataSource": {
                        "S3DataSource": {
                            "S3DataType": "S3Prefix",
                            "S3Uri": f"s3://bucket/{name}/{channel}",
                        }
                    },
                }
                for channel in ("train", "test")
            ],
            OutputDataConfig={"S3OutputPath": "s3://bucket"},
            ResourceConfig={
                "InstanceCount": count,
                "InstanceType": "ml.m5.large",
                "VolumeSizeInGB": 10,
            },
            StoppingCondition={"MaxRuntimeInSeconds": 60},
            EnableNetworkIsolation=name == "c",
            Tags=[{"Key": "team", "Value": team}],
        )
    return cloud


def found(cloud: Cloud, expression: Record, **params: Any) -> str:
    """Return the letters of the jobs that match, in order of their age."""
    asked = {"SortBy": "CreationTime", "SortOrder": "Ascending", **params}
    answer = ask(cloud, "Search", Resource="TrainingJob", SearchExpression=expression, **asked)
    return "".join(item["TrainingJob"]["TrainingJobName"][-1] for item in answer["Results"])


COUNT = "ResourceConfig.InstanceCount"


@pytest.mark.parametrize(
    ("name", "operator", "value", "expected"),
    [
        ("TrainingJobName", "Equals", "job-b", "b"),
        ("TrainingJobName", "NotEquals", "job-b", "ac"),
        ("TrainingJobName", "Contains", "job", "abc"),
        ("TrainingJobName", "In", "job-a,job-c", "ac"),
        (COUNT, "GreaterThan", "2", "c"),
        (COUNT, "GreaterThanOrEqualTo", "2", "bc"),
        (COUNT, "LessThan", "2", "a"),
        (COUNT, "LessThanOrEqualTo", "2", "ab"),
        ("CreationTime", "GreaterThan", "2025-12-15T00:00:00Z", "bc"),
        ("EnableNetworkIsolation", "Equals", "true", "c"),
        ("Tags.team", "Equals", "red", "ac"),
        ("InputDataConfig.DataSource.S3DataSource.S3Uri", "Equals", "s3://bucket/b/test", "b"),
        ("TuningJobArn", "NotExists", None, "abc"),
        ("TuningJobArn", "Exists", None, ""),
        ("Tags.team", "Exists", None, "abc"),
    ],
)
def test_every_operator(
    cloud: Cloud, name: str, operator: str, value: str | None, expected: str
) -> None:
    one: Record = {"Name": name, "Operator": operator}
    if value is not None:
        one["Value"] = value
    assert found(cloud, {"Filters": [one]}) == expected


def test_filters_are_joined_by_and_unless_or_is_asked_for(cloud: Cloud) -> None:
    filters = [
        {"Name": "Tags.team", "Value": "red"},
        {"Name": COUNT, "Operator": "GreaterThan", "Value": "1"},
    ]
    assert found(cloud, {"Filters": filters}) == "c"
    assert found(cloud, {"Filters": filters, "Operator": "Or"}) == "abc"


def test_nested_filters_are_about_one_item(cloud: Cloud) -> None:
    prefix = "InputDataConfig"
    uri = f"{prefix}.DataSource.S3DataSource.S3Uri"
    for channel, expected in (("train", "b"), ("test", "")):
        nested = {
            "NestedPropertyName": prefix,
            "Filters": [
                {"Name": f"{prefix}.ChannelName", "Value": channel},
                {"Name": uri, "Value": "s3://bucket/b/train"},
            ],
        }
        assert found(cloud, {"NestedFilters": [nested]}) == expected


def test_sub_expressions_have_their_own_operator(cloud: Cloud) -> None:
    either = {
        "Operator": "Or",
        "Filters": [
            {"Name": "TrainingJobName", "Value": "job-a"},
            {"Name": "TrainingJobName", "Value": "job-b"},
        ],
    }
    red = {"Filters": [{"Name": "Tags.team", "Value": "red"}]}
    assert found(cloud, {"SubExpressions": [either, red]}) == "a"


def test_results_are_whole_sorted_and_paged(cloud: Cloud) -> None:
    first = ask(cloud, "Search", Resource="TrainingJob", MaxResults=2, SortBy=COUNT)
    assert [item["TrainingJob"]["TrainingJobName"] for item in first["Results"]] == [
        "job-c",
        "job-b",
    ]
    assert first["TotalHits"] == {"Value": 3, "Relation": "EqualTo"}
    job = first["Results"][0]["TrainingJob"]
    assert job["Tags"] == [{"Key": "team", "Value": "red"}]
    assert job["ModelArtifacts"]["S3ModelArtifacts"].endswith("job-c/output/model.tar.gz")
    token = first["NextToken"]
    rest = ask(cloud, "Search", Resource="TrainingJob", MaxResults=2, SortBy=COUNT, NextToken=token)
    assert len(rest["Results"]) == 1
    assert "NextToken" not in rest


def test_a_value_that_does_not_fit_the_property_is_refused(cloud: Cloud) -> None:
    wrong = {"Name": COUNT, "Operator": "GreaterThan", "Value": "many"}
    with pytest.raises(Refusal, match="Invalid filter value many"):
        found(cloud, {"Filters": [wrong]})


def test_a_model_is_found_with_its_endpoints_and_monitors(cloud: Cloud) -> None:
    ask(cloud, "CreateModel", ModelName="m", PrimaryContainer={"Image": IMAGE})
    variant = {
        "VariantName": "v",
        "ModelName": "m",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    ask(cloud, "CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=[variant])
    ask(cloud, "CreateEndpoint", EndpointName="e", EndpointConfigName="c")
    result = ask(cloud, "Search", Resource="Model")["Results"][0]["Model"]
    assert result["Model"]["ModelName"] == "m"
    assert [endpoint["EndpointName"] for endpoint in result["Endpoints"]] == ["e"]
    assert result["MonitoringSchedules"] == []


def test_a_resource_whose_records_the_model_lacks_is_refused(cloud: Cloud) -> None:
    with pytest.raises(Refusal, match="does not search ImageVersion"):
        ask(cloud, "Search", Resource="ImageVersion")
