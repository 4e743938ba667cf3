"""Training starts by itself, for a reason that is told, and not twice at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.language import Properties
from mlaudit_reference.templates.retraining import STACK
from mlaudit_reference.templates.stacks import stacks_of, template

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]


def rules(manifest: Manifest) -> dict[str, Properties]:
    found = template(STACK, manifest)["Resources"].items()
    return {
        name: each["Properties"]
        for name, each in found
        if name.startswith("On") and each["Type"] == "AWS::Events::Rule"
    }


@pytest.mark.parametrize(
    ("triggers", "expected"),
    [
        ({}, {"OnNewData", "OnQuality", "OnDrift"}),
        ({"new_data": False}, {"OnQuality", "OnDrift"}),
        ({"quality": False}, {"OnNewData", "OnDrift"}),
        ({"drift": False, "new_data": False, "quality": False}, set()),
    ],
)
def test_there_is_a_rule_for_every_reason_that_is_wanted(
    make: Make, triggers: dict[str, bool], expected: set[str]
) -> None:
    assert rules(make(triggers=triggers)).keys() == expected


@pytest.mark.parametrize(("expression", "count"), [("rate(7 days)", 1), (None, 0)])
def test_there_is_a_schedule_where_one_is_wanted(
    make: Make, resources: Read, expression: str | None, count: int
) -> None:
    manifest = make(triggers={"schedule": expression})
    assert len(resources(STACK, manifest, "AWS::Scheduler::Schedule")) == count


def test_airflow_starts_by_itself_what_it_trains(make: Make) -> None:
    assert STACK not in stacks_of(make(engine="airflow"))
    assert STACK in stacks_of(make(engine="step-functions"))


def test_what_cannot_be_started_waits_in_a_queue(make: Make, resources: Read) -> None:
    schedules = resources(STACK, make(), "AWS::Scheduler::Schedule")
    targets = [target for rule in rules(make()).values() for target in rule["Targets"]]
    targets += [each["Target"] for each in schedules.values()]
    assert len(targets) == 4
    assert all("Fn::GetAtt" in each["DeadLetterConfig"]["Arn"] for each in targets)


@pytest.mark.parametrize(
    ("engine", "started"),
    [
        ("sagemaker", "aws-sdk:sagemaker:startPipelineExecution"),
        ("step-functions", "states:startExecution"),
    ],
)
def test_what_trains_is_started_as_its_engine_asks(
    make: Make, definition: Read, engine: str, started: str
) -> None:
    machine = definition(STACK, make(engine=engine), "Retraining")
    assert machine["States"]["Train"]["Resource"].endswith(started)


def ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def run(status: str, hours: float) -> dict[str, str]:
    return {"PipelineExecutionStatus": status, "StartTime": ago(hours)}


@pytest.fixture
def retrain(make: Make, definition: Read, play: Read) -> Read:
    """Play the machine of a manifest with some triggers."""

    def retrain(
        why: str, answers: dict[str, list[Any]], *, training: Any = None, **triggers: int
    ) -> dict[str, Any]:
        manifest = make(triggers=triggers, training=training or {})
        machine = definition(STACK, manifest, "Retraining")
        return play(machine, {"why": why, "of": "a test"}, answers)

    return retrain


FILES = [{"Key": f"raw/{hours}.csv", "LastModified": ago(hours)} for hours in (1, 2, 90)]


@pytest.mark.jsonata
@pytest.mark.parametrize(
    ("why", "runs", "starts"),
    [
        ("schedule", [], True),
        ("schedule", [run("Executing", 1)], False),
        ("schedule", [run("Succeeded", 1)], True),
        ("drift", [run("Succeeded", 1)], False),
        ("drift", [run("Succeeded", 7), run("Failed", 8)], True),
        ("quality", [], True),
        ("new-data", [], True),
        ("new-data", [run("Succeeded", 50)], True),
        ("new-data", [run("Failed", 9), run("Succeeded", 50)], True),
        ("new-data", [run("Succeeded", 1.5)], False),
    ],
)
def test_training_starts_unless_it_runs_or_has_just_run(
    retrain: Read, why: str, runs: list[Any], *, starts: bool
) -> None:
    answers = {
        "Look": [{"PipelineExecutionSummaries": runs}],
        "Count new files": [{"Contents": FILES}],
    }
    told = retrain(why, answers, new_files=2)
    assert told["status"] == "SUCCEEDED"
    started = [call["arguments"] for call in told["calls"] if call["state"] == "Train"]
    assert bool(started) == starts
    assert all(why in each["PipelineExecutionDescription"] for each in started)
    assert all({"Name": "Trigger", "Value": why} in each["PipelineParameters"] for each in started)


@pytest.mark.jsonata
@pytest.mark.parametrize(("enough", "starts"), [(4, True), (5, False)])
def test_new_files_are_counted_over_all_pages(retrain: Read, enough: int, *, starts: bool) -> None:
    answers = {
        "Look": [{"PipelineExecutionSummaries": [run("Succeeded", 80)]}],
        "Count new files": [{"Contents": FILES, "NextContinuationToken": "2"}, {"Contents": FILES}],
    }
    told = retrain("new-data", answers, new_files=enough)
    counted = [call["arguments"] for call in told["calls"] if call["state"] == "Count new files"]
    assert [each.get("ContinuationToken") for each in counted] == [None, "2"]
    assert ("Train" in told["visited"]) == starts


@pytest.mark.jsonata
def test_people_hear_of_training_that_could_not_start(retrain: Read) -> None:
    answers = {
        "Look": [{"PipelineExecutionSummaries": []}],
        "Train": [{"error": "SageMaker.ResourceLimitExceededException", "cause": "too many"}],
    }
    told = retrain("schedule", answers)
    assert told["status"] == "FAILED"
    (message,) = [c["arguments"]["Message"] for c in told["calls"] if c["state"] == "Tell"]
    assert message == "SageMaker.ResourceLimitExceededException: too many"


RESTED: dict[str, list[Any]] = {"Look": [{"PipelineExecutionSummaries": []}]}
APPROVED = {"ModelPackageSummaryList": [{"ModelPackageArn": "arn:package"}]}
PACKAGE = {"InferenceSpecification": {"Containers": [{"ModelDataUrl": "s3://m/model.tar.gz"}]}}


@pytest.mark.jsonata
@pytest.mark.parametrize(
    ("listed", "status"), [(APPROVED, "SUCCEEDED"), ({"ModelPackageSummaryList": []}, "FAILED")]
)
def test_incremental_training_goes_on_from_the_newest_approved_model(
    retrain: Read, listed: Any, status: str
) -> None:
    answers = {**RESTED, "Train": [listed], "Read it": [PACKAGE]}
    told = retrain("drift", answers, training={"incremental": True})
    assert told["status"] == status
    started = [c["arguments"] for c in told["calls"] if c["state"] == "Train on it"]
    given = [{"Name": "PreviousModel", "Value": "s3://m/model.tar.gz"}]
    assert [[p for p in each["PipelineParameters"] if p in given] for each in started] == (
        [given] if status == "SUCCEEDED" else []
    )


@pytest.mark.jsonata
def test_steps_that_are_cached_see_new_data_as_new(retrain: Read) -> None:
    told = retrain("schedule", RESTED, training={"cache_days": 7})
    (started,) = [call["arguments"] for call in told["calls"] if call["state"] == "Train"]
    assert "DataVersion" in {each["Name"] for each in started["PipelineParameters"]}
