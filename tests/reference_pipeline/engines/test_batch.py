"""Jobs of AWS Batch: what is submitted is what the program in the container reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

from mlaudit_reference import bundle
from mlaudit_reference.container.staging import Order
from mlaudit_reference.definitions.steps import Gate, Step, steps_of, walk
from mlaudit_reference.engines import airflow, batch, step_functions
from mlaudit_reference.engines.jsonata import in_jsonata
from mlaudit_reference.manifest import Manifest

Make = Callable[..., Manifest]
Platform = Callable[..., Manifest]


@pytest.fixture
def on_batch(make: Make) -> Platform:
    def on_batch(engine: str = "step-functions", **settings: Any) -> Manifest:
        given = {"network": {"reach": "own"}, "tuning": {"enabled": False}, **settings}
        return make(engine=engine, platform="batch", **given)

    return on_batch


def jobs(manifest: Manifest) -> dict[str, Step]:
    every = (each for each in walk(steps_of(manifest)) if not isinstance(each, Gate))
    return {each.name: each for each in every if each.kind in batch.ON_BATCH}


def variables(manifest: Manifest, name: str) -> dict[str, str]:
    """The environment of a job, with its values as plain text."""
    asked = in_jsonata(batch.submission(manifest, jobs(manifest)[name]))
    pairs = asked["ContainerOverrides"]["Environment"]
    return {each["Name"]: _plain(each["Value"]) for each in pairs}


def _plain(value: str) -> str:
    """A text of JSONata, with names for what is not known yet."""
    if not value.startswith("{%"):
        return value
    parts = value.removeprefix("{% ").removesuffix(" %}").split(" & ")
    return "".join(part[1:-1] if part.startswith("'") else part[1:] for part in parts)


@pytest.mark.parametrize("name", ["ValidateData", "Preprocess", "Train", "EvaluateAndExplain"])
def test_the_container_can_read_what_is_submitted(name: str, on_batch: Platform) -> None:
    order = Order.read(variables(on_batch(), name))
    packed = {path for path, _ in bundle._packed()}  # noqa: SLF001 - what is in the bundle
    assert order.program in packed
    assert order.outputs
    assert "staged.py" in packed


def test_each_step_reads_what_another_has_put(on_batch: Platform) -> None:
    orders = {name: Order.read(variables(on_batch(), name)) for name in jobs(on_batch())}
    put = {
        uri for each in orders.values() for uri in (*each.outputs.values(), *each.archives.values())
    }
    read = {uri for name in ("Train", "EvaluateAndExplain") for uri in orders[name].inputs.values()}
    assert {uri for uri in read if "/settings/" not in uri} <= put


def test_a_model_has_one_place(on_batch: Platform) -> None:
    order = Order.read(variables(on_batch(), "Train"))
    evaluated = Order.read(variables(on_batch(), "EvaluateAndExplain"))
    assert order.archives["model"] == evaluated.inputs["processing/input/model"]
    assert json.loads(order.hyperparameters)["learning-rate"] == "0.1"
    assert not [key for key in json.loads(order.hyperparameters) if key.startswith("sagemaker")]


@pytest.mark.parametrize(
    ("settings", "queue"),
    [({}, "consumer-credit-cpu"), ({"instance_type": "ml.g5.xlarge"}, "consumer-credit-gpu")],
)
def test_a_job_waits_where_its_machines_are(
    settings: dict[str, Any], queue: str, on_batch: Platform
) -> None:
    manifest = on_batch(framework="pytorch", training=settings)
    assert batch.submission(manifest, jobs(manifest)["Train"])["JobQueue"] == queue


def test_checkpoints_are_kept_where_machines_may_be_taken_away(on_batch: Platform) -> None:
    assert "KEPT" in variables(on_batch(), "Train")
    assert "KEPT" not in variables(on_batch(training={"spot": False}), "Train")


def test_what_is_submitted_is_what_the_api_takes(on_batch: Platform) -> None:
    shape = boto3.client("batch", region_name="eu-west-1").meta.service_model
    taken = shape.operation_model("SubmitJob").input_shape
    states = step_functions.states_of(on_batch(automl={"enabled": True}))
    submitted = [each for each in states.values() if "submitJob" in each.get("Resource", "")]
    assert len(submitted) == 4
    for each in submitted:
        # Step Functions spells members with a capital, and the API without.
        found = ParamValidator().validate(_lowered(each["Arguments"]), taken)
        assert not found.has_errors(), found.generate_report()


def _lowered(value: Any) -> Any:
    if isinstance(value, list):
        return [_lowered(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {f"{key[0].lower()}{key[1:]}": _lowered(each) for key, each in value.items()}


def test_airflow_submits_the_same_jobs(on_batch: Platform) -> None:
    manifest = on_batch(engine="airflow")
    plan = airflow.plan_of(manifest)["steps"]
    submitted = {each["name"]: each["request"] for each in plan if each["kind"] == "Batch"}
    assert submitted.keys() == jobs(manifest).keys()
    assert submitted["Train"]["job_definition"] == "consumer-credit-train"
    assert not [each for each in plan if each["kind"] in {"Processing", "Training"}]
