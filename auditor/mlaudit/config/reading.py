"""Read a YAML file that a user wrote; what is wrong with it is told with file, line and key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from mlaudit.config.places import Location, given_twice, line_of
from mlaudit.errors import MlauditError

T = TypeVar("T")


class ConfigError(MlauditError):
    """The file cannot be used; the message names file, line and key."""


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


def parsed(text: str, path: Path, model: Callable[[Any], T]) -> T:
    """Read the text of a file as what a pydantic model makes of it.

    Args:
        text: The text.
        path: The file, for messages.
        model: Takes what YAML gives; raises pydantic's error about what it does not understand.

    Raises:
        ConfigError: It is not YAML, gives a key twice, or says something that is not understood.
    """
    try:
        content = yaml.safe_load(text)
        twice = given_twice(text)
    except (RecursionError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} is not YAML: {_one_line(error)}.") from error
    if twice:
        raise wrong(path, text, twice, "It is given twice")
    try:
        return model({} if content is None else content)
    except ValidationError as error:
        first = error.errors()[0]
        raise wrong(path, text, first["loc"], first["msg"]) from error


def wrong(path: Path, text: str, location: Location, says: str) -> ConfigError:
    """The error about one place of a file."""
    key = ".".join(str(each) for each in location) or "the file"
    line = line_of(text, location)
    where = f"{path}, line {line}" if line else str(path)
    return ConfigError(f"{where}: {key}: {says}.")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
