"""The stacks of a system as values: what is deployed, in which order, with what, and what for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mlaudit_reference import names
from mlaudit_reference.capabilities import Capability
from mlaudit_reference.compiled import compiled
from mlaudit_reference.manifest import Manifest, Mode, document_of, read_manifest
from mlaudit_reference.offers.choosing import System

REVIEW_MINUTES = 5
"""A person's time for looking at a stack before it is deployed."""

_ALONE = frozenset({"batch-platform", "expiry", "foundation", "guard", "training"})
"""Stacks that need no training to be of use."""


@dataclass(frozen=True)
class Upload:
    """A file that goes to a bucket.

    Attributes:
        bucket_from_export: The export that names the bucket.
        key: Its key there.
        file: Its name in ``files_of``.
    """

    bucket_from_export: str
    key: str
    file: str


@dataclass(frozen=True)
class Part:
    """One stack.

    Attributes:
        name: The name it is deployed by.
        stack: Its short name.
        about: What it holds.
        file: Its template, in ``files_of``.
        from_export: The export that names the bucket the template is read from, where it is too
            long for a request.
        parameters: Its parameters: ``Description``, and ``Default`` where there is one.
        needs: The stacks that it imports from, or that it is of no use without.
        gate: The target whose gate must let it through.
        capabilities: What CloudFormation wants to be told.
        tags: Its tags.
        uploads: What is uploaded once it is there.
        on: What comes with it.
        items: The items that pass once it is deployed and was used.
        exercise: What has to happen for that, in words.
    """

    name: str
    stack: str
    about: str
    file: str
    from_export: str | None
    parameters: Mapping[str, Mapping[str, str]]
    needs: tuple[str, ...]
    gate: str | None
    capabilities: tuple[str, ...]
    tags: Mapping[str, str]
    uploads: tuple[Upload, ...]
    on: tuple[Capability, ...]
    items: frozenset[str]
    exercise: str

    @property
    def effort(self) -> int:
        """Minutes of a person's time."""
        return REVIEW_MINUTES + sum(each.effort for each in self.on)


def files_of(manifest: Manifest) -> Mapping[str, bytes]:
    """The templates of a system, and what is uploaded for them, by their names."""
    return _compiled(json.dumps(document_of(manifest), sort_keys=True))


@lru_cache(maxsize=8)
def _compiled(document: str) -> Mapping[str, bytes]:
    """The same of a manifest as text: it is asked for again and again while one plans."""
    kept = ("templates/", "code/", "documents/")
    return {
        name: content
        for name, content in compiled(read_manifest(json.loads(document))).items()
        if name.startswith(kept) or name == "stacks.json"
    }


def parts_of(system: System, files: Mapping[str, bytes]) -> tuple[Part, ...]:
    """The stacks of a system, in the order of deployment.

    Args:
        system: The system.
        files: What ``files_of`` its manifest gives.
    """
    index = json.loads(files["stacks.json"])
    wanted = {each.name for each in system.stacks}
    return tuple(_part(system, each, index) for each in index["stacks"] if each["name"] in wanted)


def _part(system: System, told: Mapping[str, Any], index: Mapping[str, Any]) -> Part:
    own = tuple(each for each in system.on if each.stack == told["name"])
    items = system.turned.intersection(item for each in own for item in each.items)
    uploads = tuple(
        Upload(each["bucket_from_export"], each["key"], each["file"])
        for each in index["uploads"]
        if each["after"] == told["stack_name"]
    )
    bucket = index["uploads"][0]["bucket_from_export"]
    return Part(
        name=told["stack_name"],
        stack=told["name"],
        about=told["about"],
        file=told["template"],
        from_export=bucket if told["from_s3"] else None,
        parameters=told["parameters"],
        needs=_needs(system, told),
        gate=told["gate"],
        capabilities=tuple(told["capabilities"]),
        tags=index["tags"],
        uploads=uploads,
        on=own,
        items=items,
        exercise=exercise(own, items),
    )


def exercise(on: Iterable[Capability], items: Iterable[str]) -> str:
    """What must have happened for some items to pass, in words; empty where nothing must."""
    wanted = set(items)
    told = [each.after for each in on if wanted.intersection(each.items)]
    return "; ".join(dict.fromkeys(told))


def _needs(system: System, told: Mapping[str, Any]) -> tuple[str, ...]:
    """What it imports from, what trains for it, and the endpoint that it passes requests to."""
    manifest = system.manifest
    needs = list(told["needs"])
    if told["name"] not in _ALONE:
        needs.append(names.stack_name(manifest, "training"))
    endpoint = {"serving-api": Mode.REALTIME, "serving-streaming": manifest.streaming.endpoint}
    if told["name"] in endpoint:
        needs.append(names.stack_name(manifest, f"serving-{endpoint[told['name']]}"))
    return tuple(dict.fromkeys(needs))
