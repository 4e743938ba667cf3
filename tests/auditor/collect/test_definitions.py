"""Definitions of pipelines and state machines, as steps; anything else is a ValueError."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlaudit.collect.definitions import pipeline_steps, state_machine_steps
from mlaudit.resources import Step

PIPELINE = {
    "Version": "2020-12-01",
    "Parameters": [{"Name": "Machine", "Type": "String"}],
    "Steps": [
        {
            "Name": "Prepare",
            "Type": "Processing",
            "Arguments": {
                "AppSpecification": {"ImageUri": "prepare:1"},
                "ProcessingInputs": [{"S3Input": {"S3Uri": {"Get": "Parameters.Input"}}}],
                "Environment": {"TOKEN": "hunter2"},
            },
        },
        {
            "Name": "Tune",
            "Type": "Tuning",
            "DependsOn": ["Prepare"],
            "Arguments": {
                "HyperParameterTuningJobConfig": {"Strategy": "Bayesian"},
                "TrainingJobDefinition": {
                    "AlgorithmSpecification": {"TrainingImage": "fraud:2"},
                    "ResourceConfig": {"InstanceType": {"Get": "Parameters.Machine"}},
                },
            },
        },
        {
            "Name": "Judge",
            "Type": "Condition",
            "Arguments": {
                "Conditions": [
                    {
                        "LeftValue": {
                            "Std:JsonGet": {
                                "PropertyFile": {"Get": "Steps.Tune.PropertyFiles.Report"},
                                "Path": "auc",
                            }
                        }
                    }
                ],
                "IfSteps": [
                    {
                        "Name": "Inner",
                        "Type": "Condition",
                        "Arguments": {
                            "IfSteps": [
                                {
                                    "Name": "Register",
                                    "Type": "RegisterModel",
                                    "Arguments": {
                                        "ModelDataUrl": {
                                            "Std:Join": {
                                                "On": "/",
                                                "Values": [{"Get": "Steps.Tune.Artifact"}],
                                            }
                                        }
                                    },
                                }
                            ],
                            "ElseSteps": [],
                        },
                    }
                ],
                "ElseSteps": [
                    {
                        "Name": "Tell",
                        "Type": "Lambda",
                        "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:tell",
                        "Arguments": {"who": {"Get": "Execution.PipelineName"}},
                    }
                ],
            },
        },
    ],
}


def _steps(steps: tuple[Step, ...]) -> dict[str, Step]:
    return {each.name: each for each in steps}


@pytest.fixture
def pipeline() -> dict[str, Step]:
    return _steps(pipeline_steps(json.dumps(PIPELINE)))


def test_steps_of_conditions_are_steps_of_the_pipeline(pipeline: dict[str, Step]) -> None:
    assert {name: step.kind for name, step in pipeline.items()} == {
        "Prepare": "processing",
        "Tune": "tuning",
        "Judge": "condition",
        "Inner": "condition",
        "Register": "registermodel",
        "Tell": "lambda",
    }


def test_order_comes_from_dependencies_references_and_conditions(
    pipeline: dict[str, Step],
) -> None:
    assert {name: step.after for name, step in pipeline.items()} == {
        "Prepare": (),
        "Tune": ("Prepare",),
        "Judge": ("Tune",),
        "Inner": ("Judge",),
        "Register": ("Inner", "Tune"),
        "Tell": ("Judge",),
    }


def test_parameters_are_those_a_step_uses_itself(pipeline: dict[str, Step]) -> None:
    assert pipeline["Prepare"].parameters == ("Input",)
    assert pipeline["Tune"].parameters == ("Machine",)
    assert pipeline["Judge"].parameters == ()


def test_images_and_strategies_are_kept_where_literal(pipeline: dict[str, Step]) -> None:
    assert (pipeline["Prepare"].image, pipeline["Tune"].image) == ("prepare:1", "fraud:2")
    assert (pipeline["Tune"].strategy, pipeline["Prepare"].strategy) == ("Bayesian", None)


def test_a_function_named_beside_the_arguments_is_referred_to(pipeline: dict[str, Step]) -> None:
    function = ("arn:aws:lambda:eu-west-1:111122223333:function:tell",)
    assert (pipeline["Tell"].refers_to, pipeline["Judge"].refers_to) == (function, ())


def test_nothing_else_of_a_pipeline_is_kept(pipeline: dict[str, Step]) -> None:
    assert "hunter2" not in repr(pipeline)


MACHINE = {
    "StartAt": "Prepare",
    "States": {
        "Prepare": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sagemaker:createProcessingJob.sync",
            "Parameters": {"Environment": {"TOKEN": "hunter2"}},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Tell"}],
            "Next": "Both",
        },
        "Both": {
            "Type": "Parallel",
            "Next": "Each",
            "Branches": [
                {
                    "StartAt": "Train",
                    "States": {
                        "Train": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
                            "Parameters": {"AlgorithmSpecification": {"TrainingImage": "fraud:2"}},
                            "End": True,
                        }
                    },
                }
            ],
        },
        "Each": {
            "Type": "Map",
            "Next": "Good",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "States": {
                    "Embed": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::batch:submitJob.sync",
                        "Arguments": {
                            "JobQueue": "arn:aws:batch:eu-west-1:111122223333:job-queue/gpu"
                        },
                    }
                },
            },
        },
        "Good": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.auc", "NumericGreaterThan": 0.9, "Next": "Deploy"}],
            "Default": "Tell",
        },
        "Deploy": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sagemaker:updateEndpoint",
            "Next": "Prepare",
        },
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:tell",
            "End": True,
        },
    },
}


@pytest.fixture
def machine() -> dict[str, Step]:
    return _steps(state_machine_steps(json.dumps(MACHINE)))


def test_tasks_and_choices_of_branches_and_maps_are_steps(machine: dict[str, Step]) -> None:
    assert {name: step.kind for name, step in machine.items()} == {
        "Prepare": "processing",
        "Train": "training",
        "Embed": "batch",
        "Good": "condition",
        "Deploy": "endpoint",
        "Tell": "lambda",
    }


def test_order_follows_choices_and_catches_also_around_a_cycle(machine: dict[str, Step]) -> None:
    around = {"Both", "Deploy", "Each", "Good", "Prepare"}
    assert {name: set(step.after) for name, step in machine.items()} == {
        "Prepare": around - {"Prepare"},
        "Train": around - {"Both"},
        "Embed": around - {"Each"},
        "Good": around - {"Good"},
        "Deploy": around - {"Deploy"},
        "Tell": around,
    }


def test_an_older_map_has_an_iterator() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"}
    states = {"Each": {"Type": "Map", "Iterator": {"States": {"Call": task}}}}
    assert [each.name for each in state_machine_steps(json.dumps({"States": states}))] == ["Call"]


def test_what_tasks_use_is_referred_to(machine: dict[str, Step]) -> None:
    assert machine["Embed"].refers_to == (
        "arn:aws:batch:eu-west-1:111122223333:job-queue/gpu",
        "arn:aws:states:::batch:submitJob.sync",
    )
    assert machine["Train"].image == "fraud:2"
    assert "hunter2" not in repr(machine)


def test_an_arn_inside_a_text_ends_with_the_text() -> None:
    function = "arn:aws:lambda:eu-west-1:111122223333:function:tell"
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:scheduler:createSchedule",
        "Parameters": {
            "Input": json.dumps({"to": function, "token": "hunter2"}),
            "x": f"{function},b",
        },
    }
    (step,) = state_machine_steps(json.dumps({"States": {"Call": task}}))
    assert step.refers_to == (function, "arn:aws:states:::aws-sdk:scheduler:createSchedule")


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ("arn:aws:states:::sagemaker:createTransformJob.sync", "transform"),
        ("arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync", "tuning"),
        ("arn:aws-us-gov:states:::aws-sdk:sagemaker:createModelPackage", "registermodel"),
        ("arn:aws:states:::aws-sdk:sagemaker:startPipelineExecution", "pipeline"),
        ("arn:aws:states:::aws-sdk:sagemakerruntime:invokeEndpoint", "inference"),
        ("arn:aws:states:::aws-sdk:sagemakerruntime:invokeEndpointAsync", "inference"),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", "lambda"),
        ("arn:aws:states:::states:startExecution.sync:2", "workflow"),
        ("arn:aws:states:::aws-sdk:sfn:startExecution", "workflow"),
        ("arn:aws:states:::aws-sdk:apigateway:createModel", "createmodel"),
        ("arn:aws:states:::http:invoke", "invoke"),
        ("arn:aws:states:eu-west-1:111122223333:activity:createModel", "activity"),
        ("", ""),
    ],
)
def test_kind_of_a_task(resource: str, kind: str) -> None:
    task = {"Type": "Task", "Resource": resource}
    (step,) = state_machine_steps(json.dumps({"States": {"Call": task}}))
    assert step.kind == kind


def _only_value_errors(parse: Callable[[str], Any], text: str) -> None:
    try:
        parse(text)
    except ValueError:
        return


DEEP = 100_000
GARBAGE = [
    "",
    "not json",
    "[]",
    "null",
    "7",
    "{}",
    '{"Steps": {}}',
    '{"Steps": [7]}',
    '{"Steps": [{}]}',
    '{"Steps": [{"Name": "a", "Arguments": [1]}]}',
    '{"Steps": [{"Name": "a", "DependsOn": 7}]}',
    '{"Steps": [{"Name": "a", "Arguments": {"IfSteps": "no"}}]}',
    '{"States": []}',
    '{"States": {"a": 7}}',
    '{"States": {"a": {"Type": "Map", "ItemProcessor": 7}}}',
    '{"States": {"a": {"Type": "Parallel", "Branches": "no"}}}',
    '{"States": {"a": {"Type": "Parallel", "Branches": [{"States": [1]}]}}}',
    '{"States": {"a": {"Type": "Choice", "Choices": [7]}}}',
    "[" * DEEP,
    '{"Steps": [{"Name": "a", "Arguments": ' + '{"x":' * DEEP + "1" + "}" * DEEP + "}]}",
]


@pytest.mark.parametrize("parse", [pipeline_steps, state_machine_steps])
@pytest.mark.parametrize("text", GARBAGE, ids=lambda text: text[:60])
def test_garbage_is_refused_with_a_value_error(parse: Callable[[str], Any], text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.parametrize("depth", [100, 400, 900, 2000])
def test_nesting_that_json_still_reads_is_read_or_refused(depth: int) -> None:
    arguments = '{"x":' + "[" * depth + "]" * depth + "}"
    _only_value_errors(pipeline_steps, f'{{"Steps": [{{"Name": "a", "Arguments": {arguments}}}]}}')
    task = f'{{"Type": "Task", "Parameters": {arguments}}}'
    _only_value_errors(state_machine_steps, f'{{"States": {{"a": {task}}}}}')


def test_harmless_oddities_are_read() -> None:
    assert pipeline_steps('{"Steps": []}') == ()
    assert state_machine_steps('{"States": {"a": {"Type": "Task", "Next": ["b"]}}}')
    assert pipeline_steps('{"Steps": [{"Name": "a", "Arguments": {"x": {"Get": "Steps"}}}]}')
    assert pipeline_steps('{"Steps": [{"Name": "a", "Arguments": {"x": {"Get": ["Steps"]}}}]}')


NAMES = some.sampled_from(
    ["Steps", "States", "Arguments", "Parameters", "IfSteps", "Branches", "Choices", "Catch", "Get",
     "Next", "Type", "Name", "Resource", "DependsOn", "ItemProcessor", "Task", "a", "Steps.a"]
)  # fmt: skip
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | NAMES,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(some.dictionaries(NAMES, JSON, max_size=3))
def test_any_json_is_read_or_refused_with_a_value_error(document: dict[str, Any]) -> None:
    _only_value_errors(pipeline_steps, json.dumps(document))
    _only_value_errors(state_machine_steps, json.dumps(document))


def test_a_machine_of_many_states_is_read_in_reasonable_time() -> None:
    states = {
        f"s{n}": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": f"s{n + 1}"}
        for n in range(600)
    }
    steps = _steps(state_machine_steps(json.dumps({"States": states})))
    assert len(steps["s599"].after) == 599
