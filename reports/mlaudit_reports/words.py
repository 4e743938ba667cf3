"""The words and symbols that all reports share for statuses, strengths, gates and gaps."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from mlaudit.audit import (
    AttestationNote,
    DeclarationKind,
    Effect,
    ExceptionNote,
    ExceptionReason,
    ItemResult,
    Outcome,
    Share,
    Stale,
    StaleDeclaration,
)
from mlaudit.model import GapReason, Status, Strength
from mlaudit.standing import BlindSpot, LadderText, LevelReached, Trend

STATUS: Mapping[Status, str] = {
    Status.PASS: "pass",
    Status.PARTIAL: "partial",
    Status.FAIL: "fail",
    Status.NOT_APPLICABLE: "not applicable",
    Status.NOT_ASSESSED: "not assessed",
}

SYMBOL: Mapping[Status, str] = {
    Status.PASS: "✓",
    Status.PARTIAL: "◐",
    Status.FAIL: "✗",
    Status.NOT_APPLICABLE: "○",
    Status.NOT_ASSESSED: "?",
}

STRENGTH: Mapping[Strength, str] = {
    Strength.EXERCISED: "exercised",
    Strength.CONFIGURED: "configured",
    Strength.ATTESTED: "attested by a person",
    Strength.NONE: "",
}

OUTCOME: Mapping[Outcome, str] = {
    Outcome.OPEN: "open",
    Outcome.CLOSED: "closed",
    Outcome.CANNOT_DECIDE: "cannot decide",
}

REASON: Mapping[GapReason, str] = {
    GapReason.DENIED: "access denied",
    GapReason.THROTTLED: "throttled until the retries ran out",
    GapReason.REGION_OFF: "region not enabled",
    GapReason.OTHER_ACCOUNT: "belongs to another account",
    GapReason.UNSUPPORTED: "not supported by the API",
    GapReason.CONTENT_NOT_READ: "content is read only on request",
    GapReason.BUDGET: "call budget used up",
    GapReason.GONE: "deleted while it was read",
    GapReason.FAILED: "the call failed",
    GapReason.NOT_ASKED: "not asked in this scan",
    GapReason.NO_CHECKOUT: "no checkout was given: scan with --repo, or attest",
    GapReason.NO_CHECK: "no check for this item yet",
    GapReason.CRASHED: "the check itself broke",
}


EFFECT: Mapping[Effect, str] = {
    Effect.COUNTS: "",
    Effect.NOT_NEEDED: "not needed",
    Effect.CONTRADICTED: "contradicted by what was seen",
    Effect.BLIND: "not counted while a read fails",
    Effect.EXPIRED: "expired, not counted",
    Effect.NOT_YET: "not counted before its first day",
}

EXCEPTION: Mapping[ExceptionReason, str] = {
    ExceptionReason.RISK_ACCEPTED: "the risk is accepted",
    ExceptionReason.COMPENSATING_CONTROL: "another control makes up for it",
    ExceptionReason.FIX_SCHEDULED: "a fix is scheduled",
    ExceptionReason.DEPENDS_ON_OTHERS: "it depends on others",
    ExceptionReason.BEING_RETIRED: "it is being retired",
}

DECLARATION: Mapping[DeclarationKind, str] = {
    DeclarationKind.ATTESTATION: "attestation",
    DeclarationKind.NOT_APPLICABLE: "declaration that it does not apply",
    DeclarationKind.EXCEPTION: "exception",
}

STALE: Mapping[Stale, str] = {
    Stale.EXPIRED: "expired on",
    Stale.NOT_YET: "holds only from",
    Stale.NO_WORKLOAD: "names a workload that was not found",
}


def number(count: int, thing: str) -> str:
    """Count things: 1 read, 2 reads."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def counted(items: Iterable[ItemResult], status: Status) -> str:
    """Count the items of a status; of those that pass, tell how many a person's word makes."""
    found = [item for item in items if item.status is status]
    attested = sum(item.strength is Strength.ATTESTED for item in found)
    apart = f" ({attested} of them attested)" if attested else ""
    return f"{len(found)} {STATUS[status]}{apart}"


def trend(found: Trend | None) -> str:
    """Tell what changed of a workload; a dash where no earlier audit knows it."""
    if found is None:
        return "—"
    changes = [f"{len(found.better)} better"] if found.better else []
    changes += [f"{len(found.worse)} worse"] if found.worse else []
    before = f"{found.complete}/{found.applicable} on {found.since:%Y-%m-%d}"
    return f"{', '.join(changes) or 'no change'} since {before}"


def level(reached: LevelReached) -> str:
    """Tell where a workload stands on a ladder, and what keeps it from the next level."""
    if reached.next is None:
        return reached.reached
    unknown = set(reached.unknown)
    missing = (any_of(each) + " (not assessed)" * (each in unknown) for each in reached.missing)
    return f"{reached.reached}. For {reached.next}: {', '.join(missing)}"


def rule(ladder: LadderText) -> str:
    """Tell what each level asks for, and whose levels they are."""
    levels = (
        f"{each.name}: {', '.join(any_of(group) for group in each.requires)}."
        for each in ladder.levels
    )
    return (
        f"After {ladder.source}; which items belong to a level is this tool's own reading. "
        f"A level asks for its items and for those of all levels below: {' '.join(levels)}"
    )


def cure(spot: BlindSpot) -> str:
    """Tell what would let a read succeed; nothing where only AWS or another account could."""
    match spot.reason:
        case GapReason.DENIED:
            return f"allow {', '.join(spot.allow)}" if spot.allow else "allow the call"
        case GapReason.THROTTLED | GapReason.FAILED | GapReason.GONE:
            return "scan again"
        case GapReason.BUDGET:
            return "scan with a higher --max-calls"
        case _:
            return ""


def any_of(group: Iterable[str]) -> str:
    """Name items of which one is enough."""
    return " or ".join(group)


def attestation(note: AttestationNote) -> str:
    """Tell whose word it is, how long it holds and what it does."""
    effect = f" ({EFFECT[note.effect]})" if EFFECT[note.effect] else ""
    said = f"attested by {note.who} on {note.when} until {note.expires}{effect}"
    return f"{said}: {note.statement} Evidence: {note.link}"


def exception(note: ExceptionNote) -> str:
    """Tell who leaves a finding open, why and how long."""
    holds = f"expired on {note.expires}" if note.expired else f"until {note.expires}"
    why = f"{EXCEPTION[note.reason]}, for {note.scope}"
    more = f": {note.statement}" if note.statement else ""
    return f"exception {holds}, owner {note.owner}, ticket {note.ticket}: {why}{more}"


def stale(each: StaleDeclaration) -> str:
    """Tell what a declaration was about, and why it does nothing."""
    what = f"the {DECLARATION[each.kind]} of {each.who} for {each.workload}"
    return f"{what} {STALE[each.why]}{f' {each.day}' if each.day else ''}"


def share(value: Share) -> str:
    """Write a score as the fraction it is, then in percent."""
    return f"{value.complete}/{value.applicable} ({value.percent:.1f} %)"


def moment(value: datetime) -> str:
    """Write a time to the minute, for people."""
    return value.strftime("%Y-%m-%d %H:%M UTC")
