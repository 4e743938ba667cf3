"""Scenario files: what an emulated account holds, written as calls to AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mlaudit.emulator.errors import ScenarioError

BUNDLED = Path(__file__).parent / "scenarios"
"""Where the scenarios lie that come with the package."""
_SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True)
class SeedCall:
    """One call of a scenario and where it was written."""

    file: str
    line: int
    number: int
    call: str
    at: str
    params: dict[str, Any]
    save: dict[str, str]
    becomes: dict[str, Any]
    by: str
    each: tuple[Any, ...] | str

    @property
    def place(self) -> str:
        """Return where the call is written, for messages."""
        return f"{self.file}:{self.line}: call {self.number} ({self.call})"


@dataclass(frozen=True, slots=True)
class Scenario:
    """An account to emulate: who it is, what the auditor is refused, what was called in it.

    Beside it, the file of its team's configuration, and for workloads the files of their checkouts.
    """

    name: str
    description: str
    account: str
    region: str
    denied: tuple[str, ...]
    throttled: tuple[str, ...]
    values: dict[str, Any]
    calls: tuple[SeedCall, ...]
    config: Path | None
    repositories: Mapping[str, Path]


class _CallEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    call: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[A-Z][A-Za-z0-9]+$")]
    at: str = "now"
    params: dict[str, Any] = Field(default_factory=dict, alias="with")
    save: dict[str, str] = Field(default_factory=dict)
    becomes: dict[str, Any] = Field(default_factory=dict)
    by: str = ""
    for_each: list[dict[str, Any] | str | int] | str | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    description: str = ""
    account: Annotated[str, Field(pattern=r"^\d{12}$")] = "123456789012"
    region: str = "us-east-1"
    denied: list[str] = Field(default_factory=list)
    throttled: list[str] = Field(default_factory=list)
    include: list[str] = Field(default_factory=list)
    values: dict[str, Any] = Field(default_factory=dict)
    config: str | None = None
    repositories: dict[Annotated[str, Field(pattern=r"^[\w][\w.-]*$")], str] = Field(
        default_factory=dict
    )
    calls: list[_CallEntry] = Field(default_factory=list)


def bundled_scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the package."""
    return tuple(sorted(path.stem for path in BUNDLED.glob(f"*{_SUFFIX}")))


def load_scenario(name_or_path: str) -> Scenario:
    """Read a bundled scenario by name, or any by path.

    Raises:
        ScenarioError: it is not there, or something in it is wrong.
    """
    path = BUNDLED / f"{name_or_path}{_SUFFIX}"
    if name_or_path not in bundled_scenarios():
        path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(bundled_scenarios())
        raise ScenarioError(
            f"There is no scenario {name_or_path!r}: give the path of a file, or one of {known}."
        )
    main, _ = _read(path)
    parts = list(_with_includes(path, set()))
    values: dict[str, Any] = {}
    for part, _, _ in parts:
        values |= part.values
    return Scenario(
        name=path.stem,
        description=main.description,
        account=main.account,
        region=main.region,
        denied=tuple(item for part, _, _ in parts for item in part.denied),
        throttled=tuple(item for part, _, _ in parts for item in part.throttled),
        values=values,
        calls=tuple(call for part in parts for call in _calls(*part)),
        config=path.parent / main.config if main.config else None,
        repositories={name: path.parent / file for name, file in main.repositories.items()},
    )


def _with_includes(path: Path, seen: set[Path]) -> Iterator[tuple[_File, Path, list[int]]]:
    if path in seen:
        raise ScenarioError(f"{path.name} includes itself.")
    content, lines = _read(path)
    yield content, path, lines
    for name in content.include:
        included = path.parent / name
        if not included.is_file():
            raise ScenarioError(f"{path.name} includes {name}, which does not exist.")
        yield from _with_includes(included, seen | {path})


def _read(path: Path) -> tuple[_File, list[int]]:
    content, node = read_yaml(path)
    lines = _call_lines(node)
    try:
        return _File.model_validate(content), lines
    except ValidationError as error:
        raise ScenarioError(_first_problem(path, error, lines)) from error


def read_yaml(path: Path) -> tuple[Any, Any]:
    """Return what a file says, empty for nothing, and its nodes.

    Raises:
        ScenarioError: It cannot be read, or is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text) or {}
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (RecursionError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path.name} is not YAML: {' '.join(str(error).split())}.") from error
    return content, node


def _call_lines(node: Any) -> list[int]:
    if not isinstance(node, yaml.MappingNode):
        return []
    for key, value in node.value:
        if key.value == "calls" and isinstance(value, yaml.SequenceNode):
            return [item.start_mark.line + 1 for item in value.value]
    return []


def _first_problem(path: Path, error: ValidationError, lines: list[int]) -> str:
    problem = error.errors()[0]
    where = [str(part) for part in problem["loc"]]
    place = path.name
    if len(where) > 1 and where[0] == "calls":
        number = int(where[1])
        place = f"{path.name}:{lines[number]}: call {number + 1}"
        where = where[2:]
    return f"{place}: {'.'.join(where) or 'the file'}: {problem['msg']}."


def _calls(content: _File, path: Path, lines: list[int]) -> Iterator[SeedCall]:
    for number, (entry, line) in enumerate(zip(content.calls, lines, strict=True), start=1):
        each = entry.for_each if entry.for_each is not None else [{}]
        yield SeedCall(
            file=path.name,
            line=line,
            number=number,
            call=entry.call,
            at=entry.at,
            params=entry.params,
            save=entry.save,
            becomes=entry.becomes,
            by=entry.by,
            each=each if isinstance(each, str) else tuple(each),
        )
