"""The DAG: what it is made of, that its templates give requests, and that Airflow takes it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import jinja2
import pytest
from botocore.validate import ParamValidator

from mlaudit_reference.definitions.steps import steps_of, walk
from mlaudit_reference.engines import airflow
from mlaudit_reference.manifest import Manifest

Make = Callable[..., Manifest]

AIRFLOW = ("apache-airflow==3.3.2", "apache-airflow-providers-amazon>=9,<10")
PROGRAM = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("dag_file", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.dag.check_cycle()
numbers = iter([0.8, 0.1, 0.6, 0.1])
module.reported = lambda place, path: next(numbers)
gate = next(step for step in module.PLAN["steps"] if step["name"] == "CheckModel")
asked = {key: gate[key] for key in ("limits", "then", "otherwise")}
print(json.dumps({
    "id": module.dag.dag_id,
    "tasks": {
        task.task_id: [type(task).__name__, sorted(task.upstream_task_ids)]
        for task in module.dag.tasks
    },
    "params": {name: module.dag.params.get_param(name).schema for name in module.dag.params},
    "decided": [module.decide(**asked), module.decide(**asked)],
}))
"""
OPERATIONS = {
    "Processing": "CreateProcessingJob",
    "Training": "CreateTrainingJob",
    "Tuning": "CreateHyperParameterTuningJob",
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 2 1 * ? *)", "0 2 1 * *"),
        ("cron(30 6 ? * 2 *)", "30 6 * * 1"),
        ("cron(30 6 ? * 1,7 *)", "30 6 * * 0,6"),
        ("cron(0 5 ? * MON-FRI *)", "0 5 * * MON-FRI"),
        ("rate(12 hours)", 720),
        ("rate(1 day)", 1440),
        (None, None),
    ],
)
def test_schedules_of_aws_become_those_of_airflow(expression: str | None, expected: Any) -> None:
    assert airflow.schedule(expression) == expected


def test_there_is_a_task_for_every_step_and_one_that_keeps_the_run(make: Make) -> None:
    manifest = make(engine="airflow", automl={"enabled": True})
    tasks = [step["name"] for step in airflow.plan_of(manifest)["steps"]]
    assert tasks == [airflow.KEEP, *(step.name for step in walk(steps_of(manifest)))]


@pytest.mark.parametrize(
    ("training", "expected"), [({}, "0 2 1 * *"), ({"incremental": True}, None)]
)
def test_what_must_be_told_something_is_started_by_nobody_but_people(
    training: dict[str, Any], expected: str | None, make: Make
) -> None:
    assert airflow.plan_of(make(engine="airflow", training=training))["schedule"] == expected


def test_every_template_gives_a_request_that_the_api_takes(make: Make) -> None:
    manifest = make(engine="airflow", automl={"enabled": True}, profile="production")
    api = boto3.client("sagemaker", region_name="eu-west-1").meta.service_model
    plan = _filled(airflow.plan_of(manifest))
    asked = 0
    for step in plan["steps"]:
        operation, request = OPERATIONS.get(step["kind"]), step.get("request", {})
        if "operation" in request:
            operation = "".join(part.title() for part in request["operation"].split("_"))
            operation = operation.replace("AutoMl", "AutoML")
            request = request["request"]
        if operation:
            found = ParamValidator().validate(request, api.operation_model(operation).input_shape)
            assert not found.has_errors(), (step["name"], found.generate_report())
            asked += 1
    assert asked == 7


class Anything(dict[str, Any]):
    """What the stacks made, whatever it is called."""

    def __getattr__(self, name: str) -> str:
        return f"arn:aws:iam::111122223333:role/{name}" if name.endswith("Role") else f"a-{name}"


class Task:
    """The task that a template is filled in for."""

    try_number = 1

    def xcom_pull(self, task_ids: str) -> Any:
        best = {"TrainingJobName": "best"}
        return {"Tuning": {"BestTrainingJob": best}} if task_ids == "Tune" else None


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each) for each in value]
    if not isinstance(value, str):
        return value
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - no HTML
    variable = {"json": {"consumer_credit_training": Anything()}}
    return environment.from_string(value).render(
        var=variable,
        params={name: "" if "Image" in name else "said-value" for name in _PARAMETERS},
        digest=_digest,
        run_id="manual__2026",
        ti=Task(),
        dag_run={"start_date": datetime(2026, 1, 1, tzinfo=UTC)},
        dag={"dag_id": "dag"},
    )


def _digest(run_id: str) -> str:
    return f"{abs(hash(run_id)):016x}"[:16]


_PARAMETERS = (
    "ApprovalStatus", "CommitId", "DataPrefix", "DataVersion", "ServingImage", "TrainingImage",
    "TrainingInstanceType", "Trigger", "TuningStrategy",
)  # fmt: skip


@pytest.fixture(scope="module")
def imported(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], dict[str, Any]]:
    """Let Airflow import a DAG, in an environment of its own."""
    uv = pytest.importorskip("uv", reason="there is no uv to make an environment with")
    home = tmp_path_factory.mktemp("airflow")
    python = home / "bin" / "python"
    _run([uv.find_uv_bin(), "venv", "--quiet", str(home)])
    _run([uv.find_uv_bin(), "pip", "install", "--quiet", "--python", str(python), *AIRFLOW])

    def imported(text: str) -> dict[str, Any]:
        file = home / "dag_file.py"
        file.write_text(text, "utf-8")
        found: dict[str, Any] = json.loads(_run([str(python), "-c", PROGRAM, str(file)], home))
        return found

    return imported


@pytest.mark.airflow
def test_airflow_takes_the_dag(make: Make, imported: Callable[[str], dict[str, Any]]) -> None:
    manifest = make(engine="airflow", automl={"enabled": True}, training={"incremental": True})
    found = imported(airflow.dag(manifest))
    expected = {step["name"]: sorted(step["after"]) for step in airflow.plan_of(manifest)["steps"]}
    assert found["id"] == "consumer-credit-training"
    assert {name: before for name, (_, before) in found["tasks"].items()} == expected
    assert found["tasks"]["Tune"][0] == "SageMakerTuningOperator"
    assert found["tasks"]["CheckModel"][0] == "BranchPythonOperator"
    assert found["decided"] == [["RegisterModel"], ["ModelRefused"]]
    assert "Approved" not in found["params"]["ApprovalStatus"]["enum"]


def _run(command: list[str], home: Path | None = None) -> str:
    surroundings = {**os.environ, "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    if home:
        surroundings["AIRFLOW_HOME"] = str(home / "airflow")
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)
    assert done.returncode == 0, done.stderr[-2000:]
    said: str = done.stdout.splitlines()[-1] if done.stdout else ""
    return said
