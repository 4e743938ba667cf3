"""Each new file is scored once, and what fails is scored by the next run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from mlaudit_reference.manifest import Manifest, Mode
from mlaudit_reference.templates.language import Stack
from mlaudit_reference.templates.serving import batch, chain, scoring

Make = Callable[..., Manifest]
Read = Callable[..., dict[str, Any]]
Play = Callable[..., dict[str, Any]]
Answers = Mapping[str, Sequence[Any]]

STACKS: Mapping[str, Stack] = {"batch": batch.STACK, "chain": chain.STACK}


def page(*names: str, more: bool = False) -> dict[str, Any]:
    """What S3 lists: two files of the same content differ by name, two versions by ETag."""
    found = [{"Key": f"to-score/batch/{name}", "ETag": f'"{name}"', "Size": 9} for name in names]
    return {"Contents": found, "IsTruncated": more} if found else {"IsTruncated": more}


def known(*names: str) -> dict[str, Any]:
    items = [{"id": {"S": f'to-score/batch/{name}#"{name}"'}} for name in names]
    return {"Responses": {"table": items}}


@pytest.fixture
def played(make: Make, definition: Read, play: Play) -> Callable[[Answers], dict[str, Any]]:
    """Play the machine that scores batches."""
    machine = definition(batch.STACK, make(), scoring.MACHINE)
    return lambda answers: play(machine, {}, answers)


def called(happened: dict[str, Any], state: str) -> list[Any]:
    return [each["arguments"] for each in happened["calls"] if each["state"] == state]


@pytest.mark.jsonata
@pytest.mark.parametrize(
    ("listed", "scored", "expected"),
    [
        ([page()], [known()], []),
        ([page("a", "b")], [known()], [["a", "b"]]),
        ([page("a", "b")], [known("a")], [["b"]]),
        ([page("a", "b")], [known("a", "b")], []),
        ([page("a", more=True), page("b")], [known(), known()], [["a"], ["b"]]),
        ([page("a", more=True), page("b")], [known("a"), known()], [["b"]]),
        ([page("a", more=True), page()], [known()], [["a"]]),
    ],
)
def test_what_is_new_is_scored_and_recorded(
    played: Callable[[Answers], dict[str, Any]],
    listed: list[Any],
    scored: list[Any],
    expected: list[list[str]],
) -> None:
    happened = played({"ListFiles": listed, "LookUp": scored})
    assert happened["status"] == "SUCCEEDED"
    manifests = [each["Body"] for each in called(happened, "WriteManifest")]
    assert [files[1:] for files in manifests] == [
        [f"to-score/batch/{name}" for name in names] for names in expected
    ]
    recorded = [
        [item["Put"]["Item"]["id"]["S"] for item in each["TransactItems"]]
        for each in called(happened, "Record")
    ]
    assert recorded == [[f'to-score/batch/{name}#"{name}"' for name in names] for names in expected]
    assert len(called(happened, "Score")) == len(expected)


@pytest.mark.jsonata
def test_what_is_no_file_is_left_alone(played: Callable[[Answers], dict[str, Any]]) -> None:
    folder = {"Key": "to-score/batch/today/", "ETag": '"-"', "Size": 0}
    happened = played(
        {"ListFiles": [{"Contents": [folder], "IsTruncated": False}], "LookUp": [known()]}
    )
    assert happened["status"] == "SUCCEEDED"
    assert called(happened, "Score") == []


@pytest.mark.jsonata
def test_every_job_reads_the_files_that_were_written_down_for_it(
    played: Callable[[Answers], dict[str, Any]],
) -> None:
    listed = [page("a", more=True), page("b")]
    happened = played({"ListFiles": listed, "LookUp": [known()]})
    written = [each["Key"] for each in called(happened, "WriteManifest")]
    jobs = called(happened, "Score")
    read = [
        each["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"].partition("DataBucket/")[2]
        for each in jobs
    ]
    assert read == written
    assert len({each["TransformJobName"] for each in jobs}) == len(jobs) == 2


@pytest.mark.jsonata
def test_the_next_page_begins_after_the_last_file_of_the_page_before(
    played: Callable[[Answers], dict[str, Any]],
) -> None:
    listed = [page("a", "b", more=True), page()]
    happened = played({"ListFiles": listed, "LookUp": [known("a", "b")]})
    begun = [each["StartAfter"] for each in called(happened, "ListFiles")]
    assert begun == ["to-score/batch/", "to-score/batch/b"]


@pytest.mark.jsonata
def test_a_failed_job_records_nothing_and_people_hear_why(
    played: Callable[[Answers], dict[str, Any]],
) -> None:
    happened = played(
        {
            "ListFiles": [page("a")],
            "LookUp": [known()],
            "Score": [{"error": "States.TaskFailed", "cause": "no model"}],
        }
    )
    assert happened["status"] == "FAILED"
    assert called(happened, "Record") == []
    (told,) = called(happened, "TellFailure")
    assert "no model" in told["Message"]


def walked(states: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All states, those in branches included."""
    for name, state in states.items():
        yield name, state
        for branch in state.get("Branches", []):
            yield from walked(branch["States"])


