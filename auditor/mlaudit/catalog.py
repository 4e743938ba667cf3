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
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from inspect import getdoc
from itertools import chain
from types import ModuleType
from typing import Any, get_args, get_origin, get_type_hints

from mlaudit.audit import Scope
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
    """

    version: str
    sections: Mapping[int, str]
    items: tuple[Item, ...]
    any_of: tuple[frozenset[str], ...]
    floor: frozenset[str]
    streaming_item: str
    checks: Mapping[str, Check]


@cache
def catalogue() -> Catalogue:
    """The catalogue of the installed check pack.

    Raises:
        CatalogueError: No pack is installed, or it is declared wrongly.
    """
    packs = [entry.load() for entry in entry_points(group="mlaudit.checks")]
    if not packs:
        raise CatalogueError("No checks are installed. Reinstall mlaudit.")
    return load_catalogue(packs[0])


def load_catalogue(pack: ModuleType) -> Catalogue:
    """Read a pack's catalogue and discover its checks.

    Raises:
        CatalogueError: The pack is declared wrongly.
    """
    import yaml  # noqa: PLC0415 - only when checks are needed

    document = yaml.safe_load((files(pack) / "catalogue.yaml").read_text("utf-8"))
    pages = {section["number"]: section["page"] for section in document["sections"]}
    items = tuple(_item(each, pages) for each in document["items"])
    checks = _discover(pack)
    any_of = tuple(frozenset(group) for group in document["any_of"])
    rules = {*document["floor"], document["streaming_item"], *chain.from_iterable(any_of)}
    _require_one_item_each(items, rules | checks.keys())
    return Catalogue(
        version=_version(document),
        sections={section["number"]: section["title"] for section in document["sections"]},
        items=items,
        any_of=any_of,
        floor=frozenset(document["floor"]),
        streaming_item=document["streaming_item"],
        checks=checks,
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
    )


def _version(document: Mapping[str, Any]) -> str:
    content = json.dumps(document, sort_keys=True).encode()
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
