"""The checklist as data, and the checks that judge its items.

A check pack is a package behind the entry point group ``mlaudit.checks``: a ``catalogue.yaml`` and
modules with one check each. The engine knows no item.
"""

from __future__ import annotations

import hashlib
import json
import pkgutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from inspect import getdoc
from itertools import chain
from types import ModuleType
from typing import Any, get_args, get_origin, get_type_hints

from mlaudit.audit import Scope
from mlaudit.beyond import GroupText
from mlaudit.errors import MlauditError
from mlaudit.evidence import Evidence
from mlaudit.model import Verdict

GUIDE = "https://docs.aws.amazon.com/prescriptive-guidance/latest/mlops-checklist/"


class CatalogueError(MlauditError):
    """A check pack is declared wrongly; the message says how to mend it."""


@dataclass(frozen=True)
class Check:
    """The judgement of one item; still callable like the function it was made of.

    Attributes:
        id: The item's id.
        function: Evidence in, verdict out. Pure.
        needs: The type of evidence each parameter asks for.
        rationale: Its docstring: why the item matters, then what counts.
    """

    id: str
    function: Callable[..., Verdict]
    needs: Mapping[str, type]
    rationale: str

    def __call__(self, *args: Any, **kwargs: Any) -> Verdict:
        """Judge."""
        return self.function(*args, **kwargs)


def check(item: str) -> Callable[[Callable[..., Verdict]], Check]:
    """Declare the check of an item; its parameters name the evidence it needs.

    Args:
        item: The item's id in the catalogue.
    """

    def declare(function: Callable[..., Verdict]) -> Check:
        hints = get_type_hints(function)
        hints.pop("return", None)
        return Check(
            id=item,
            function=function,
            needs={name: _needed(hint) for name, hint in hints.items()},
            rationale=getdoc(function) or "",
        )

    return declare


def _needed(hint: Any) -> type:
    kind: type = get_args(hint)[0] if get_origin(hint) is Evidence else hint
    return kind


@dataclass(frozen=True)
class Framework:
    """A neighbouring framework that items are mapped to.

    Attributes:
        id: Its key in the items' maps.
        title: Its name.
        as_of: The state of it that the maps were made for.
        dates: Days from which it binds, and what then does.
    """

    id: str
    title: str
    as_of: date
    dates: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Level:
    """One rung of a ladder.

    Attributes:
        name: Its name.
        requires: What it asks for beyond the levels before it: of each group of ids one item.
    """

    name: str
    requires: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Ladder:
    """Maturity levels, cumulative.

    Attributes:
        id: Its key in an audit.
        title: What it is called.
        source: Whose levels they are; the mapping to items is ours.
        start: What a workload is on that has not reached the first level.
        levels: From the lowest to the highest.
    """

    id: str
    title: str
    source: str
    start: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Item:
    """One item of the checklist, as the catalogue describes it.

    Attributes:
        id: Its id, never reused.
        title: Its title.
        section: Number of its section.
        asks: What it asks for, in our words.
        proof: ``automatic``, ``partly`` or ``person``: how far AWS APIs can prove it.
        scope: What it is judged for.
        next_step: What to do when it is not complete.
        numbering: ``guide`` or ``unverified``.
        guidance: The page of the guide.
        maps: Related ids by framework.
        group: The group of practices it belongs to; empty for everything else.
        made_of: The results it is derived from: of each group of ids the best one counts.
    """

    id: str
    title: str
    section: int
    asks: str
    proof: str
    scope: Scope
    next_step: str
    numbering: str
    guidance: str
    maps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group: str = ""
    made_of: tuple[tuple[str, ...], ...] = ()

    @property
    def rests_on(self) -> str:
        """The results it is derived from, in words."""
        return ", ".join(" or ".join(group) for group in self.made_of)


