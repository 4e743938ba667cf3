"""Which capabilities are turned on for some items: the fewest that reach the most, by their price.

Greedy: what gains the most items for its price at rest and a person's time comes first, what has no
known price last. What turned out not to be needed, once all is there, is taken out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from mlaudit_reference.capabilities import (
    OF_ALL_DATA,
    Capability,
    capabilities,
    of_what_serves,
    turned,
    turned_on,
)
from mlaudit_reference.delivery.deploy import BY_HAND
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.offers.drafts import Draft
from mlaudit_reference.templates.language import Stack
from mlaudit_reference.templates.stacks import stacks_of

USD_A_MINUTE = 1.0
"""What a minute of a person's time is put at, beside USD a month at rest."""

ON_DEMAND = frozenset({"guard", "monitoring", "promotion", "retraining"})
"""Stacks that every manifest has, and that are deployed only for what somebody wants of them."""


@dataclass(frozen=True)
class System:
    """What would be deployed.

    Attributes:
        manifest: What it is compiled from.
        chosen: The ids of the capabilities that were turned on for the items.
        stacks: Its stacks, in the order of deployment.
    """

    manifest: Manifest
    chosen: frozenset[str]
    stacks: tuple[Stack, ...]

    @cached_property
    def on(self) -> tuple[Capability, ...]:
        """All it can do."""
        there = {each.name for each in self.stacks}
        return tuple(each for each in turned_on(self.manifest) if each.stack in there)

    @cached_property
    def turned(self) -> frozenset[str]:
        """The items that pass once it is deployed and has run."""
        return turned(self.on)

    @cached_property
    def unpriced(self) -> int:
        """How much of it has no known price at rest."""
        return sum(each.idle.usd is None for each in self.on)

    @cached_property
    def price(self) -> float:
        """What it costs: USD for a month at rest, and a person's time as USD."""
        return sum((each.idle.usd or 0) + each.effort * USD_A_MINUTE for each in self.on)


@dataclass(frozen=True)
class Aim:
    """What a system is for.

    Attributes:
        wanted: The ids of the items that are to pass.
        held: Those that pass now, and should not be lost to it.
        kept: The names of stacks that it has in any case, such as those that are deployed.
    """

    wanted: frozenset[str]
    held: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    def gained(self, system: System) -> frozenset[str]:
        """What of the wanted items a system turns."""
        return system.turned & self.wanted

    def shaken(self, system: System) -> frozenset[str]:
        """What passes now and is judged of new endpoints, or of new training, of a system too.

        Until these are used nothing of it passes, and later what the system turns itself.
        """
        new = {each.name for each in system.stacks} - self.kept
        judged = OF_ALL_DATA if "training" in new else frozenset[str]()
        if any(each.is_endpoint and each.stack in new for each in system.on):
            judged |= of_what_serves()
        return self.held & judged

    def lost(self, system: System) -> frozenset[str]:
        """What passes now and does not as long as a system is beside what is there."""
        return self.shaken(system) - system.turned

    def value(self, system: System) -> int:
        """How many items more pass with a system."""
        return len(self.gained(system)) - len(self.lost(system))


@dataclass(frozen=True)
class _Chooser:
    """What does not change while one looks for a system."""

    draft: Draft
    aim: Aim
    seen: dict[frozenset[str], System | None] = field(default_factory=dict)

    def system(self, chosen: frozenset[str]) -> System | None:
        """The system with these turned on; ``None`` where it cannot be."""
        if chosen not in self.seen:
            self.seen[chosen] = self._system(chosen)
        return self.seen[chosen]

    def _system(self, chosen: frozenset[str]) -> System | None:
        rows = [each for each in capabilities() if each.id in chosen]
        manifest = self.draft.manifest(rows)
        if manifest is None:
            return None
        needed = self.aim.kept.union(*({each.stack, *each.beside} for each in rows))
        stacks = tuple(
            each
            for each in stacks_of(manifest)
            if each.name not in BY_HAND and (each.name not in ON_DEMAND or each.name in needed)
        )
        found = System(manifest, chosen, stacks)
        return found if chosen <= {each.id for each in found.on} else None

    def starts(self) -> Iterator[System]:
        """What can be begun with: a system answers in some way."""
        ways = [frozenset({each.id}) for each in capabilities() if _is_way_to_answer(each)]
        for chosen in [frozenset[str]()] if self.draft.targets else ways:
            if found := self.system(chosen):
                yield found

    def steps(self, system: System) -> Iterator[System]:
        """What it becomes by one thing more, or by two that need each other."""
        missing = (self.aim.wanted | self.aim.lost(system)) - system.turned
        for each in capabilities():
            for item in missing.intersection(each.items):
                pairs = product([each.id], each.together.get(item, (each.id,)))
                for chosen in {frozenset({each.id}), *map(frozenset, pairs)}:
                    if not chosen <= system.chosen:
                        found = self.system(system.chosen | chosen)
                        if found and self.aim.value(found) > self.aim.value(system):
                            yield found

    def grown(self, system: System) -> System:
        """It with all that gains something, the best first."""
        while more := list(self.steps(system)):
            system = min(more, key=self._rank(system))
        return system

    def _rank(self, before: System) -> Callable[[System], tuple[int, float, list[str]]]:
        def rank(after: System) -> tuple[int, float, list[str]]:
            gained = self.aim.value(after) - self.aim.value(before)
            price = max(after.price - before.price, USD_A_MINUTE)
            return after.unpriced, -gained / price, sorted(after.chosen)

        return rank

    def pruned(self, system: System) -> System:
        """It without what the rest does as well, the dearest taken out first."""
        rows = [each for each in capabilities() if each.id in system.chosen]
        for each in sorted(rows, key=lambda row: -(row.idle.usd or 0)):
            less = self.system(system.chosen - {each.id})
            if less and self._is_as_good(less, system):
                system = less
        return system

    def _is_as_good(self, one: System, other: System) -> bool:
        aim = self.aim
        return aim.gained(one) >= aim.gained(other) and aim.lost(one) <= aim.lost(other)


def choose(draft: Draft, aim: Aim) -> System | None:
    """The system that turns the most of the wanted items, and of such the one that costs least.

    Args:
        draft: What it may become.
        aim: What it is for.

    Returns:
        The system; ``None`` where none turns any of the items, or each takes as many away.
    """
    chooser = _Chooser(draft, aim)
    found = [chooser.pruned(chooser.grown(each)) for each in chooser.starts()]
    best = min(
        found,
        key=lambda each: (
            -aim.value(each),
            each.unpriced,
            each.price,
            sorted(each.chosen),
        ),
        default=None,
    )
    return best if best and aim.gained(best) and aim.value(best) > 0 else None


def _is_way_to_answer(capability: Capability) -> bool:
    return set(capability.setting) == {"targets"} and bool(capability.items)
