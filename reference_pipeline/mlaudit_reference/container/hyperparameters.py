"""Read hyperparameters: what the job was given as a file, then what stands on the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.files import read_json
from mlaudit_reference.container.spaces import PARAMETERS, Parameter

Values = Mapping[str, float]
"""Hyperparameters by name, with underscores; flags are 0 or 1."""

_SERVICE = ("sagemaker_", "_tuning_objective_metric", "_")
_TRUE = {"true": 1, "1": 1, "false": 0, "0": 0}


def read(framework: str, file: Path, argv: Sequence[str] | None = None) -> Values:
    """The hyperparameters of a training job, completed by their defaults.

    Args:
        framework: Whose.
        file: ``hyperparameters.json``, in which SageMaker writes every value as text; it may be
            missing. What the service adds for itself is passed over.
        argv: The arguments; they win.

    Raises:
        InputError: One is not known, or has a value that it cannot have.
    """
    known = {_key(each.name): each for each in PARAMETERS[framework]}
    said = {**_of_file(file), **_of_arguments(known, argv)}
    strange = sorted(said.keys() - known.keys())
    if strange:
        raise InputError(f"unknown hyperparameter {strange[0]}; known: {', '.join(known)}")
    return {key: _value(each, said.get(key, each.default)) for key, each in known.items()}


def _of_file(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    document = read_json(file)
    if not isinstance(document, dict):
        raise InputError(f"{file} holds no hyperparameters")
    return {
        _key(name): _plain(value)
        for name, value in document.items()
        if not name.startswith(_SERVICE)
    }


def _plain(value: Any) -> Any:
    """A value without the quotes that the SageMaker SDK puts round it."""
    is_quoted = isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"'
    return json.loads(value) if is_quoted else value


def _of_arguments(known: Mapping[str, Parameter], argv: Sequence[str] | None) -> dict[str, Any]:
    # An argument that says nothing must not hide what stands in the file: no defaults here.
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS, allow_abbrev=False)
    for key, each in known.items():
        parser.add_argument(f"--{each.name}", f"--{key}", dest=key)
    return vars(parser.parse_args(argv))


def _value(parameter: Parameter, said: Any) -> float:
    try:
        if parameter.type == "Flag":
            return _TRUE[str(said).lower()]
        return int(said) if parameter.type == "Integer" else float(said)
    except (KeyError, TypeError, ValueError) as wrong:
        message = f"hyperparameter {parameter.name}: {said!r} is no {parameter.type.lower()}"
        raise InputError(message) from wrong


def _key(name: str) -> str:
    return name.replace("-", "_")
