"""The shape of ``mlaudit.yaml``, from which its published schema derives."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from mlaudit.audit import ExceptionReason
from mlaudit.declarations import AcceptedException, Attestation, Declarations, NotApplicable
from mlaudit.thresholds import DEFAULT_CAP_PERCENT, DEFAULT_PERCENT, Rules, Target
from mlaudit.workloads import PROJECT_TAG, WORKLOAD_TAG

DEFAULT_WINDOW = 90
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LONGEST_TEXT = 2000


def _as_day(value: Any) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise PydanticCustomError("day", "Give a day, such as 2026-03-31") from error


Text = Annotated[str, Field(min_length=1, max_length=_LONGEST_TEXT, pattern=r"\S")]
Day = Annotated[date, BeforeValidator(_as_day)]
Link = Annotated[str, Field(max_length=_LONGEST_TEXT, pattern=r"^(https?|s3)://\S+$")]
Percent = Annotated[int, Field(strict=True, ge=1, le=100)]
Item = Annotated[str, Field(description="The item's id in the checklist, in quotes.")]
WorkloadName = Annotated[
    str, Field(min_length=1, description="The workload's name; * is every workload.")
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Tags(_Part):
    """The tag keys that name a workload."""

    workload: Annotated[str, Field(min_length=1)] = WORKLOAD_TAG
    project: Annotated[str, Field(min_length=1)] = PROJECT_TAG


class Thresholds(_Part):
    """The share of applicable items, in percent, that each promotion target asks for.

    The guide asks 90 before streaming and names no other target; the other defaults are mlaudit's.
    """

    streaming: Percent = DEFAULT_PERCENT[Target.STREAMING]
    realtime: Percent = DEFAULT_PERCENT[Target.REALTIME]
    serverless: Percent = DEFAULT_PERCENT[Target.SERVERLESS]
    async_: Percent = Field(default=DEFAULT_PERCENT[Target.ASYNC], alias="async")
    batch: Percent = DEFAULT_PERCENT[Target.BATCH]
    registry: Percent = DEFAULT_PERCENT[Target.REGISTRY]


class Gates(_Part):
    """What the gates are decided by. Whatever differs from the defaults is told in every report."""

    thresholds: Thresholds = Thresholds()
    not_applicable_cap: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(
        default=DEFAULT_CAP_PERCENT,
        description="The share of the checklist, in percent, that may be left out as not "
        "applicable; more than the default needs approved_by.",
    )
    floor: Annotated[bool, Field(strict=True)] = Field(
        default=True,
        description="Whether no item of mlaudit's own floor set may fail or be unseen.",
    )
    approved_by: Text | None = Field(
        default=None, description="Who allows a higher not_applicable_cap than the default."
    )

    def rules(self) -> Rules:
        """What is decided, as the engine takes it."""
        asked = self.thresholds.model_dump(by_alias=True)
        return Rules(
            percent={each: asked[each.value] for each in Target},
            cap_percent=self.not_applicable_cap,
            floor=self.floor,
            approved_by=self.approved_by,
        )


class AttestationEntry(_Part):
    """A person's word that an item is done, where no API can tell."""

    item: Item
    workload: WorkloadName
    who: Text = Field(description="Who says so.")
    when: Day = Field(description="The first day it holds.")
    link: Link = Field(description="Where the evidence is.")
    expires: Day = Field(description="The last day it holds, at most 180 days after the first.")
    statement: Text = Field(description="What the person says.")


class NotApplicableEntry(_Part):
    """A person's word that an item does not apply."""

    item: Item
    workload: WorkloadName
    reason: Text = Field(description="Why it does not apply.")
    who: Text = Field(description="Who says so.")


class ExceptionEntry(_Part):
    """A finding that is knowingly left open; it completes nothing."""

    item: Item
    workload: WorkloadName
    reason: ExceptionReason = Field(description="Why it is left open.")
    owner: Text = Field(description="Who answers for it.")
    ticket: Text = Field(description="Where it is followed up.")
    scope: Text = Field(description="What it is limited to.")
    expires: Day = Field(description="The last day it holds.")
    statement: Annotated[str, Field(max_length=_LONGEST_TEXT)] = Field(
        default="", description="More about it."
    )


class Document(_Part):
    """The configuration of mlaudit."""

    window_days: Annotated[int, Field(ge=1)] = Field(
        default=DEFAULT_WINDOW,
        description="Days in which something must have run to count as exercised.",
    )
    tags: Tags = Tags()
    workloads: dict[str, Annotated[list[str], Field(min_length=1)]] = Field(
        default={}, description="Patterns of names or ARNs for each workload."
    )
    gates: Gates = Gates()
    attestations: list[AttestationEntry] = []
    not_applicable: list[NotApplicableEntry] = []
    exceptions: list[ExceptionEntry] = []

    def declarations(self) -> Declarations:
        """What people declare, as the engine takes it."""
        return Declarations(
            attestations=tuple(_value(Attestation, each) for each in self.attestations),
            not_applicable=tuple(_value(NotApplicable, each) for each in self.not_applicable),
            exceptions=tuple(_value(AcceptedException, each) for each in self.exceptions),
        )


T = TypeVar("T", Attestation, NotApplicable, AcceptedException)


def _value(kind: type[T], entry: _Part) -> T:
    return kind(**{each.name: getattr(entry, each.name) for each in fields(kind)})


def schema() -> str:
    """Write the JSON Schema of the file."""
    plain = Document.model_json_schema()
    published = {
        "$schema": _DIALECT,
        "$id": "urn:mlaudit:config:1",
        **plain,
        "title": "mlaudit.yaml",
    }
    return json.dumps(published, indent=2) + "\n"
