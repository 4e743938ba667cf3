"""What trains: a SageMaker pipeline or a state machine, as seen by what starts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.manifest import Engine, Manifest
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.language import Properties, allow, arn
from mlaudit_reference.templates.machines import RETRY, State, call, caught

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
        starting: What starts a run, with the arguments.
        actions: What listing and starting take.
    """

    path: tuple[str, str]
    listing: tuple[str, Mapping[str, Any]]
    runs: tuple[str, str, str]
    running: str
    succeeded: str
    starting: tuple[str, Mapping[str, Any]]
    actions: tuple[str, ...]

    def arn(self, manifest: Manifest) -> Properties:
        """Its ARN, by the name that the system gives it."""
        service, rest = self.path
        return arn(service, f"{rest}{names.training_pipeline(manifest)}")

    def may(self, manifest: Manifest) -> list[Properties]:
        """Permission to list its runs and to start one."""
        return [allow(self.actions, [self.arn(manifest)]), *shared.use_key(manifest)]

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

    def train(self) -> State:
        """The state that starts training."""
        what, arguments = self.starting
        return call(what, dict(arguments), Catch=caught("Tell"), End=True)


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
    starting=(
        "aws-sdk:sagemaker:startPipelineExecution",
        {
            "PipelineName": "${Training}",
            "PipelineExecutionDisplayName": "{% $why %}",
            "PipelineExecutionDescription": WHY,
            "ClientRequestToken": "{% $uuid() %}",
        },
    ),
    actions=("sagemaker:ListPipelineExecutions", "sagemaker:StartPipelineExecution"),
)
STATE_MACHINE = Trainer(
    path=("states", "stateMachine:"),
    listing=("aws-sdk:sfn:listExecutions", {"StateMachineArn": "${Training}", "MaxResults": 20}),
    runs=("Executions", "Status", "StartDate"),
    running="RUNNING",
    succeeded="SUCCEEDED",
    starting=(
        "states:startExecution",
        {"StateMachineArn": "${Training}", "Input": {"why": "{% $why %}", "of": "{% $of %}"}},
    ),
    actions=("states:ListExecutions", "states:StartExecution"),
)


def trainer(manifest: Manifest) -> Trainer:
    """What trains a system; Airflow starts by itself what it trains, and is none of them."""
    return STATE_MACHINE if manifest.engine is Engine.STEP_FUNCTIONS else PIPELINE
