"""The training pipeline as a DAG of Airflow, for Amazon MWAA or an Airflow of one's own.

A DAG is one file: the steps as data, and the few functions that run them. The environment of
Airflow is not made by any stack: the smallest of MWAA costs some hundred dollars a month at rest.
Its role needs what ``templates/training_roles.py`` gives the state machine, and its secrets backend
must read variables from Parameter Store (``/airflow/variables``).
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.definitions import automl
from mlaudit_reference.definitions.expressions import Deployed, Run, joined
from mlaudit_reference.definitions.parameters import Setting, settings_of
from mlaudit_reference.definitions.steps import Gate, Kind, Step, Steps, steps_of, walk
from mlaudit_reference.engines import batch
from mlaudit_reference.engines.jinja import Words
from mlaudit_reference.engines.order import links
from mlaudit_reference.manifest import Manifest, Platform

KEEP = "KeepRun"
_NAMES = {
    Kind.PROCESSING: "ProcessingJobName",
    Kind.TRAINING: "TrainingJobName",
    Kind.TUNING: "HyperParameterTuningJobName",
    Kind.AUTOML: "AutoMLJobName",
}
_DAY = re.compile(r"(?<![#\w])[1-7](?!\w)")


def variable(manifest: Manifest) -> str:
    """The Airflow variable with what the stacks made."""
    return f"{manifest.name}-training".replace("-", "_")


def file_name(manifest: Manifest) -> str:
    """The file of the DAG."""
    return f"{variable(manifest)}.py"


def dag(manifest: Manifest) -> str:
    """The DAG, as the text of its file."""
    text = (files(__package__) / "airflow_dag.txt").read_text("utf-8")
    plan = json.dumps(plan_of(manifest), indent=1, ensure_ascii=True)
    return text.format(name=manifest.name, variable=variable(manifest), plan=plan)


def plan_of(manifest: Manifest) -> dict[str, Any]:
    """The DAG as data."""
    return _Planner(manifest).plan()


def schedule(expression: str | None) -> str | int | None:
    """When a DAG runs, by an expression of AWS: as cron has it, or every so many minutes.

    AWS counts days of the week from 1 for Sunday, cron from 0; cron knows no years, and no ``?``.
    """
    if expression is None:
        return None
    kind, _, inside = expression.removesuffix(")").partition("(")
    if kind == "rate":
        count, unit = inside.split()
        return int(count) * {"minute": 1, "hour": 60, "day": 1440}[unit.removesuffix("s")]
    *fields, weekday, _ = inside.replace("?", "*").split()
    return " ".join([*fields, _DAY.sub(lambda day: str(int(day[0]) - 1), weekday)])


class _Planner:
    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._steps = steps_of(manifest)
        self._words = Words(variable(manifest), settings_of(manifest), self._steps)

    def plan(self) -> dict[str, Any]:
        manifest = self._manifest
        return {
            "name": names.training_pipeline(manifest),
            "about": f"From raw data to a registered version of {manifest.name}",
            "schedule": None if self._asks() else schedule(manifest.triggers.schedule),
            "params": {name: _param(each) for name, each in self._words.settings.items()},
            "alerts": self._words.say(Deployed("Alerts")),
            "failed": f"Training of {manifest.name} failed",
            "tags": [manifest.name, manifest.owner],
            "steps": [self._keep(), *self._tasks(self._steps)],
        }

    def _asks(self) -> bool:
        """Whether a run must be told something, which a calendar cannot do."""
        return any(each.default is None for each in self._words.settings.values())

    def _keep(self) -> dict[str, Any]:
        experiment = names.training_pipeline(self._manifest)
        request = {"experiment": experiment, "trial": self._trial()}
        about = "Keeps the run as one of the experiment."
        return {
            "name": KEEP, "kind": "Experiment", "about": about, "request": request, "after": [],
        }  # fmt: skip

    def _trial(self) -> Any:
        experiment = names.training_pipeline(self._manifest)
        return self._words.say(joined(experiment, "-", Run("id")))

    def _tasks(self, steps: Steps) -> list[dict[str, Any]]:
        waits = links(steps)
        return [
            {
                "name": each.name,
                "about": each.about,
                **(self._gate(each) if isinstance(each, Gate) else self._task(each)),
                "after": list(waits[each.name]) or [KEEP],
            }
            for each in walk(steps)
        ]

    def _task(self, step: Step) -> dict[str, Any]:
        if self._manifest.platform is Platform.BATCH and step.kind in batch.ON_BATCH:
            return {"kind": "Batch", "request": self._submitted(step)}
        request = automl.request(self._manifest) if step.kind is Kind.AUTOML else step.request
        asked = self._words.say(request)
        if step.kind in _NAMES:
            name = joined(f"{step.name[:10].lower()}-", Run("id"))
            asked[_NAMES[step.kind]] = f"{self._words.say(name)}-{{{{ ti.try_number }}}}"
        if step.kind in {Kind.PROCESSING, Kind.TRAINING}:
            asked["ExperimentConfig"] = {
                "ExperimentName": names.training_pipeline(self._manifest),
                "TrialName": self._trial(),
                "TrialComponentDisplayName": step.name,
            }
        return {"kind": step.kind.value, "request": _arguments(step.kind, asked)}

    def _submitted(self, step: Step) -> dict[str, Any]:
        """A job of AWS Batch, as the operator for it takes it."""
        asked = self._words.say(batch.submission(self._manifest, step))
        variables = [
            {key.lower(): each for key, each in pair.items()}
            for pair in asked["ContainerOverrides"]["Environment"]
        ]
        return {
            "job_name": f"{self._words.say(batch.job_name(step))}-{{{{ ti.try_number }}}}",
            "job_definition": asked["JobDefinition"],
            "job_queue": asked["JobQueue"],
            "container_overrides": {"environment": variables},
        }

    def _gate(self, gate: Gate) -> dict[str, Any]:
        limits = [
            {
                "place": self._words.say(joined(each.number.output, f"/{each.number.file}")),
                "path": each.number.path,
                "operator": each.operator,
                "bound": each.bound,
            }
            for each in gate.limits
        ]
        waits = links(gate.then, gate.name)
        then = [name for name, before in waits.items() if gate.name in before]
        return {
            "kind": "Condition",
            "limits": limits,
            "then": then,
            "otherwise": [gate.otherwise.name],
        }


def _param(setting: Setting) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "string", "description": setting.about}
    if setting.default is None:
        return {**found, "minLength": 1}
    plain = setting.default if isinstance(setting.default, str) else ""
    return {
        **found,
        "default": plain,
        **({"enum": list(setting.choices)} if setting.choices else {}),
    }


def _arguments(kind: Kind, request: Any) -> Any:
    """What the function or the operator of a task is given."""
    match kind:
        case Kind.REGISTER:
            return {"operation": "create_model_package", "request": request}
        case Kind.AUTOML:
            return {"operation": "create_auto_ml_job_v2", "request": request}
        case Kind.LINEAGE:
            return {key.lower(): value for key, value in request.items()}
        case Kind.FAIL:
            return {"message": request["ErrorMessage"]}
        case _:
            return request
