"""``mlaudit.yaml``: what users decide about discovery, the evidence window, and single items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from mlaudit.catalog import catalogue
from mlaudit.config import rules
from mlaudit.config.document import Document
from mlaudit.config.places import Location, given_twice, line_of
from mlaudit.declarations import Declarations
from mlaudit.errors import MlauditError
from mlaudit.thresholds import Rules

DEFAULT_FILE = Path("mlaudit.yaml")


class ConfigError(MlauditError):
    """The configuration cannot be used; the message names file, line and key."""


@dataclass(frozen=True)
class Config:
    """The configuration, complete with defaults.

    Attributes:
        window_days: Length of the evidence window in days.
        tag_keys: The tag keys that name a workload, the strongest first.
        workloads: Patterns of names or ARNs for each workload, for what nothing else assigns.
        declarations: What people declare about items.
        rules: What scores and gates are counted by.
    """

    window_days: int
    tag_keys: tuple[str, ...]
    workloads: Mapping[str, tuple[str, ...]]
    declarations: Declarations
    rules: Rules


def load_config(path: Path | None) -> Config:
    """Read the configuration.

    Args:
        path: The file; ``None`` takes ``mlaudit.yaml`` where there is one, else the defaults.

    Raises:
        ConfigError: The file cannot be read or says something that is not understood.
    """
    if path is None and not DEFAULT_FILE.exists():
        return _config(Document())
    path = path or DEFAULT_FILE
    return parse_config(read_text(path), path)


def read_text(path: Path) -> str:
    """Read the text of a configuration file, its line ends as they are.

    Raises:
        ConfigError: The file cannot be read.
    """
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not YAML: {_one_line(error)}.") from error


def parse_config(text: str, path: Path) -> Config:
    """Read the configuration from the text of its file.

    Raises:
        ConfigError: It says something that is not understood.
    """
    try:
        content = yaml.safe_load(text)
        twice = given_twice(text)
    except (RecursionError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} is not YAML: {_one_line(error)}.") from error
    if twice:
        raise _wrong(path, text, twice, "It is given twice")
    try:
        document = Document.model_validate({} if content is None else content)
    except ValidationError as error:
        first = error.errors()[0]
        raise _wrong(path, text, first["loc"], first["msg"]) from error
    declares = document.attestations or document.not_applicable or document.exceptions
    problem = next(rules.of_gates(document), None)
    if not problem and declares:
        problem = next(rules.problems(document, catalogue()), None)
    if problem:
        raise _wrong(path, text, problem.location, problem.says)
    return _config(document)


def _wrong(path: Path, text: str, location: Location, says: str) -> ConfigError:
    key = ".".join(str(each) for each in location) or "the file"
    line = line_of(text, location)
    where = f"{path}, line {line}" if line else str(path)
    return ConfigError(f"{where}: {key}: {says}.")


def _config(document: Document) -> Config:
    return Config(
        window_days=document.window_days,
        tag_keys=(document.tags.workload, document.tags.project),
        workloads={name: tuple(patterns) for name, patterns in document.workloads.items()},
        declarations=document.declarations(),
        rules=document.gates.rules(),
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
