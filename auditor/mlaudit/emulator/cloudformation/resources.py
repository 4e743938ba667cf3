"""What every provider of resources does, and what is kept of what it made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from mlaudit.emulator.cloud import Record
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.errors import Refusal

_GONE_CODES = ("notfound", "nosuch", "doesnotexist", "nonexistent", "missing", "unknownresource")
_VAGUE_CODES = frozenset(["validationexception", "badrequestexception", "clientexception", "404"])
_GONE_WORDS = ("could not find", "does not exist", "not found", "cannot find")


@dataclass(slots=True)
class Made:
    """A resource as far as it has been made.

    Attributes:
        name: The name it gets where the template gives none.
        physical_id: What names it in its service; "" until it exists.
        properties: What it was asked to be.
        known: What is known of it: properties, parameters, answers.
        seen: What describing it told at last, for comparing.
    """

    name: str
    physical_id: str = ""
    properties: Record = field(default_factory=dict)
    known: Record = field(default_factory=dict)
    seen: Record = field(default_factory=dict)


class Provider(Protocol):
    """What makes the resources of one type."""

    @property
    def name_property(self) -> str | None:
        """The property that holds the name of a resource, None where there is none."""

    @property
    def only_name(self) -> str | None:
        """The same property, where two resources cannot have one name."""

    @property
    def replaced(self) -> bool:
        """Whether every change makes another one in its place."""

    @property
    def readable(self) -> bool:
        """Whether there is an operation that describes a resource."""

    def create(self, account: Account, made: Made, properties: Record) -> None:
        """Make it, and note its physical id as soon as there is one."""

    def update(self, account: Account, made: Made, properties: Record) -> None:
        """Let it be as the properties say."""

    def delete(self, account: Account, made: Made) -> None:
        """Unmake it."""

    def read(self, account: Account, made: Made) -> Record | None:
        """Return what describing it tells; None where it is gone."""

    def attribute(self, made: Made, name: str) -> Any:
        """Return an attribute of it, None where it has no such."""

    def member(self, name: str) -> str:
        """Return what operations call a property."""


def is_missing(refusal: Refusal) -> bool:
    """Tell whether a refusal says that there is no such resource."""
    code = refusal.code.lower()
    if any(each in code for each in _GONE_CODES):
        return True
    return code in _VAGUE_CODES and any(each in refusal.message.lower() for each in _GONE_WORDS)


def not_served(name: str, type_name: str) -> Refusal:
    """Return the refusal of a property that nothing here does anything with."""
    return Refusal(
        "NotEmulated", f"The emulated account does not serve the property {name} of {type_name}."
    )
