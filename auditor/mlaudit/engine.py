"""Judge one item for one workload: hand a check what it asks for, and survive its mistakes."""

from __future__ import annotations

import logging
from typing import Any

from mlaudit.capabilities import providers
from mlaudit.catalog import Check
from mlaudit.evidence import decide, every_part, verdict
from mlaudit.model import Gap, GapReason, Status, Verdict
from mlaudit.sight import View

logger = logging.getLogger(__name__)


def assess(check: Check | None, view: View, known: dict[type, Any] | None = None) -> Verdict:
    """Judge one item.

    Args:
        check: The item's check; ``None`` while there is none.
        view: What can be seen of the workload.
        known: Values for parameters that are not evidence, by type.
    """
    region = view.region.name
    if check is None:
        gap = Gap("mlaudit:check", region, "no check yet", GapReason.NO_CHECK)
        return Verdict(Status.NOT_ASSESSED, (), (gap,), "no check yet")
    try:
        found = check(**{name: _given(kind, view, known) for name, kind in check.needs.items()})
    except Exception as error:  # the only broad one: a mistake in a check must not end a scan
        logger.exception("the check of item %s failed", check.id)
        gap = Gap("mlaudit:check", region, type(error).__name__, GapReason.CRASHED)
        return verdict(Status.NOT_ASSESSED, (), (gap,))
    # A failure that more sight could turn into a partial is not known to be one.
    return found if found.settled else decide(every_part, found)


def _given(kind: type, view: View, known: dict[type, Any] | None) -> Any:
    if known and kind in known:
        return known[kind]
    provider = providers().get(kind)
    return view.once(provider) if provider else view.of(kind)
