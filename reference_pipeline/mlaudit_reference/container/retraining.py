"""Should training start anew, and why? A small function that says so, and nothing that starts it.

Guide items 8.4 to 8.7: on a schedule, on new data, when quality drops, and on drift.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from mlaudit_reference.container.failures import InputError


@dataclass(frozen=True)
class Policy:
    """When training starts anew.

    Attributes:
        max_days: Days since the last training after which it does in any case; ``None``: never.
        min_new_rows: New labelled records from which it does; ``None``: whatever comes in.
        quality_min: Area under the ROC curve in production below which it does.
        psi_max: Population stability index above which it does.
        ndcg_min: Agreement of attributions below which it does.
        rest_days: Days for which it does not, after the last time, whatever the reason.
        warm_start: Whether it may go on from the model that serves.
    """

    max_days: float | None = 30
    min_new_rows: int | None = 20_000
    quality_min: float | None = 0.68
    psi_max: float | None = 0.2
    ndcg_min: float | None = 0.9
    rest_days: float = 1
    warm_start: bool = False


@dataclass(frozen=True)
class State:
    """How things stand; ``None`` is "not known", and no reason for anything.

    Attributes:
        days_since: Days since the last training; ``None`` if there was none.
        new_rows: Labelled records that came since.
        quality: Area under the ROC curve in production.
        psi: Population stability index of the feature that moved most.
        ndcg: Agreement of attributions with those of training.
        running: Whether training is running now.
    """

    days_since: float | None = None
    new_rows: int | None = None
    quality: float | None = None
    psi: float | None = None
    ndcg: float | None = None
    running: bool = False


@dataclass(frozen=True)
class Decision:
    """Whether training starts.

    Attributes:
        start: Whether it does.
        reasons: Why it does, or why it does not.
        warm_start: Whether it goes on from the model that serves. Not after drift or a drop in
            quality: then what that model learned is what is wrong.
    """

    start: bool
    reasons: tuple[str, ...]
    warm_start: bool


def decide(state: State, policy: Policy) -> Decision:
    """Say whether training should start."""
    if state.running:
        return Decision(start=False, reasons=("training is running",), warm_start=False)
    if state.days_since is None:
        return Decision(start=True, reasons=("there was no training yet",), warm_start=False)
    if state.days_since < policy.rest_days:
        why = f"the last training was {state.days_since:g} days ago"
        return Decision(start=False, reasons=(why,), warm_start=False)
    changes = tuple(_changes(state, policy))
    reasons = (*_time(state, policy), *changes)
    can_go_on = policy.warm_start and not changes
    return Decision(
        bool(reasons), reasons or ("nothing calls for it",), bool(reasons) and can_go_on
    )


def _time(state: State, policy: Policy) -> Iterator[str]:
    """Reasons that leave the model as right as it was."""
    days, rows = state.days_since or 0, state.new_rows
    if policy.max_days is not None and days >= policy.max_days:
        yield f"schedule: {days:g} days since the last training"
    if policy.min_new_rows is not None and rows is not None and rows >= policy.min_new_rows:
        yield f"new data: {rows} records"


def _changes(state: State, policy: Policy) -> Iterator[str]:
    """Reasons that say that the model is no longer right."""
    if _is_below(state.quality, policy.quality_min):
        yield f"quality: {state.quality:.3f} is below {policy.quality_min:g}"
    # A greater index is a worse one.
    if _is_below(policy.psi_max, state.psi):
        yield f"drift: the distribution moved by {state.psi:.3f}"
    if _is_below(state.ndcg, policy.ndcg_min):
        yield f"drift: attributions agree by {state.ndcg:.3f}"


def _is_below(value: float | None, limit: float | None) -> bool:
    return value is not None and limit is not None and value < limit


def handle(event: Mapping[str, Any], _context: object = None) -> dict[str, Any]:
    """Decide for Lambda or Step Functions: ``{"state": …, "policy": …}`` in, a decision out.

    Raises:
        InputError: It names what is not known.
    """
    state = State(**_known(State, event.get("state", {})))
    policy = Policy(**_known(Policy, event.get("policy", {})))
    decision = decide(state, policy)
    return {**asdict(decision), "reasons": list(decision.reasons)}


def _known(kind: type[State | Policy], said: Mapping[str, Any]) -> dict[str, Any]:
    strange = sorted(said.keys() - {field.name for field in fields(kind)})
    if strange:
        raise InputError(f"{kind.__name__.lower()} has no {strange[0]}")
    return dict(said)
