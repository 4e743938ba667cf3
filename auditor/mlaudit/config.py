"""``mlaudit.yaml``: what a user decides about discovery and the evidence window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mlaudit.errors import MlauditError
from mlaudit.workloads import PROJECT_TAG, WORKLOAD_TAG

DEFAULT_FILE = Path("mlaudit.yaml")
DEFAULT_WINDOW = 90


class ConfigError(MlauditError):
    """The configuration cannot be used; the message names file, line and key."""


class _Tags(BaseModel):
    model_config = ConfigDict(extra="forbid")

    workload: Annotated[str, Field(min_length=1)] = WORKLOAD_TAG
    project: Annotated[str, Field(min_length=1)] = PROJECT_TAG


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    window_days: Annotated[int, Field(ge=1)] = DEFAULT_WINDOW
    tags: _Tags = _Tags()
    workloads: dict[str, Annotated[list[str], Field(min_length=1)]] = {}


@dataclass(frozen=True)
class Config:
    """The configuration, complete with defaults.

    Attributes:
        window_days: Length of the evidence window in days.
        tag_keys: The tag keys that name a workload, the strongest first.
        workloads: Patterns of names or ARNs for each workload, for what nothing else assigns.
    """

    window_days: int
    tag_keys: tuple[str, ...]
    workloads: Mapping[str, tuple[str, ...]]


def load_config(path: Path | None) -> Config:
    """Read the configuration.

    Args:
        path: The file; ``None`` takes ``mlaudit.yaml`` where there is one, else the defaults.

    Raises:
        ConfigError: The file cannot be read or says something that is not understood.
    """
    if path is None and not DEFAULT_FILE.exists():
        return _config(_File())
    path = path or DEFAULT_FILE
    try:
        text = path.read_text("utf-8")
        document = yaml.safe_load(text)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (RecursionError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} is not YAML: {_one_line(error)}.") from error
    try:
        return _config(_File.model_validate({} if document is None else document))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(each) for each in first["loc"])
        line = _line_of(text, first["loc"])
        where = f"{path}, line {line}" if line else str(path)
        raise ConfigError(f"{where}: {key or 'the file'}: {first['msg']}.") from error


def _config(file: _File) -> Config:
    return Config(
        window_days=file.window_days,
        tag_keys=(file.tags.workload, file.tags.project),
        workloads={name: tuple(patterns) for name, patterns in file.workloads.items()},
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _line_of(text: str, location: tuple[Any, ...]) -> int | None:
    """The line of the key or list entry that a validation error is about."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = None
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == str(step)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line