TREE = [
    {"name": "score"},
    {"name": "review", "after": "score"},
    {"name": "limit", "after": "score"},
    {"name": "offer", "after": "limit"},
]


@pytest.mark.parametrize("mode", STACKS)
@pytest.mark.parametrize("links", [None, TREE])
def test_every_state_leads_to_one_of_its_own_machine_and_fails_in_sight(
    make: Make, definition: Read, mode: str, links: list[Any] | None
) -> None:
    manifest = make(targets=[mode], **({"chain": {"links": links}} if links else {}))
    machine = definition(STACKS[mode], manifest, scoring.MACHINE)
    for states in scopes(machine):
        for name, state in states.items():
            assert set(following(state)) <= set(states), name
    for name, state in machine["States"].items():
        if state["Type"] in {"Task", "Parallel"} and name != "TellFailure":
            assert state["Catch"][0]["Next"] == "TellFailure", name


def scopes(machine: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield machine["States"]
    for state in machine["States"].values():
        for branch in state.get("Branches", []):
            yield from scopes(branch)


def following(state: Mapping[str, Any]) -> Iterator[str]:
    for rule in (state, *state.get("Choices", []), *state.get("Catch", [])):
        if "Next" in rule:
            yield rule["Next"]
    if "Default" in state:
        yield state["Default"]


def test_a_link_reads_what_the_link_before_it_made(make: Make, definition: Read) -> None:
    manifest = make(targets=["chain"], chain={"links": TREE})
    machine = definition(chain.STACK, manifest, scoring.MACHINE)
    jobs = {
        name: state["Arguments"]
        for name, state in walked(machine["States"])
        if "TransformJobName" in state.get("Arguments", {})
    }
    made = {name: given["TransformOutput"]["S3OutputPath"] for name, given in jobs.items()}
    read = {
        name: given["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"]
        for name, given in jobs.items()
    }
    assert read["ScoreReview"] == read["ScoreLimit"] == made["ScoreScore"]
    assert read["ScoreOffer"] == made["ScoreLimit"]
    assert "manifests/" in read["ScoreScore"]
    joined = {name for name, given in jobs.items() if "DataProcessing" in given}
    assert joined == {"ScoreScore", "ScoreLimit"}


def test_the_first_link_is_the_model_of_the_system(make: Make, resources: Read) -> None:
    manifest = make(targets=["chain"], chain={"links": TREE})
    models = resources(chain.STACK, manifest, "AWS::SageMaker::Model")
    named = {
        name: each["Containers"][0]["ModelPackageName"]["Ref"] for name, each in models.items()
    }
    assert named == {
        "ScoreModel": "ModelPackageArn",
        "ReviewModel": "ReviewModelPackageArn",
        "LimitModel": "LimitModelPackageArn",
        "OfferModel": "OfferModelPackageArn",
    }


@pytest.mark.parametrize("mode", [Mode.BATCH, Mode.CHAIN])
def test_jobs_are_named_so_that_the_machine_may_run_them(
    make: Make, definition: Read, resources: Read, mode: Mode
) -> None:
    manifest = make(name="a" * 32, targets=[mode.value])
    stack = STACKS[mode]
    machine = definition(stack, manifest, scoring.MACHINE)
    prefix = f"{manifest.name}-{mode}-"
    may = str(resources(stack, manifest, "AWS::IAM::Role")[f"{scoring.MACHINE}Role"])
    assert f"transform-job/{prefix}*" in may
    for _, state in walked(machine["States"]):
        name = state.get("Arguments", {}).get("TransformJobName")
        assert name is None or name.startswith(f"{{% '{prefix}' & $substring($uuid(), 0, 18)")
    assert len(prefix) + 18 <= 63


def test_results_are_a_table_with_what_inference_answers(make: Make, resources: Read) -> None:
    (table,) = resources(batch.STACK, make(), "AWS::Glue::Table").values()
    columns = {each["Name"] for each in table["TableInput"]["StorageDescriptor"]["Columns"]}
    assert columns == {"record_id", "probability", "decision", "reasons", "trace_id"}
