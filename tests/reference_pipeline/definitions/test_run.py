"""The definition runs in an emulated account, and leaves on record what it promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlaudit.emulator import services
from mlaudit.emulator.cloud import Call, Cloud, Record
from mlaudit_reference.definitions.pipeline import definition
from mlaudit_reference.manifest import Manifest

from .conftest import OWN, Filled

Make = Callable[..., Manifest]

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
STARTED = NOW - timedelta(days=1)
PIPELINE = "consumer-credit-training"


class Account:
    """SageMaker of an account with the pipeline in it."""

    def __init__(self, document: Record) -> None:
        self._cloud = Cloud(services.HANDLERS, services.WHOLE, lambda: NOW)
        self(
            "CreatePipeline",
            PipelineName=PIPELINE,
            PipelineDefinition=json.dumps(document),
            ClientRequestToken="t" * 32,
            RoleArn="arn:aws:iam::111122223333:role/PipelineRole",
        )

    def __call__(self, operation: str, **params: Any) -> Record:
        becomes = params.pop("becomes", {})
        who = ("111122223333", "eu-west-1", STARTED, becomes)
        return self._cloud.invoke(Call(self._cloud, "sagemaker", operation, params, *who))

    def run(self, **params: Any) -> dict[str, Record]:
        """Run the pipeline; give the steps by name."""
        token = {"ClientRequestToken": "t" * 32, "PipelineName": PIPELINE}
        arn = self("StartPipelineExecution", **token, **params)["PipelineExecutionArn"]
        listed = self("ListPipelineExecutionSteps", PipelineExecutionArn=arn, SortOrder="Ascending")
        return {step["StepName"]: step for step in listed["PipelineExecutionSteps"]}


@pytest.fixture
def start(make: Make, filled: Filled) -> Callable[..., Account]:
    def start(**settings: Any) -> Account:
        found = definition(make(**settings))
        # Only what is known at deployment is filled in: the rest is for the run.
        return Account(json.loads(_deployed(json.dumps(found), filled)))

    return start


def _deployed(text: str, filled: Filled) -> str:
    found: str = filled(text)
    return found


@pytest.mark.parametrize(
    "settings",
    [
        {"framework": "sklearn"},
        {"framework": "xgboost", "automl": {"enabled": True}},
        {"framework": "pytorch", "training": {"instances": 2}},
        {"framework": "jax", "training": OWN},
    ],
)
def test_every_step_runs(settings: dict[str, Any], start: Callable[..., Account]) -> None:
    steps = start(**settings).run()
    assert {step["StepStatus"] for step in steps.values()} == {"Succeeded"}
    assert list(steps)[-2:] == ["RegisterModel", "RecordLineage"]
    assert ("AutoML" in steps) is ("automl" in settings)


def test_the_version_tells_where_it_comes_from(start: Callable[..., Account]) -> None:
    account = start()
    said = {"CommitId": "0123456789abcdef", "DataVersion": "2026-01", "Trigger": "drift"}
    steps = account.run(
        PipelineParameters=[{"Name": name, "Value": value} for name, value in said.items()]
    )
    package = account(
        "DescribeModelPackage",
        ModelPackageName=steps["RegisterModel"]["Metadata"]["RegisterModel"]["Arn"],
    )
    tuned = steps["Tune"]["Metadata"]["TuningJob"]["Arn"].rpartition("/")[2]
    best = account("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=tuned)[
        "BestTrainingJob"
    ]["TrainingJobName"]
    model = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    assert model == f"s3://a-artifactbucket/training/models/{best}/output/model.tar.gz"
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert package["MetadataProperties"]["CommitId"] == "0123456789abcdef"
    assert package["CustomerMetadataProperties"]["data_version"] == "2026-01"
    assert package["CustomerMetadataProperties"]["trigger"] == "drift"
    assert package["DriftCheckBaselines"].keys() == {
        "Bias", "Explainability", "ModelDataQuality", "ModelQuality",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("gate", "last"), [("CheckData", "DataRefused"), ("CheckModel", "ModelRefused")]
)
def test_a_gate_that_is_not_met_ends_the_run(
    gate: str, last: str, start: Callable[..., Account]
) -> None:
    steps = start().run(becomes={"Steps": {gate: {"Outcome": False}}})
    assert list(steps)[-1] == last
    assert steps[last]["StepStatus"] == "Failed"
    assert "RegisterModel" not in steps


def test_two_runs_write_to_different_places(start: Callable[..., Account]) -> None:
    account = start()
    first, second = account.run(), account.run()
    places = [
        account(
            "DescribeProcessingJob",
            ProcessingJobName=steps["Preprocess"]["Metadata"]["ProcessingJob"]["Arn"].rpartition(
                "/"
            )[2],
        )["ProcessingOutputConfig"]["Outputs"]
        for steps in (first, second)
    ]
    uris = [{each["S3Output"]["S3Uri"] for each in outputs} for outputs in places]
    assert uris[0].isdisjoint(uris[1])
