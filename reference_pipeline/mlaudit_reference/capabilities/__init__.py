"""What the reference pipeline can do, one row for each thing that can be turned on by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass as checked

from mlaudit_reference.manifest import Manifest


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class Price:
    """What something costs in us-east-1.

    Attributes:
        usd: USD a month at rest, or for one run; ``None`` where it is not known.
        how: What it is made of, and where the prices come from.
    """

    usd: float | None
    how: str


@checked(frozen=True, config=ConfigDict(extra="forbid"), kw_only=True)
class Capability:
    """One thing the pipeline can do.

    Attributes:
        id: Its name in settings and plans.
        title: Its name for people.
        setting: What turns it on, as a part of a manifest; empty for what is always there.
        without: The same part with it turned off; ``None`` for what cannot be.
        stack: The stack it is deployed with.
        step: The step of the training pipeline that does it, if one does.
        code: The files of the container code it runs, below ``mlaudit_reference/``.
        tests: The tests of it, from the top of the repository.
        items: The checklist items that pass once it is deployed and has run.
        together: Of these, those that pass only with one of some other capabilities.
        served: Of these, those that pass only where an endpoint of the system serves.
        beside: The stacks that must be deployed too for any of them to pass.
        after: What must have run for that.
        prevents: Items that do not pass beside it, whatever else is turned on, with the reason.
        cannot: Items that one might expect of it and that it cannot turn, with the reason.
        is_endpoint: Whether it is an endpoint, which answers as long as it is there.
        yours: What only its user can say for it, as a part of a sentence; empty for what can be
            turned on as ``setting`` is.
        effort: Minutes that reviewing it and following it up takes a person, as we estimate.
        idle: What it costs a month at rest.
        run: What a run of it costs.
    """

    id: str
    title: str
    setting: Mapping[str, Any] = field(default_factory=dict)
    without: Mapping[str, Any] | None = None
    stack: str
    step: str | None = None
    code: tuple[str, ...] = ()
    tests: tuple[str, ...]
    items: tuple[str, ...] = ()
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    served: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    after: str = ""
    prevents: Mapping[str, str] = field(default_factory=dict)
    cannot: Mapping[str, str] = field(default_factory=dict)
    is_endpoint: bool = False
    yours: str = ""
    effort: int = 10
    idle: Price
    run: Price

    def is_in(self, manifest: Manifest) -> bool:
        """Whether a manifest turns it on."""
        return _includes(manifest.model_dump(mode="json"), self.setting)


_BEYOND = frozenset({"4.10", "5.8"})
"""Items that no capability turns and that are judged of every endpoint."""

OF_ALL_DATA = frozenset({"1.2"})
"""Items that no capability turns and that are judged of all that a workload trains on."""

_DIGEST = "@sha256:"
"""In the name of an image: any image that is named so is named by its digest."""

_CAPABILITIES = TypeAdapter(tuple[Capability, ...])


@cache
def capabilities() -> tuple[Capability, ...]:
    """All of them, in the order in which a system grows."""
    text = (files(__name__) / "capabilities.yaml").read_text("utf-8")
    return _CAPABILITIES.validate_python(yaml.safe_load(text))


def turned_on(manifest: Manifest) -> tuple[Capability, ...]:
    """What a manifest turns on, in the order of the table."""
    document = manifest.model_dump(mode="json")
    return tuple(each for each in capabilities() if _includes(document, each.setting))


def turned_by(manifest: Manifest) -> frozenset[str]:
    """The checklist items that pass once a system is deployed and has run."""
    return turned(turned_on(manifest))


def turned(capabilities: Iterable[Capability]) -> frozenset[str]:
    """The checklist items that pass once these are deployed, and no others, and have run."""
    on = tuple(capabilities)
    known, stacks = {each.id for each in on}, {each.stack for each in on}
    serves = any(each.is_endpoint for each in on)
    found = {
        item
        for each in on
        for item in each.items
        if stacks.issuperset(each.beside)
        if serves or item not in each.served
        if item not in each.together or known & set(each.together[item])
    }
    return frozenset(found - {item for each in on for item in each.prevents})


@cache
def of_what_serves() -> frozenset[str]:
    """Items that are judged of every endpoint that serves, or of every model on one.

    One more endpoint can take them from a workload that has them.
    """
    found = set(_BEYOND)
    for each in capabilities():
        found |= {*each.served, *each.prevents, *(each.items if each.is_endpoint else ())}
    return frozenset(found)


def _includes(whole: object, part: object) -> bool:
    """Whether what is said in one document is said in another; of a list, each entry."""
    if isinstance(part, Mapping):
        return isinstance(whole, Mapping) and all(
            _includes(whole.get(key), value) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(each in whole for each in part)
    if isinstance(part, str) and _DIGEST in part:
        return isinstance(whole, str) and _DIGEST in whole
    return whole == part
