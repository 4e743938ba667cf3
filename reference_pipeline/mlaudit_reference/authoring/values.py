"""What is known only later, in the words of the SDK: variables, joins, properties of steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterString

from mlaudit_reference.authoring.normal import ROLE_PREFIX
from mlaudit_reference.definitions.expressions import (
    Deployed,
    Joined,
    Made,
    Output,
    Parameter,
    Reported,
    Run,
    Value,
    merged,
)
from mlaudit_reference.definitions.parameters import Setting

_RUN = {
    "id": ExecutionVariables.PIPELINE_EXECUTION_ID,
    "arn": ExecutionVariables.PIPELINE_EXECUTION_ARN,
    "started": ExecutionVariables.START_DATETIME,
}


@dataclass
class Words:
    """Says values; it is told of every parameter and of every step as they are made."""

    parameters: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, Any] = field(default_factory=dict)

    def parameter(self, setting: Setting) -> None:
        """Make a parameter of the pipeline."""
        default = None if setting.default is None else self.say(setting.default)
        choices = list(setting.choices) or None
        self.parameters[setting.name] = ParameterString(
            name=setting.name, default_value=default, enum_values=choices
        )

    def say(self, value: Value) -> Any:
        """A value as the SDK has it."""
        match value:
            case str():
                return value
            case Deployed(name):
                return f"${{{name}}}"
            case Parameter(name):
                return self.parameters[name]
            case Run(what):
                return _RUN[what]
            case _:
                return self._of_steps(value)

    def role(self, deployed: Deployed) -> str:
        """A role."""
        return f"{ROLE_PREFIX}{self.say(deployed)}"

    def each(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """Values by their names."""
        return {name: self.say(value) for name, value in values.items()}

    def _of_steps(self, value: Made | Joined | Output | Reported) -> Any:
        match value:
            case Made(step, path):
                found = self.steps[step].properties
                for part in path.split("."):
                    found = getattr(found, part)
                return found
            case Output(step, name):
                outputs = self.steps[step].properties.ProcessingOutputConfig.Outputs
                return outputs[name].S3Output.S3Uri
            case Reported(output, report, _, path):
                return JsonGet(step_name=output.step, property_file=report, json_path=path)
            case Joined(parts):
                words = merged(tuple(self.say(part) for part in parts))
                return words[0] if len(words) == 1 else Join(on="", values=list(words))
