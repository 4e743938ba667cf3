"""The definition of the SageMaker pipeline: every request is one, and the gates hold."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mlaudit_reference.definitions.pipeline import definition
from mlaudit_reference.manifest import Framework, Manifest, Profile, Strategy

from .conftest import OWN, Filled, Problems

Make = Callable[..., Manifest]

OPERATIONS = {
    "Processing": ("CreateProcessingJob", {"ProcessingJobName": "job"}),
    "Training": ("CreateTrainingJob", {"TrainingJobName": "job"}),
    "Tuning": ("CreateHyperParameterTuningJob", {"HyperParameterTuningJobName": "job"}),
    "AutoML": ("CreateAutoMLJob", {"AutoMLJobName": "job"}),
    "RegisterModel": ("CreateModelPackage", {}),
}
EVERY = [
    each
    for each in itertools.product(Framework, Profile, Strategy)
    if each[0] is not Framework.SKLEARN or each[2] is not Strategy.HYPERBAND
]


def walk(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in steps:
        yield step
        yield from walk(step["Arguments"].get("IfSteps", []))
        yield from walk(step["Arguments"].get("ElseSteps", []))


def by_name(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["Name"]: step for step in walk(found["Steps"])}


@pytest.mark.parametrize("chosen", EVERY, ids="-".join)
def test_every_request_is_one_that_the_api_takes(
    chosen: tuple[Framework, Profile, Strategy], make: Make, problems: Problems, filled: Filled
) -> None:
    framework, profile, strategy = chosen
    manifest = make(
        framework=framework,
        profile=profile,
        training={**OWN} if framework is Framework.JAX else {},
        tuning={"strategy": strategy, "early_stopping": strategy is not Strategy.HYPERBAND},
    )
    asked = 0
    for step in walk(definition(manifest)["Steps"]):
        if step["Type"] in OPERATIONS:
            operation, names = OPERATIONS[step["Type"]]
            assert problems(operation, {**filled(step["Arguments"]), **names}) == [], step["Name"]
            asked += 1
    assert asked == 6 + (profile is not Profile.ZERO)


def test_lineage_is_recorded_by_requests_that_the_api_takes(
    make: Make, problems: Problems, filled: Filled
) -> None:
    request = filled(by_name(definition(make()))["RecordLineage"]["Arguments"])
    for operation, kind in (("CreateAction", "Actions"), ("CreateArtifact", "Artifacts")):
        for each in request[kind]:
            assert problems(operation, each) == []
    made = {each["ArtifactName"] for each in request["Artifacts"]}
    made |= {each["ActionName"] for each in request["Actions"]}
    ends = {end["Name"] for each in request["Associations"] for end in (each["Source"],)}
    assert ends <= made


@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        ({}, ["Train", "Tune"]),
        ({"tuning": {"enabled": False}}, ["Train"]),
        ({"automl": {"enabled": True}}, ["Train", "Tune", "AutoML"]),
    ],
)
def test_settings_say_what_learns(settings: dict[str, Any], steps: list[str], make: Make) -> None:
    names = list(by_name(definition(make(**settings))))
    assert names == [
        "ValidateData", "CheckData", "Preprocess", *steps, "EvaluateAndExplain", "CheckModel",
        "RegisterModel", "RecordLineage", "ModelRefused", "DataRefused",
    ]  # fmt: skip


def test_what_is_judged_and_registered_is_the_best_of_the_search(make: Make) -> None:
    steps = by_name(definition(make()))
    judged = steps["EvaluateAndExplain"]["Arguments"]["ProcessingInputs"]
    model = next(each for each in judged if each["InputName"] == "model")["S3Input"]["S3Uri"]
    container = steps["RegisterModel"]["Arguments"]["InferenceSpecification"]["Containers"][0]
    assert {"Get": "Steps.Tune.BestTrainingJob.TrainingJobName"} in model["Std:Join"]["Values"]
    assert container["ModelDataUrl"] == model


def test_without_a_search_it_is_the_one_that_was_trained(make: Make) -> None:
    steps = by_name(definition(make(tuning={"enabled": False})))
    container = steps["RegisterModel"]["Arguments"]["InferenceSpecification"]["Containers"][0]
    assert container["ModelDataUrl"] == {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}


def test_nothing_is_registered_but_behind_both_gates(make: Make) -> None:
    found = definition(make(evaluation={"auc_min": 0.75, "bias_max": 0.1}))
    check_data = found["Steps"][1]
    check_model = check_data["Arguments"]["IfSteps"][-1]
    bounds = [each["RightValue"] for each in check_model["Arguments"]["Conditions"]]
    assert bounds == [0.75, 0.1]
    assert [each["Name"] for each in check_model["Arguments"]["IfSteps"]] == [
        "RegisterModel",
        "RecordLineage",
    ]
    assert check_model["Arguments"]["ElseSteps"][0]["Type"] == "Fail"
    assert "0.75" in check_model["Arguments"]["ElseSteps"][0]["Arguments"]["ErrorMessage"]
    assert [each["Name"] for each in found["Steps"]] == ["ValidateData", "CheckData"]


def test_every_reference_leads_to_a_step_or_a_parameter(make: Make) -> None:
    found = definition(make(automl={"enabled": True}, training={"incremental": True}))
    parameters = {each["Name"] for each in found["Parameters"]}
    steps = set(by_name(found))
    for path in references(found):
        kind, name = path.split(".")[:2]
        known = {"Parameters": parameters, "Steps": steps}.get(kind)
        assert known is None or name in known, path


def references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict):
        if value.keys() == {"Get"}:
            yield value["Get"]
        else:
            yield from references(list(value.values()))


def test_no_run_can_approve_its_own_model(make: Make) -> None:
    approval = next(
        each for each in definition(make())["Parameters"] if each["Name"] == "ApprovalStatus"
    )
    assert approval["DefaultValue"] == "PendingManualApproval"
    assert "Approved" not in approval["EnumValues"]


def test_a_run_writes_nothing_that_another_has_written(make: Make) -> None:
    run = {"Get": "Execution.PipelineExecutionId"}
    for step in walk(definition(make())["Steps"]):
        outputs = step["Arguments"].get("ProcessingOutputConfig", {}).get("Outputs", [])
        for each in outputs:
            assert run in each["S3Output"]["S3Uri"]["Std:Join"]["Values"], step["Name"]


@pytest.mark.parametrize(
    ("settings", "where", "expected"),
    [
        ({"spot": True}, "EnableManagedSpotTraining", True),
        ({"spot": False}, "EnableManagedSpotTraining", False),
        ({"spot": False}, "CheckpointConfig", None),
        ({"instance_type": "ml.g5.xlarge"}, "InfraCheckConfig", {"EnableInfraCheck": True}),
        ({"instance_type": "ml.m5.xlarge"}, "InfraCheckConfig", None),
        ({}, "EnableNetworkIsolation", True),
    ],
)
def test_settings_of_training(
    settings: dict[str, Any], where: str, expected: Any, make: Make
) -> None:
    step = by_name(definition(make(framework="pytorch", training=settings)))["Train"]
    assert step["Arguments"].get(where) == expected


def test_several_machines_train_as_one(make: Make) -> None:
    request = by_name(definition(make(framework="pytorch", training={"instances": 2})))["Train"]
    assert request["Arguments"]["ResourceConfig"]["InstanceCount"] == 2
    assert request["Arguments"]["HyperParameters"]["sagemaker_torch_distributed_enabled"] == "true"
    assert request["Arguments"]["EnableInterContainerTrafficEncryption"] is True


def test_steps_are_remembered_only_for_data_that_has_a_version(make: Make) -> None:
    plain, cached = definition(make()), definition(make(training={"cache_days": 7}))
    assert not [step for step in walk(plain["Steps"]) if "CacheConfig" in step]
    assert by_name(cached)["Train"]["CacheConfig"] == {"Enabled": True, "ExpireAfter": "P7D"}
    version = {each["Name"]: each for each in cached["Parameters"]}["DataVersion"]
    assert "DefaultValue" not in version
    data = by_name(cached)["Preprocess"]["Arguments"]["Environment"]
    assert data == {"DATA_VERSION": {"Get": "Parameters.DataVersion"}}


@pytest.mark.parametrize(
    ("strategy", "choices"),
    [
        ("Bayesian", ["Bayesian", "Random"]),
        ("Random", ["Bayesian", "Random"]),
        ("Hyperband", ["Hyperband"]),
    ],
)
def test_a_run_may_search_in_another_way(strategy: str, choices: list[str], make: Make) -> None:
    found = definition(make(tuning={"strategy": strategy, "early_stopping": False}))
    said = {each["Name"]: each for each in found["Parameters"]}["TuningStrategy"]
    assert (said["DefaultValue"], said["EnumValues"]) == (strategy, choices)


def test_warm_start_learns_from_earlier_searches(make: Make) -> None:
    step = by_name(definition(make(tuning={"warm_start": ["earlier"]})))["Tune"]
    parents = step["Arguments"]["WarmStartConfig"]["ParentHyperParameterTuningJobs"]
    assert parents == [{"HyperParameterTuningJobName": "earlier"}]


@pytest.mark.parametrize(
    ("one", "other"),
    list(itertools.combinations(Framework, 2)),
)
def test_another_framework_is_another_image_and_another_entry_script(
    one: Framework, other: Framework, make: Make
) -> None:
    first, second = (_without_framework(definition(_in(make, each)), each) for each in (one, other))
    assert first == second


def _in(make: Make, framework: Framework) -> Manifest:
    return make(framework=framework, training=OWN if framework is Framework.JAX else {})


def _without_framework(found: dict[str, Any], framework: Framework) -> str:
    """A definition without image, entry script and what is searched for."""
    steps = by_name(found)
    train, tune = steps["Train"]["Arguments"], steps["Tune"]["Arguments"]
    script = train["HyperParameters"]["sagemaker_program"]
    assert script == f"train_{framework}.py"
    train["HyperParameters"] = None
    tune["TrainingJobDefinition"]["StaticHyperParameters"] = None
    tune["HyperParameterTuningJobConfig"]["ParameterRanges"] = None
    package = steps["RegisterModel"]["Arguments"]
    for key in ("Framework", "FrameworkVersion"):
        package["InferenceSpecification"]["Containers"][0].pop(key, None)
    package.pop("ModelPackageDescription")
    for each in found["Parameters"]:
        if each["Name"].endswith("Image"):
            each.pop("DefaultValue")
    return json.dumps(found, sort_keys=True)
