"""The fixes there are, and what only people can do: the texts of the check pack, with planners.

What a fix is for and how it is told is data beside the checklist, in ``fixes.yaml``; how it plans
is code here. Both must be there, and every item they name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from mlaudit.catalog import CatalogueError, catalogue, installed_pack
from mlaudit.remediate.fix import Disposition, Fix
from mlaudit.remediate.fixes import PLANNERS

_FILE = "fixes.yaml"
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Entry(BaseModel):
    """One fix as the file tells it; see :class:`Fix`."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")]
    title: _Text
    items: Annotated[tuple[_Text, ...], Field(min_length=1)]
    disposition: Disposition
    risk: _Text
    back: _Text
    not_proven: Annotated[str, StringConstraints(strip_whitespace=True)]
    exercise: _Text
    effort: Annotated[int, Field(gt=0, strict=True)]
    platform: Annotated[bool, Field(strict=True)] = False
    after: tuple[_Text, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fixes: tuple[_Entry, ...]
    people: dict[str, _Text]


@cache
def fixes() -> tuple[Fix, ...]:
    """Every fix by settings, in the order of the file.

    Raises:
        CatalogueError: The file or a planner is missing, or the file is declared wrongly.
    """
    told = _read(installed_pack())
    return tuple(Fix(**dict(each), plan=PLANNERS[each.id]) for each in told.fixes)


@cache
def people() -> Mapping[str, str]:
    """Why no tool can complete an item, in one sentence, by the ids of such items.

    Raises:
        CatalogueError: As above.
    """
    return _read(installed_pack()).people


def _read(pack: ModuleType) -> _File:
    import yaml  # noqa: PLC0415 - only when fixes are needed

    path = files(pack) / _FILE
    if not path.is_file():
        raise CatalogueError(f"The check pack has no {_FILE}. Reinstall mlaudit.")
    return understood(yaml.safe_load(path.read_text("utf-8")))


def understood(document: Any) -> _File:
    """What the file says, held against the checklist and the planners there are.

    Raises:
        CatalogueError: Something is missing, not known or given twice.
    """
    try:
        told = _File.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(f"{_FILE}: {where}: {first['msg']}.") from error
    ids = [each.id for each in told.fixes]
    _refuse("Fixes described twice", (id_ for id_, times in Counter(ids).items() if times > 1))
    _refuse("Fixes without a planner", set(ids) - PLANNERS.keys())
    _refuse("Planners without a description", PLANNERS.keys() - ids)
    known = {item.id for item in catalogue().items}
    named = {item for each in told.fixes for item in each.items} | told.people.keys()
    _refuse("Fixes to build on", {other for each in told.fixes for other in each.after} - set(ids))
    _refuse("Items that are not in the checklist", named - known)
    return told


def _refuse(words: str, wrong: Iterable[str]) -> None:
    if found := sorted(wrong):
        raise CatalogueError(f"{_FILE}: {words}: {', '.join(found)}.")
