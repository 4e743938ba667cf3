"""Delivery pipelines, as clients see them."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

SOURCE = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
DECLARED = {
    "name": "release",
    "roleArn": "arn:aws:iam::123456789012:role/ml",
    "artifactStore": {"type": "S3", "location": "bucket"},
    "stages": [{"name": "Source", "actions": [{"name": "s", "actionTypeId": SOURCE}]}],
}
TAGS = [{"key": "team", "value": "ml"}]


def test_a_pipeline_is_found_with_its_executions(client: Callable[..., Any]) -> None:
    delivery = client("codepipeline")
    delivery.create_pipeline(pipeline=DECLARED, tags=TAGS)
    assert [each["name"] for each in delivery.list_pipelines()["pipelines"]] == ["release"]
    found = delivery.get_pipeline(name="release")
    arn = found["metadata"]["pipelineArn"]
    assert found["pipeline"]["stages"] == DECLARED["stages"]
    assert delivery.list_tags_for_resource(resourceArn=arn)["tags"] == TAGS
    ids = [
        delivery.start_pipeline_execution(name="release")["pipelineExecutionId"] for _ in range(2)
    ]
    runs = delivery.list_pipeline_executions(pipelineName="release")["pipelineExecutionSummaries"]
    assert {each["pipelineExecutionId"] for each in runs} == set(ids)
    assert {each["status"] for each in runs} == {"Succeeded"}
    tagged = client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "team"}])
    assert [each["ResourceARN"] for each in tagged["ResourceTagMappingList"]] == [arn]


def test_a_name_is_used_once_and_an_unknown_one_refused(client: Callable[..., Any]) -> None:
    delivery = client("codepipeline")
    delivery.create_pipeline(pipeline=DECLARED)
    with pytest.raises(ClientError, match="PipelineNameInUse"):
        delivery.create_pipeline(pipeline=DECLARED)
    with pytest.raises(ClientError, match="PipelineNotFound"):
        delivery.get_pipeline(name="other")
