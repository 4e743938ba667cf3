"""What a scenario brings beside its account: a configuration and checkouts, as teams have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter, ValidationError

from mlaudit.emulator.errors import ScenarioError
from mlaudit.emulator.placeholders import UnknownPlaceholderError, filled
from mlaudit.emulator.scenario import Scenario, read_yaml

_FILES = TypeAdapter(dict[str, str])


@dataclass(frozen=True, slots=True)
class Companions:
    """Where the files lie that a scenario brings.

    Attributes:
        config: The configuration; ``None`` where it brings none.
        repositories: The checkouts, each as ``WORKLOAD=folder``.
    """

    config: Path | None
    repositories: tuple[str, ...]


@contextmanager
def companions(scenario: Scenario, now: datetime) -> Iterator[Companions]:
    """Lay out what a scenario brings, for the length of a block.

    Args:
        scenario: The scenario.
        now: The present, for the days that the configuration names.

    Raises:
        ScenarioError: A file is not there, or something in it is wrong.
    """
    with TemporaryDirectory(prefix="mlaudit-") as name:
        folder = Path(name).resolve()
        yield Companions(
            config=_config(scenario.config, folder, now) if scenario.config else None,
            repositories=tuple(
                f"{workload}={_checkout(workload, path, folder)}"
                for workload, path in scenario.repositories.items()
            ),
        )


def _config(path: Path, folder: Path, now: datetime) -> Path:
    """Write the configuration with the days it names by their distance."""
    target = folder / "mlaudit.yaml"
    try:
        target.write_text(str(filled(path.read_text(encoding="utf-8"), {}, now)), encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, UnknownPlaceholderError) as error:
        raise ScenarioError(f"{path.name}: {error}.") from error
    return target


def _checkout(workload: str, path: Path, folder: Path) -> Path:
    top = folder / "repositories" / workload
    top.mkdir(parents=True)
    for name, text in _files(path).items():
        target = top / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return top


def _files(path: Path) -> Mapping[str, str]:
    """The texts of a checkout by their paths."""
    try:
        files = _FILES.validate_python(read_yaml(path)[0])
    except ValidationError as error:
        raise ScenarioError(f"{path.name} does not give texts by their paths.") from error
    outside = [each for each in files if {"", "..", "/"} & {*PurePosixPath(each).parts, each}]
    if outside:
        raise ScenarioError(f"{path.name}: {outside[0]!r} is no path inside a checkout.")
    return files
