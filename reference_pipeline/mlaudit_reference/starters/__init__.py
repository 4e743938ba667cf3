"""Files for a repository to start from, with what they help with and what they do not prove.

They are made to be filled in: until then a test fails, and no runbook lies where runbooks are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass as checked

from mlaudit_reference.delivery.repository import PRE_COMMIT, as_yaml
from mlaudit_reference.starters import ci

_ORIGIN = "# To start from: change it as the repository needs it.\n"
_STRANGE = re.compile(r"[^\w .:/@+-]")
_NAME = "WORKLOAD"
"""What stands for the workload in the files."""


class Host(StrEnum):
    """Where the repository is checked. The values are public API."""

    GITHUB = "github"
    GITLAB = "gitlab"
    JENKINS = "jenkins"
    CODEBUILD = "codebuild"


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class File:
    """One file of a starter.

    Attributes:
        path: Its path in the repository.
        source: The file it is made from, or ``made`` for one that code makes.
        about: What it is for.
        host: The host it is for; ``None`` for any.
    """

    path: str
    source: str
    about: str
    host: Host | None = None


@checked(frozen=True, config=ConfigDict(extra="forbid"), kw_only=True)
class Starter:
    """Files that belong together.

    Attributes:
        id: Its name in plans.
        title: What they do, as an imperative.
        items: The checklist items they help with.
        disposition: How much care they ask for.
        risk: What can go wrong.
        not_proven: What they do not prove by being there.
        exercise: What has to happen for the items to pass.
        effort: Minutes of a person's time for filling them in.
        files: The files.
    """

    id: str
    title: str
    items: tuple[str, ...]
    disposition: Literal["safe", "needs_review"]
    risk: str
    not_proven: str
    exercise: str
    effort: int
    files: tuple[File, ...]


@checked(frozen=True)
class Offered:
    """A starter for one repository.

    Attributes:
        starter: The starter.
        items: The wanted items that it helps with.
        contents: What is in its files, by their paths.
    """

    starter: Starter
    items: tuple[str, ...]
    contents: Mapping[str, bytes]


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _Table:
    starters: tuple[Starter, ...]
    attestations: Mapping[str, str]


def starters(items: Collection[str], host: Host, workload: str) -> tuple[Offered, ...]:
    """The files that help with some items of the checklist.

    Args:
        items: The ids of the items that are wanted.
        host: Where the repository is checked.
        workload: The workload it is of.
    """
    return tuple(
        Offered(each, helped, contents)
        for each in _table().starters
        if (helped := tuple(id_ for id_ in _helped(each) if id_ in items))
        and (contents := dict(_contents(each, helped, host, workload)))
    )


def all_starters() -> tuple[Starter, ...]:
    """Every starter there is."""
    return _table().starters


def attestable() -> Mapping[str, str]:
    """What a person has to be able to say of an item that AWS cannot tell, by its id."""
    return _table().attestations


def _helped(starter: Starter) -> tuple[str, ...]:
    return tuple(attestable()) if starter.id == _ATTESTATIONS else starter.items


_ATTESTATIONS = "attestations"


@cache
def _table() -> _Table:
    text = (files(__name__) / "starters.yaml").read_text("utf-8")
    return TypeAdapter(_Table).validate_python(yaml.safe_load(text))


def _contents(
    starter: Starter, items: Collection[str], host: Host, workload: str
) -> Iterator[tuple[str, bytes]]:
    for each in starter.files:
        if each.host in {None, host}:
            yield each.path, _content(starter, each, items, workload)


def _content(starter: Starter, file: File, items: Collection[str], workload: str) -> bytes:
    if file.source != "made":
        text = (files(__name__) / "files" / file.source).read_text("utf-8")
        return text.replace(_NAME, _STRANGE.sub("_", workload)).encode()
    if starter.id == _ATTESTATIONS:
        return _attestations(items, workload).encode()
    if file.host is None:
        return as_yaml(PRE_COMMIT, _ORIGIN)
    return ci.text_for(file.host.value, _ORIGIN).encode()


def _attestations(items: Collection[str], workload: str) -> str:
    """A configuration that claims nothing: a person takes away what makes it a comment."""
    lines = [
        "# What AWS cannot tell, for a person to say. Nothing here counts while it is a comment.",
        "# Take the marks away from what is true, say who says so and what shows it, and delete",
        "# the rest: an attestation that somebody else could not check is worth nothing.",
        "# attestations:",
    ]
    for id_ in items:
        lines += ["#", f"# {id_}: {attestable()[id_]}", *_entry(id_, workload)]
    return "\n".join(lines) + "\n"


def _entry(item: str, workload: str) -> Iterator[str]:
    members: Mapping[str, Any] = {
        "item": json.dumps(item),
        "workload": json.dumps(workload),
        "who": "# a person",
        "when": "# a day, such as 2026-03-31",
        "expires": "# a day, a year later at the latest",
        "link": "# https://… to what shows it",
        "statement": "# what you know to be true",
    }
    for number, (name, value) in enumerate(members.items()):
        yield f"# {'-' if number == 0 else ' '} {name}: {value}"
