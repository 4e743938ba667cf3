"""The rules that scores and gates are counted by, as values: what a user may set, and its defaults.

Whatever is laxer than the defaults is told wherever it decides: a gate says so in its reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType


class Target(StrEnum):
    """What a workload may be promoted to. The values are public API."""

    STREAMING = "streaming"
    REALTIME = "realtime"
    SERVERLESS = "serverless"
    ASYNC = "async"
    BATCH = "batch"
    REGISTRY = "registry"


GUIDE_PERCENT = 90
"""The share of the checklist that must be complete before streaming inference (guide, 4.6)."""

DEFAULT_PERCENT: Mapping[Target, int] = MappingProxyType(
    {
        Target.STREAMING: GUIDE_PERCENT,
        Target.REALTIME: 80,
        Target.SERVERLESS: 80,
        Target.ASYNC: 70,
        Target.BATCH: 70,
        Target.REGISTRY: 60,
    }
)
"""The share that each target asks for. The guide names that of streaming alone; the others are
this tool's: where somebody waits for each answer more is asked than where answers can be looked at
before they act, and least where a version is only approved in the registry."""

DEFAULT_CAP_PERCENT = 15
"""The share of the catalogue that may leave the denominator as not applicable."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What scores and gates are counted by.

    Attributes:
        percent: The share of applicable items that each target asks for, in percent.
        cap_percent: The share of the catalogue that may be left out as not applicable.
        floor: Whether no item of the floor set may fail or be unseen.
        approved_by: Who allows a higher cap than the default.
    """

    percent: Mapping[Target, int]
    cap_percent: int
    floor: bool
    approved_by: str | None

    @property
    def of_the_guide(self) -> Rules:
        """The same, with no less before streaming than the guide asks for."""
        percent = max(GUIDE_PERCENT, self.percent[Target.STREAMING])
        return replace(self, percent={**self.percent, Target.STREAMING: percent})


DEFAULT_RULES = Rules(DEFAULT_PERCENT, DEFAULT_CAP_PERCENT, floor=True, approved_by=None)
"""What is counted by unless a configuration says otherwise."""


@dataclass(frozen=True, slots=True)
class TargetRule:
    """What one target asks for.

    Attributes:
        target: What a workload may be promoted to.
        percent: The share of applicable items that must be complete.
        default: What is asked unless a configuration says otherwise.
    """

    target: Target
    percent: int
    default: int


@dataclass(frozen=True, slots=True)
class RulesText:
    """The rules of an audit, for readers of a report.

    Attributes:
        targets: What each target asks for, streaming first.
        guide_percent: What the guide asks for before streaming.
        cap_percent: The share of the catalogue that may be left out as not applicable.
        default_cap_percent: That share unless a configuration says otherwise.
        approved_by: Who allows a higher one.
        floor: Ids of the items that must not fail or be unseen; empty where that is switched off.
        streaming_item: Id of the item that asks for the streaming gate itself.
        any_of: Groups of ids of which one complete item covers the others.
    """

    targets: tuple[TargetRule, ...]
    guide_percent: int
    cap_percent: int
    default_cap_percent: int
    approved_by: str | None
    floor: tuple[str, ...]
    streaming_item: str
    any_of: tuple[tuple[str, ...], ...] = ()


def told(
    rules: Rules,
    floor: tuple[str, ...],
    streaming_item: str,
    any_of: Iterable[Iterable[str]] = (),
) -> RulesText:
    """The rules for readers, with the items that they name."""
    return RulesText(
        targets=tuple(
            TargetRule(each, rules.percent[each], DEFAULT_PERCENT[each]) for each in Target
        ),
        guide_percent=GUIDE_PERCENT,
        cap_percent=rules.cap_percent,
        default_cap_percent=DEFAULT_CAP_PERCENT,
        approved_by=rules.approved_by,
        floor=floor if rules.floor else (),
        streaming_item=streaming_item,
        any_of=tuple(tuple(sorted(group)) for group in any_of),
    )
