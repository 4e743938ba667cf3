"""Requests in the words of Airflow: templates that are filled in when a task starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlaudit_reference.definitions.expressions import (
    Deployed,
    Expression,
    Joined,
    Made,
    Output,
    Parameter,
    Reported,
    Run,
    Value,
    said,
)
from mlaudit_reference.definitions.parameters import Setting
from mlaudit_reference.definitions.steps import Kind, Step, Steps, walk

_RUN = {
    "id": "digest(run_id)",
    "arn": "'airflow:' ~ dag.dag_id ~ '/' ~ run_id",
    "started": "dag_run.start_date.isoformat()",
}
_ANSWERS = {Kind.TRAINING: "Training", Kind.TUNING: "Tuning"}
"""What operators put what they describe under."""


class Words:
    """Says the values of one DAG.

    Attributes:
        settings: The parameters of a run, by name.
    """

    def __init__(self, variable: str, settings: Sequence[Setting], steps: Steps) -> None:
        """Remember the variable with what the stacks made, the parameters, and the steps."""
        self.settings = {each.name: each for each in settings}
        self._variable = variable
        self._kinds = {each.name: each.kind for each in walk(steps) if isinstance(each, Step)}

    def say(self, request: Any) -> Any:
        """A request as a task says it."""
        return said(request, self._word)

    def _word(self, expression: Expression) -> str:
        if isinstance(expression, Output):
            return self._word(expression.place)
        if isinstance(expression, Joined):
            parts = expression.parts
            return "".join(each if isinstance(each, str) else self._word(each) for each in parts)
        return f"{{{{ {self._inner(expression)} }}}}"

    def _inner(self, value: Value) -> str:
        """A value as a part of a template."""
        match value:
            case str():
                return f"'{value}'"
            case Deployed(name):
                return f"var.json.{self._variable}.{name}"
            case Parameter(name):
                return self._parameter(name)
            case Run(what):
                return _RUN[what]
            case _:
                return self._of_steps(value)

    def _of_steps(self, value: Made | Joined | Output | Reported) -> str:
        match value:
            case Joined(parts):
                return " ~ ".join(self._inner(part) for part in parts)
            case Made(step, path):
                keys = [_ANSWERS[self._kinds[step]], *path.split(".")]
                members = "".join(f"['{key}']" for key in keys)
                return f"ti.xcom_pull(task_ids='{step}'){members}"
            case Output(place=place):
                return self._inner(place)
            case Reported():
                raise TypeError(value)

    def _parameter(self, name: str) -> str:
        default = self.settings[name].default
        if default is None or isinstance(default, str):
            return f"params.{name}"
        return f"(params.{name} or {self._inner(default)})"
