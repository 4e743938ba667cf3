"""What trains: a SageMaker pipeline or a state machine, as seen by what starts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.manifest import Engine, Manifest
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import Properties, allow, arn
from mlaudit_reference.templates.machines import RETRY, State, States, call, caught, choose

WHY = "{% 'Started for ' & $why & ' by ' & $of %}"


@dataclass(frozen=True)
class Trainer:
    """How an engine is asked for its runs, and told to train.

    Attributes:
        path: Its ARN without partition, region and account: service and rest.
        listing: What lists its newest runs, with the arguments.
        runs: Where in the answer the runs are, and what they call their status and their start.
        running: The status of a run that goes on.
        succeeded: The status of a run that ended well.
        starting: What starts a run, and what makes its arguments of what the run is told.
        actions: What listing and starting take.
    """

    path: tuple[str, str]
    listing: tuple[str, Mapping[str, Any]]
    runs: tuple[str, str, str]
    running: str
    succeeded: str
    starting: tuple[str, Callable[[Mapping[str, str]], State]]
    actions: tuple[str, ...]

    def arn(self, manifest: Manifest) -> Properties:
        """Its ARN, by the name that the system gives it."""
        service, rest = self.path
        return arn(service, f"{rest}{names.training_pipeline(manifest)}")

    def may(self, manifest: Manifest) -> list[Properties]:
        """Permission to list its runs and to start one."""
        found = [allow(self.actions, [self.arn(manifest)]), *shared.use_key(manifest)]
        if manifest.training.incremental:
            group = names.model_group(manifest)
            found += [
                allow(
                    ("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"),
                    [
                        arn("sagemaker", f"model-package/{group}/*"),
                        arn("sagemaker", f"model-package-group/{group}"),
                    ],
                )
            ]
        return found

    def look(self, then: str) -> State:
        """The first state: it keeps why training is to start, and what is known of earlier runs."""
        what, arguments = self.listing
        members, status, start = self.runs
        runs = f"$states.result.{members}"
        began = f"$toMillis({start})"
        good = f"{runs}[{status} in ['{self.running}', '{self.succeeded}']]"
        assigned = {
            "why": "{% $states.input.why %}",
            "of": "{% $exists($states.input.of) ? $states.input.of : 'somebody' %}",
            "running": f"{{% $count({runs}[{status} = '{self.running}']) %}}",
            "rested": f"{{% $count({runs}) = 0 ? 100000 : "
            f"($millis() - $max({runs}.{began})) / 3600000 %}}",
            "since": f"{{% $count({good}) = 0 ? 0 : $max({good}.{began}) %}}",
            "new": 0,
            "token": "",
        }
        return call(
            what, dict(arguments), Assign=assigned, Retry=RETRY, Catch=caught("Tell"), Next=then
        )

    def train(self, manifest: Manifest) -> States:
        """The states that start training, the first of them called ``Train``."""
        what, arguments = self.starting
        told = {"Trigger": "{% $why %}"}
        if manifest.training.cache_days:
            # Steps that have seen this state of the data are not run again; now is a new one.
            told["DataVersion"] = "{% $states.context.Execution.StartTime %}"
        if not manifest.training.incremental:
            return {"Train": call(what, arguments(told), Catch=caught("Tell"), End=True)}
        told["PreviousModel"] = "{% $previous %}"
        last = call(what, arguments(told), Catch=caught("Tell"), End=True)
        return {**_previous(manifest, "Train on it"), "Train on it": last}


def _previous(manifest: Manifest, then: str) -> States:
    """Find the newest approved model, for training to go on from."""
    return {
        "Train": call(
            "aws-sdk:sagemaker:listModelPackages",
            {
                "ModelPackageGroupName": names.model_group(manifest),
                "ModelApprovalStatus": "Approved",
                "SortBy": "CreationTime",
                "SortOrder": "Descending",
                "MaxResults": 1,
            },
            Assign={
                "version": "{% $exists($states.result.ModelPackageSummaryList[0]) "
                "? $states.result.ModelPackageSummaryList[0].ModelPackageArn : '' %}",
                "cause": "no approved version to go on from",
            },
            Retry=RETRY,
            Catch=caught("Tell"),
            Next="Is there one",
        ),
        "Is there one": choose(("$version = ''", "Tell"), otherwise="Read it"),
        "Read it": call(
            "aws-sdk:sagemaker:describeModelPackage",
            {"ModelPackageName": "{% $version %}"},
            Assign={
                "previous": "{% $states.result.InferenceSpecification.Containers[0].ModelDataUrl %}"
            },
            Retry=RETRY,
            Catch=caught("Tell"),
            Next=then,
        ),
    }


def _execution(told: Mapping[str, str]) -> State:
    return {
        "PipelineName": "${Training}",
        "PipelineExecutionDisplayName": "{% $why %}",
        "PipelineExecutionDescription": WHY,
        "PipelineParameters": [{"Name": name, "Value": value} for name, value in told.items()],
        "ClientRequestToken": "{% $uuid() %}",
    }


def _run(told: Mapping[str, str]) -> State:
    return {"StateMachineArn": "${Training}", "Input": {**told, "why": "{% $why %}", "of": WHY}}


PIPELINE = Trainer(
    path=("sagemaker", "pipeline/"),
    listing=(
        "aws-sdk:sagemaker:listPipelineExecutions",
        {
            "PipelineName": "${Training}",
            "SortBy": "CreationTime",
            "SortOrder": "Descending",
            "MaxResults": 20,
        },
    ),
    runs=("PipelineExecutionSummaries", "PipelineExecutionStatus", "StartTime"),
    running="Executing",
    succeeded="Succeeded",
    starting=("aws-sdk:sagemaker:startPipelineExecution", _execution),
    actions=("sagemaker:ListPipelineExecutions", "sagemaker:StartPipelineExecution"),
)
STATE_MACHINE = Trainer(
    path=("states", "stateMachine:"),
    listing=("aws-sdk:sfn:listExecutions", {"StateMachineArn": "${Training}", "MaxResults": 20}),
    runs=("Executions", "Status", "StartDate"),
    running="RUNNING",
    succeeded="SUCCEEDED",
    starting=("states:startExecution", _run),
    actions=("states:ListExecutions", "states:StartExecution"),
)


def trainer(manifest: Manifest) -> Trainer:
    """What trains a system; Airflow starts by itself what it trains, and is none of them."""
    return STATE_MACHINE if manifest.engine is Engine.STEP_FUNCTIONS else PIPELINE
