"""What single collectors make of replies, and that no failure spreads or hides."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import compute, events, jobs, pipelines, serving, streams
from mlaudit.collect.collector import Collector
from mlaudit.model import Gap, GapReason
from mlaudit.resources import (
    BatchJob,
    BatchQueue,
    Endpoint,
    EndpointConfig,
    Fleet,
    Pipeline,
    PipelineRun,
    TrainingJob,
)

REGION = "eu-west-1"
HERE = "eu-west-1:111122223333"
THEN = datetime(2026, 5, 20, 10, tzinfo=UTC)

ENDPOINT = Endpoint(
    arn=f"arn:aws:sagemaker:{HERE}:endpoint/fraud",
    region=REGION,
    name="fraud",
    tags={},
    status="InService",
    config_name="fraud-2",
    variant_names=("main",),
    created_at=THEN,
    modified_at=THEN,
)
JOB = TrainingJob(
    arn=f"arn:aws:sagemaker:{HERE}:training-job/new-job",
    region=REGION,
    name="new-job",
    tags={},
    status="Completed",
    image=None,
    algorithm=None,
    fleets=(Fleet("ml.g5.12xlarge", 2),),
    hyperparameters={},
    inputs=(),
    artifact=None,
    tuning_job_arn=None,
    auto_ml_job_arn=None,
    spot=False,
    checkpoint_uri=None,
    other_data=True,
    shards=False,
    isolated=False,
    in_network=False,
    role=None,
    encrypts_volumes=False,
    encrypts_results=False,
    encrypts_traffic=False,
    debugger=False,
    experiment=None,
    mlflow_arn=None,
    metrics=(),
    created_at=THEN,
    ended_at=THEN,
)
QUEUES = [
    BatchQueue(f"arn:aws:batch:{HERE}:job-queue/{name}", REGION, name, {}, "ENABLED")
    for name in ("one", "two")
]


DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)
GONE = Gap("", "", "ResourceNotFound", GapReason.GONE)


def _subjects(reader: Any) -> list[tuple[str, str | None]]:
    return [(gap.operation.partition(":")[2], gap.subject) for gap in reader.ledger.gaps]


def _run(collector: Collector, reader: Any, *needed: Any) -> list[Any]:
    return list(collector.run(reader, *needed))


def test_a_queue_that_cannot_be_read_does_not_hide_the_next(reader_of: Any, answers: Any) -> None:
    def listed(params: Mapping[str, Any]) -> Any:
        if params["jobQueue"].endswith("one"):
            return DENIED
        return {"jobSummaryList": [{"jobId": "j", "createdAt": THEN.timestamp() * 1000}]}

    api = answers(ListJobs=listed, DescribeJobs={"jobs": [_batch_job({})]})
    reader = reader_of(api)
    assert {each.name for each in _run(compute.batch_jobs, reader, QUEUES)} == {"embed"}
    assert _subjects(reader) == [("ListJobs", QUEUES[0].arn)]


def test_a_bus_that_cannot_be_read_does_not_hide_the_next(reader_of: Any, answers: Any) -> None:
    def rules(params: Mapping[str, Any]) -> Any:
        found = {"Name": "nightly", "Arn": "arn:nightly", "State": "DISABLED"}
        return DENIED if params["EventBusName"] == "one" else {"Rules": [found]}

    buses = [{"Name": name, "Arn": f"arn:{name}"} for name in ("one", "two")]
    reader = reader_of(answers(ListEventBuses={"EventBuses": buses}, ListRules=rules))
    assert [(each.name, each.enabled) for each in _run(events.rules, reader, [])] == [
        ("nightly", False)
    ]
    assert _subjects(reader) == [("ListRules", "arn:one")]


@pytest.mark.parametrize("failure", [DENIED, GONE])
def test_a_shared_configuration_that_cannot_be_read_is_a_gap_of_each_endpoint(
    failure: Gap, reader_of: Any, answers: Any
) -> None:
    endpoints = [replace(ENDPOINT, arn=f"arn:{name}", name=name) for name in "ab"]
    reader = reader_of(answers(DescribeEndpointConfig=failure))
    assert list(_run(serving.endpoint_configs, reader, endpoints, [])) == []
    assert _subjects(reader) == [
        ("DescribeEndpointConfig", "arn:a"),
        ("DescribeEndpointConfig", "arn:b"),
    ]


@pytest.mark.parametrize(
    ("definition", "gaps"),
    [
        ('{"States": {}}', []),
        ("garbage", [("DescribeStateMachine", "arn:m")]),
        ("[" * 100_000, [("DescribeStateMachine", "arn:m")]),
    ],
    ids=["good", "garbage", "deep"],
)
def test_a_definition_that_is_not_understood_is_a_gap(
    definition: str, gaps: list[Any], reader_of: Any, answers: Any
) -> None:
    api = answers(
        ListStateMachines={"stateMachines": [{"stateMachineArn": "arn:m"}]},
        DescribeStateMachine={"name": "m", "definition": definition, "creationDate": THEN},
    )
    reader = reader_of(api)
    (machine,) = _run(pipelines.state_machines, reader, [])
    assert (machine.steps, _subjects(reader)) == ((), gaps)


RUN = {
    "PipelineArn": "arn:p",
    "PipelineExecutionArn": "arn:r",
    "PipelineExecutionStatus": "Succeeded",
    "CreationTime": THEN,
}
LISTED_RUN = {
    "PipelineExecutionArn": "arn:listed",
    "PipelineExecutionStatus": "Succeeded",
    "StartTime": THEN,
}


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ([RUN], {"arn:r"}),
        ([], {"arn:listed"}),
        ([RUN, {}], {"arn:listed"}),
        ([RUN, {"PipelineArn": "arn:p"}], {"arn:listed"}),
        (DENIED, {"arn:listed"}),
    ],
    ids=["found", "none", "empty result", "incomplete result", "denied"],
)
def test_runs_are_searched_or_listed(
    results: Any, found: set[str], reader_of: Any, answers: Any
) -> None:
    searched = (
        results
        if results is DENIED
        else {"Results": [{"PipelineExecution": each} for each in results]}
    )
    listed = {"PipelineExecutionSummaries": [LISTED_RUN]}
    reader = reader_of(answers(Search=searched, ListPipelineExecutions=listed))
    pipeline = Pipeline("arn:p", REGION, "p", {}, "Active", (), THEN, THEN)
    assert {each.arn for each in _run(pipelines.pipeline_runs, reader, [pipeline])} == found
    assert reader.ledger.gaps == []


def _batch_job(parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "jobArn": "arn:j",
        "jobName": "embed",
        "status": "FAILED",
        "jobQueue": "arn:q",
        "jobDefinition": "arn:d",
        "createdAt": THEN.timestamp() * 1000,
        **parts,
    }


GPU = [{"type": "GPU", "value": "4"}, {"type": "MEMORY", "value": "8192"}]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, (None, 1, 0)),
        ({"container": {"image": "a", "resourceRequirements": GPU}}, ("a", 1, 4)),
        (
            {
                "nodeProperties": {
                    "numNodes": 3,
                    "nodeRangeProperties": [
                        {"container": {"image": "a", "resourceRequirements": GPU}}
                    ],
                }
            },
            ("a", 3, 4),
        ),
        (
            {
                "ecsProperties": {
                    "taskProperties": [
                        {"containers": [{"image": "a", "resourceRequirements": GPU}]}
                    ]
                }
            },
            ("a", 1, 4),
        ),
        (
            {
                "eksProperties": {
                    "podProperties": {
                        "containers": [
                            {"image": "a", "resources": {"limits": {"nvidia.com/gpu": "2"}}}
                        ]
                    }
                }
            },
            ("a", 1, 2),
        ),
    ],
    ids=["bare", "container", "many nodes", "ecs", "eks"],
)
def test_batch_jobs_of_every_platform(
    parts: dict[str, Any], expected: tuple[str | None, int, int], reader_of: Any, answers: Any
) -> None:
    summary = {"jobId": "j", "createdAt": THEN.timestamp() * 1000}
    api = answers(
        ListJobs={"jobSummaryList": [summary]}, DescribeJobs={"jobs": [_batch_job(parts)]}
    )
    found: list[BatchJob] = list(_run(compute.batch_jobs, reader_of(api), QUEUES[:1]))
    assert {(each.image, each.nodes, each.gpus) for each in found} == {expected}


def test_a_configuration_is_mapped_whole(account: Any, reader_of: Any) -> None:
    found = list(_run(serving.endpoint_configs, reader_of(account), [ENDPOINT], []))
    config, unused = found
    assert isinstance(config, EndpointConfig)
    main, parts = config.variants
    assert (main.instance_type, main.instance_count, main.weight) == ("ml.m5.large", 2, 1.0)
    assert (main.managed_scaling, main.managed_min, main.managed_max) == (True, 1, 4)
    assert parts.model_name is None
    assert [each.serverless_concurrency for each in config.shadow_variants] == [5]
    assert config.data_capture
    assert config.data_capture.modes == ("Input", "Output")
    assert config.data_capture.sampling_percent == 50
    assert (config.asynchronous, unused.name) == (False, "fraud-1")


def test_a_transform_job_is_mapped_whole(account: Any, reader_of: Any) -> None:
    (job,) = _run(jobs.transform_jobs, reader_of(account), [])
    assert (job.inputs, job.output) == (("s3://fraud-data/batch",), "s3://fraud-data/scores")
    assert (job.input_filter, job.output_filter) == ("$[1:]", "$[0]")
    assert (job.joins_input, job.captures) == (True, True)


def test_a_tuning_job_knows_the_machines_of_all_its_definitions(
    account: Any, reader_of: Any
) -> None:
    (job,) = _run(jobs.tuning_jobs, reader_of(account), [])
    assert job.instance_types == ("ml.c5.large", "ml.m5.large")
    assert (job.strategy, job.best_training_job_arn) == ("Bayesian", JOB.arn)


def test_fleets_of_a_mixed_cluster_are_kept_apart(account: Any, reader_of: Any) -> None:
    result = account.reply_to("sagemaker:Search", Resource="TrainingJob")["Results"][0]
    result["TrainingJob"]["ResourceConfig"] = {
        "InstanceGroups": [
            {"InstanceType": "ml.g5.xlarge", "InstanceCount": 2, "InstanceGroupName": "a"},
            {"InstanceType": "ml.c5.xlarge", "InstanceCount": 1, "InstanceGroupName": "b"},
        ]
    }
    (job,) = _run(jobs.training_jobs, reader_of(account), [], [])
    assert job.fleets == (Fleet("ml.g5.xlarge", 2), Fleet("ml.c5.xlarge", 1))
    assert job.instances == 3


def test_final_metrics_are_kept_by_their_names(account: Any, reader_of: Any) -> None:
    result = account.reply_to("sagemaker:Search", Resource="TrainingJob")["Results"][0]
    metrics = [{"MetricName": "validation:auc", "Value": 0.9}, {"MetricName": "loss"}, {}]
    result["TrainingJob"]["FinalMetricDataList"] = metrics
    (job,) = _run(jobs.training_jobs, reader_of(account), [], [])
    assert job.metrics == ("loss", "validation:auc")


def test_steps_of_a_run_say_what_they_made(account: Any, reader_of: Any) -> None:
    run = PipelineRun("arn:r", REGION, "arn:p", "Succeeded", THEN, THEN)
    found = list(_run(pipelines.run_steps, reader_of(account), [run], []))
    assert [(each.arn, each.kind, each.made_arn) for each in found] == [
        ("arn:r#Train", "training", JOB.arn),
        ("arn:r#Notify", "lambda", f"arn:aws:lambda:{HERE}:function:notify"),
    ]


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"TrainingJob": {"Arn": "arn:j"}}, (None, None, ())),
        (
            {
                "QualityCheck": {
                    "CheckType": "DATA_QUALITY",
                    "SkipCheck": False,
                    "BaselineUsedForDriftCheckConstraints": "s3://b/old.json",
                    "CalculatedBaselineConstraints": "s3://b/constraints.json",
                    "CalculatedBaselineStatistics": "s3://b/statistics.json",
                    "ViolationReport": "s3://b/report.json",
                }
            },
            (
                "DATA_QUALITY",
                "s3://b/old.json",
                ("s3://b/constraints.json", "s3://b/statistics.json"),
            ),
        ),
        (
            {
                "ClarifyCheck": {
                    "CheckType": "MODEL_EXPLAINABILITY",
                    "SkipCheck": True,
                    "BaselineUsedForDriftCheckConstraints": "s3://b/old.json",
                }
            },
            ("MODEL_EXPLAINABILITY", None, ()),
        ),
    ],
)
def test_a_step_that_checks_says_what_and_against_what(
    metadata: dict[str, Any], expected: Any, reader_of: Any, answers: Any
) -> None:
    record = {"StepName": "Check", "StepStatus": "Succeeded", "Metadata": metadata}
    api = answers(ListPipelineExecutionSteps={"PipelineExecutionSteps": [record]})
    run = PipelineRun("arn:r", REGION, "arn:p", "Succeeded", THEN, THEN)
    (found,) = _run(pipelines.run_steps, reader_of(api), [run], [])
    assert (found.checks, found.baseline, found.results) == expected


def test_only_the_newest_runs_of_a_pipeline_have_their_steps_read(
    reader_of: Any, answers: Any
) -> None:
    api = answers()
    runs = [PipelineRun(f"arn:{n:02}", REGION, "arn:p", "Succeeded", THEN, THEN) for n in range(15)]
    list(_run(pipelines.run_steps, reader_of(api), runs, []))
    assert {params["PipelineExecutionArn"] for _, params in api.asked} == {
        f"arn:{n:02}" for n in range(5, 15)
    }


def test_an_api_called_by_a_schedule_names_what_it_starts(account: Any, reader_of: Any) -> None:
    (schedule,) = _run(events.schedules, reader_of(account), [])
    assert schedule.targets == (
        "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution",
        f"arn:aws:sagemaker:{HERE}:pipeline/fraud",
    )


def test_functions_name_endpoints_and_nothing_else(account: Any, reader_of: Any) -> None:
    reader = reader_of(account)
    score, sealed = _run(streams.functions, reader, [ENDPOINT], [])
    assert (score.endpoint_names, score.traced) == (("fraud",), True)
    assert sealed.endpoint_names == ()
    assert _subjects(reader) == [("ListFunctions", sealed.arn)]


def test_a_mapping_is_of_the_function_and_not_of_its_alias(account: Any, reader_of: Any) -> None:
    (mapping,) = _run(streams.event_source_mappings, reader_of(account))
    assert mapping.function_arn == f"arn:aws:lambda:{HERE}:function:score"
