"""Which items stay out of reach, and why: what the table of capabilities says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlaudit_reference.capabilities import Capability, capabilities
from mlaudit_reference.offers.choosing import System


def unreachable(items: Iterable[str], system: System | None) -> Mapping[str, str]:
    """Why a system does not turn some items, as sentences.

    Args:
        items: The ids of items; those that it turns are left out.
        system: The system; ``None`` where nothing is deployed.
    """
    on = system.on if system else ()
    turned = system.turned if system else frozenset[str]()
    return {item: next(_reasons(item, on)) for item in items if item not in turned}


def _reasons(item: str, on: tuple[Capability, ...]) -> Iterator[str]:
    """Reasons, the closest first."""
    for each in on:
        if item in each.prevents:
            yield f"Not beside what else was chosen ({each.title}): {each.prevents[item]}"
    able = [each for each in capabilities() if item in each.items]
    for each in able:
        if each.yours:
            yield f"It takes what only you can say: {each.yours}."
    if able:
        titles = " or ".join(f'"{each.title}"' for each in able)
        yield f"It takes {titles}, which does not go with what else is said, chosen or passes now."
    for each in sorted(capabilities(), key=lambda one: one not in on):
        if item in each.cannot:
            yield f"{each.title}: {each.cannot[item]}"
    yield "Nothing of the reference pipeline completes it."
