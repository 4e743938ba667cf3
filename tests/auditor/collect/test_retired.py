"""What is read of services that AWS retires."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import jobs, serving
from mlaudit.resources import Endpoint, EndpointConfig, TrainingJob
from mlaudit.testing import build

RULE = {"RuleConfigurationName": "loss", "RuleEvaluatorImage": "r"}
PROFILER = {"S3OutputPath": "s3://b/p"}


@pytest.mark.parametrize(
    ("parts", "watched"),
    [
        ({"DebugRuleConfigurations": [RULE]}, True),
        ({"ProfilerConfig": PROFILER}, True),
        ({"ProfilerConfig": {**PROFILER, "DisableProfiler": True}}, False),
        ({"DebugRuleConfigurations": [], "ProfilerConfig": {}}, False),
        ({}, False),
    ],
)
def test_a_training_job_is_watched_by_rules_or_by_profiling(
    parts: dict[str, Any], *, watched: bool, account: Any, reader_of: Any
) -> None:
    result = account.reply_to("sagemaker:Search", Resource="TrainingJob")["Results"][0]
    result["TrainingJob"].update(parts)
    (job,) = jobs.training_jobs.run(reader_of(account), [], [])
    assert isinstance(job, TrainingJob)
    assert job.debugger is watched


@pytest.mark.parametrize(
    ("parts", "explains"),
    [
        ({"ExplainerConfig": {"ClarifyExplainerConfig": {"ShapConfig": {}}}}, True),
        ({"ExplainerConfig": {}}, False),
        ({}, False),
    ],
)
def test_a_configuration_may_explain_answers(
    parts: dict[str, Any], *, explains: bool, reader_of: Any, answers: Any
) -> None:
    record = {
        "EndpointConfigArn": "arn:c",
        "EndpointConfigName": "e",
        "CreationTime": datetime(2026, 5, 20, tzinfo=UTC),
        **parts,
    }
    api = answers(DescribeEndpointConfig=record, ListEndpointConfigs={"EndpointConfigs": []})
    (found,) = serving.endpoint_configs.run(
        reader_of(api), [build(Endpoint, "e", config_name="e")], []
    )
    assert isinstance(found, EndpointConfig)
    assert found.explains is explains
