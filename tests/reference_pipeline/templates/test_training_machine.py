"""The training pipeline as a state machine, played from its input to a registered version."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

from mlaudit_reference.definitions.steps import Gate, Kind, steps_of, walk
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import training

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]
Played = Callable[..., dict[str, Any]]

GOOD = {"metrics": {"auc": {"value": 0.8}}, "bias": {"max_abs_dppl": 0.1}}
STATISTICS = '{"version": 0.0, "dataset": {"item_count": %d}, "features": [{"na'


def answers(evaluation: Any = None, records: int = 100_000) -> dict[str, list[Any]]:
    return {
        "ReadDataStatistics": [{"Body": STATISTICS % records}],
        "ReadEvaluation": [{"Body": json.dumps(evaluation or GOOD)}],
        "Train": [{"ModelArtifacts": {"S3ModelArtifacts": "s3://b/one/model.tar.gz"}}],
        "Tune": [{"BestTrainingJob": {"TrainingJobName": "best"}}],
        "RecordLineage1": [{"ActionArn": "arn:run"}],
        **{f"RecordLineage{n}": [{"ArtifactArn": f"arn:artifact-{n}"}] for n in (2, 3, 4, 5)},
    }


@pytest.fixture
def train(make: Make, definition: Read, play: Played) -> Callable[..., dict[str, Any]]:
    """Play the machine with an input and what the reports say."""

    def train(given: Any = None, said: Any = None, **settings: Any) -> dict[str, Any]:
        manifest = make(engine="step-functions", **settings)
        machine = definition(training.STACK, manifest, "Machine")
        return play(machine, given or {}, said or answers())

    return train


def calls(played: dict[str, Any]) -> dict[str, Any]:
    return {each["state"]: each["arguments"] for each in played["calls"]}


def test_the_machine_has_a_state_for_every_step(make: Make, definition: Read) -> None:
    manifest = make(engine="step-functions", automl={"enabled": True})
    states = set(definition(training.STACK, manifest, "Machine")["States"])
    for step in walk(steps_of(manifest)):
        is_lineage = not isinstance(step, Gate) and step.kind is Kind.LINEAGE
        assert f"{step.name}1" if is_lineage else step.name in states


def test_every_state_leads_to_another_one(make: Make, definition: Read) -> None:
    machine = definition(training.STACK, make(engine="step-functions"), "Machine")
    for name, state in machine["States"].items():
        led = [state.get("Next"), state.get("Default")]
        led += [rule["Next"] for key in ("Catch", "Choices") for rule in state.get(key, ())]
        assert {each for each in led if each} <= machine["States"].keys(), name
        assert any(led) or state["Type"] in {"Succeed", "Fail"}, name


@pytest.mark.jsonata
def test_a_good_model_is_registered_with_what_made_it(
    train: Callable[..., dict[str, Any]],
) -> None:
    played = train({"CommitId": "0123456789abcdef", "why": "drift", "of": "an alarm"})
    made = calls(played)
    package = made["RegisterModel"]
    assert played["status"] == "SUCCEEDED"
    container = package["InferenceSpecification"]["Containers"][0]
    assert container["ModelDataUrl"].endswith("/training/models/best/output/model.tar.gz")
    assert package["MetadataProperties"]["CommitId"] == "0123456789abcdef"
    assert package["CustomerMetadataProperties"]["trigger"] == "drift"
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert made["RecordLineage6"] == {
        "AssociationType": "ContributedTo",
        "SourceArn": "arn:artifact-2",
        "DestinationArn": "arn:run",
    }


@pytest.mark.jsonata
def test_every_call_is_one_that_the_api_takes(train: Callable[..., dict[str, Any]]) -> None:
    api = boto3.client("sagemaker", region_name="eu-west-1").meta.service_model
    # Names of CloudFormation stand for values that are longer.
    for each in train(automl={"enabled": True})["calls"]:
        service, _, operation = each["call"].removesuffix(".sync").rpartition(":")
        if not service.endswith("sagemaker"):
            continue
        operation = operation[0].upper() + operation[1:]
        shape = api.operation_model(operation).input_shape
        filled = json.loads(re.sub(r'"(\w+Role)"', r'"arn:aws:iam::1:role/\1"', _text(each)))
        found = ParamValidator().validate(filled, shape)
        assert not found.has_errors(), (each["state"], found.generate_report())


def _text(call: dict[str, Any]) -> str:
    return json.dumps(call["arguments"])


@pytest.mark.jsonata
def test_no_two_runs_write_to_the_same_place(train: Callable[..., dict[str, Any]]) -> None:
    places = [
        {each["S3Output"]["S3Uri"] for each in calls(train())["Preprocess"]
         ["ProcessingOutputConfig"]["Outputs"]}
        for _ in range(2)
    ]  # fmt: skip
    assert places[0].isdisjoint(places[1])


@pytest.mark.jsonata
@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (answers(records=10), "fewer than 1000 records"),
        (answers({**GOOD, "metrics": {"auc": {"value": 0.6}}}), "AUC below 0.7"),
        (answers({**GOOD, "bias": {"max_abs_dppl": 0.4}}), "unequally than 0.2"),
        (answers() | {"Train": [{"error": "States.TaskFailed", "cause": "exit 1"}]}, "exit 1"),
    ],
)
def test_what_must_not_go_on_ends_and_people_are_told(
    said: Any, cause: str, train: Callable[..., dict[str, Any]]
) -> None:
    played = train(said=said)
    assert played["status"] == "FAILED"
    assert cause in calls(played)["TellOfFailure"]["Message"]
    assert "RegisterModel" not in calls(played)


@pytest.mark.jsonata
@pytest.mark.parametrize(
    ("given", "status"),
    [({"ApprovalStatus": "Approved"}, "PendingManualApproval"),
     ({"ApprovalStatus": "Rejected"}, "Rejected")],
)  # fmt: skip
def test_no_input_can_approve_a_model(
    given: dict[str, str], status: str, train: Callable[..., dict[str, Any]]
) -> None:
    assert calls(train(given))["RegisterModel"]["ModelApprovalStatus"] == status


@pytest.mark.jsonata
def test_without_a_search_the_trained_model_is_registered(
    train: Callable[..., dict[str, Any]],
) -> None:
    made = calls(train(tuning={"enabled": False}))
    container = made["RegisterModel"]["InferenceSpecification"]["Containers"][0]
    assert container["ModelDataUrl"] == "s3://b/one/model.tar.gz"


@pytest.mark.jsonata
def test_what_must_be_said_is_asked_for(train: Callable[..., dict[str, Any]]) -> None:
    settings = {"training": {"incremental": True}}
    given = {"PreviousModel": "s3://b/old/model.tar.gz"}
    assert train(given, **settings)["status"] == "SUCCEEDED"
    played = train({}, **settings)
    assert (played["status"], played["visited"]) == ("FAILED", ["Start"])
    assert "PreviousModel must be given" in played["cause"]


@pytest.mark.jsonata
def test_on_batch_the_same_steps_lead_to_a_registered_version(
    train: Callable[..., dict[str, Any]],
) -> None:
    played = train(platform="batch", network={"reach": "own"}, tuning={"enabled": False})
    made = calls(played)
    submitted = [each["state"] for each in played["calls"] if "submitJob.sync" in each["call"]]
    assert played["status"] == "SUCCEEDED"
    assert submitted == ["ValidateData", "Preprocess", "Train", "EvaluateAndExplain"]
    put = {
        each["Name"]: each["Value"] for each in made["Train"]["ContainerOverrides"]["Environment"]
    }
    container = made["RegisterModel"]["InferenceSpecification"]["Containers"][0]
    assert put["ARCHIVES"] == f"model={container['ModelDataUrl']}"