@dataclass(frozen=True)
class Catalogue:
    """The checklist with its rules and its checks.

    Attributes:
        version: The edition and a digest of its content: it changes when anything in it does.
        sections: Titles by number.
        items: All items in order.
        any_of: Groups of which one complete item covers the others in the gate score.
        floor: Items that must not fail for the streaming gate to open.
        streaming_item: The item that is about the gate itself, left out of it.
        checks: The checks there are, by item.
        extended: What is judged beyond the checklist, outside of every score and gate.
        extended_checks: The checks there are of it, by id.
        groups: The groups of those of it that are practices of a document.
        ladders: The maturity levels.
        frameworks: What the items' maps lead to.
    """

    version: str
    sections: Mapping[int, str]
    items: tuple[Item, ...]
    any_of: tuple[frozenset[str], ...]
    floor: frozenset[str]
    streaming_item: str
    checks: Mapping[str, Check]
    extended: tuple[Item, ...] = ()
    extended_checks: Mapping[str, Check] = field(default_factory=dict)
    groups: tuple[GroupText, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    frameworks: tuple[Framework, ...] = ()


@cache
def catalogue() -> Catalogue:
    """The catalogue of the installed check pack.

    Raises:
        CatalogueError: No pack is installed, or it is declared wrongly.
    """
    return load_catalogue(installed_pack())


def installed_pack() -> ModuleType:
    """The installed check pack.

    Raises:
        CatalogueError: No pack is installed.
    """
    packs = [entry.load() for entry in entry_points(group="mlaudit.checks")]
    if not packs:
        raise CatalogueError("No checks are installed. Reinstall mlaudit.")
    pack: ModuleType = packs[0]
    return pack


def load_catalogue(pack: ModuleType) -> Catalogue:
    """Read a pack's catalogue and discover its checks.

    Raises:
        CatalogueError: The pack is declared wrongly.
    """
    import yaml  # noqa: PLC0415 - only when checks are needed

    document = yaml.safe_load((files(pack) / "catalogue.yaml").read_text("utf-8"))
    pages = {section["number"]: section["page"] for section in document["sections"]}
    items = tuple(_item(each, pages) for each in document["items"])
    document["extended"] = _beyond_document(pack, "extended.yaml")
    document["practices"] = _beyond_document(pack, "practices.yaml")
    groups = document["practices"].get("groups", ())
    extended = (
        *(_extended_item(each) for each in document["extended"].get("items", ())),
        *(_extended_item(each, group["id"]) for group in groups for each in group["practices"]),
    )
    beyond = {each.id for each in extended}
    found = _discover(pack)
    checks = {id_: each for id_, each in found.items() if id_ not in beyond}
    any_of = tuple(frozenset(group) for group in document["any_of"])
    described = (*document.get("ladders", ()), *document["practices"].get("ladders", ()))
    ladders = tuple(_ladder(each, items) for each in described)
    frameworks = tuple(_framework(each) for each in document.get("frameworks", ()))
    rules = {*document["floor"], document["streaming_item"], *chain.from_iterable(any_of)}
    rules |= {id_ for each in ladders for level in each.levels for id_ in chain(*level.requires)}
    _require_one_item_each((*items, *extended), rules | found.keys())
    _require_results_before(items, extended)
    _require_known_frameworks(items, {each.id for each in frameworks})
    return Catalogue(
        version=_version(document),
        sections={section["number"]: section["title"] for section in document["sections"]},
        items=items,
        any_of=any_of,
        floor=frozenset(document["floor"]),
        streaming_item=document["streaming_item"],
        checks=checks,
        extended=extended,
        extended_checks={id_: each for id_, each in found.items() if id_ in beyond},
        groups=tuple(GroupText(each["id"], each["title"], each["source"]) for each in groups),
        ladders=ladders,
        frameworks=frameworks,
    )


def _require_one_item_each(items: tuple[Item, ...], named: set[str]) -> None:
    described = Counter(item.id for item in items)
    twice = sorted(id_ for id_, times in described.items() if times > 1)
    if twice:
        raise CatalogueError(f"Items described twice: {', '.join(twice)}. Remove one of each.")
    unknown = sorted(named - described.keys())
    if unknown:
        raise CatalogueError(
            f"Rules or checks without a catalogue item: {', '.join(unknown)}. Add the items to "
            "catalogue.yaml or correct the ids."
        )


def _require_results_before(items: tuple[Item, ...], extended: tuple[Item, ...]) -> None:
    known = {item.id for item in items}
    for entry in extended:
        if later := sorted({*chain(*entry.made_of)} - known):
            raise CatalogueError(
                f"{entry.id} is derived from what is not judged before it: {', '.join(later)}. "
                "Correct the ids, or move it down."
            )
        known.add(entry.id)


def _require_known_frameworks(items: tuple[Item, ...], known: set[str]) -> None:
    unknown = sorted({name for item in items for name in item.maps} - known)
    if unknown:
        raise CatalogueError(
            f"Items are mapped to frameworks without an entry: {', '.join(unknown)}. Add them to "
            "frameworks or correct the names."
        )


def _framework(record: Mapping[str, Any]) -> Framework:
    return Framework(
        id=record["id"],
        title=record["title"],
        as_of=record["as_of"],
        dates=tuple((each["day"], each["what"]) for each in record.get("dates", ())),
    )


def _ladder(record: Mapping[str, Any], items: tuple[Item, ...]) -> Ladder:
    levels = []
    before: set[tuple[str, ...]] = set()
    for each in record["levels"]:
        groups = [group for wanted in each["requires"] for group in _groups(wanted, items)]
        levels.append(Level(each["name"], tuple(group for group in groups if group not in before)))
        before |= {*groups}
    return Ladder(record["id"], record["title"], record["source"], record["start"], tuple(levels))


def _groups(wanted: str, items: tuple[Item, ...]) -> list[tuple[str, ...]]:
    if "*" not in wanted:
        return [tuple(wanted.split("|"))]
    return [(item.id,) for item in items if fnmatchcase(item.id, wanted)]


def _item(record: Mapping[str, Any], pages: Mapping[int, str]) -> Item:
    section = int(record["id"].partition(".")[0])
    return Item(
        id=record["id"],
        title=record["title"],
        section=section,
        asks=record["asks"],
        proof=record["proof"],
        scope=Scope(record.get("scope", Scope.WORKLOAD)),
        next_step=record.get("next_step", ""),
        numbering=record.get("numbering", "guide"),
        guidance=GUIDE + pages[section],
        maps={name: tuple(ids) for name, ids in record.get("maps", {}).items()},
    )


def _beyond_document(pack: ModuleType, name: str) -> Mapping[str, Any]:
    """What a pack judges beyond the checklist, which it need not."""
    import yaml  # noqa: PLC0415 - only when checks are needed

    path = files(pack) / name
    found: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
    return found


def _extended_item(record: Mapping[str, Any], group: str = "") -> Item:
    """An entry beyond the checklist: it is of no section and has no page in the guide."""
    made_of = tuple(tuple(each.split("|")) for each in record.get("from", ()))
    return Item(
        id=record["id"],
        title=record["title"],
        section=0,
        asks=record["asks"],
        proof="automatic",
        scope=Scope(record.get("scope", Scope.WORKLOAD)),
        next_step=record.get("next_step", ""),
        numbering="extended",
        guidance="",
        group=group,
        made_of=made_of,
    )


def _version(document: Mapping[str, Any]) -> str:
    content = json.dumps(document, sort_keys=True, default=str).encode()
    return f"{document['edition']}+{hashlib.sha256(content).hexdigest()[:8]}"


def _discover(pack: ModuleType) -> dict[str, Check]:
    found: dict[str, Check] = {}
    for module in pkgutil.walk_packages(pack.__path__, f"{pack.__name__}."):
        if not module.name.rpartition(".")[2].startswith("c"):
            continue
        declared = [
            each for each in vars(import_module(module.name)).values() if isinstance(each, Check)
        ]
        if len(declared) != 1:
            raise CatalogueError(
                f"{module.name} declares {len(declared)} checks. Put exactly one in each module."
            )
        if declared[0].id in found:
            raise CatalogueError(f"Item {declared[0].id} has two checks. Remove one.")
        found[declared[0].id] = declared[0]
    return found
