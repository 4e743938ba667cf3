"""How scores and gates are counted, told to whoever reads a report, with the rules of its audit."""

from collections.abc import Iterator
from dataclasses import dataclass

from mlaudit.thresholds import RulesText, TargetRule


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One rule of the arithmetic, explained."""

    about: str
    text: str


_STATUSES = (
    Paragraph(
        "Status",
        "Pass: what the item asks for ran with success inside the evidence window, on what "
        "serves. Partial: it is set up, and nothing shows that it ran. Fail: it was looked for "
        "everywhere it could be, and is not there. Not applicable: a reason is on record. Not "
        "assessed: it could not be seen, or nothing checks it yet; this is no fail and no pass.",
    ),
    Paragraph(
        "Complete",
        "An item is complete when it passes, or when a person attests it and the attestation is "
        "still valid. Partial, fail and not assessed are not complete.",
    ),
    Paragraph(
        "Attestation and exception",
        "A person's word completes an item only where AWS cannot tell: it lifts no partial and no "
        "fail, and counts for nothing while a read fails that could contradict it. An exception "
        "says who leaves a finding open, why and how long; it completes nothing.",
    ),
    Paragraph(
        "Strict score",
        "Complete items over all items of the catalogue. What does not apply counts as incomplete.",
    ),
)
_PLATFORM = Paragraph(
    "Platform",
    "Platform items are judged once for a region and inherited by every workload in it. An "
    "account has no mean score: each workload stands for itself, and the lowest of each score "
    "stands below them.",
)


def method(rules: RulesText) -> tuple[Paragraph, ...]:
    """Explain the arithmetic by the rules that an audit was counted by."""
    return (
        *_STATUSES,
        Paragraph("Gate score", _gate_score(rules)),
        Paragraph(
            "Evidence-only score", "Like the gate score, with attested items counted as incomplete."
        ),
        Paragraph("Streaming gate", " ".join(_streaming_gate(rules))),
        Paragraph("Gates of other targets", _other_gates(rules)),
        _PLATFORM,
    )


def _gate_score(rules: RulesText) -> str:
    usual = f" (by default {rules.default_cap_percent} %{_allowed(rules)})"
    cap = f"{rules.cap_percent} %{usual * (rules.cap_percent != rules.default_cap_percent)}"
    return (
        "Complete items over applicable items. What does not apply leaves the denominator, up to "
        f"{cap} of the catalogue. Once one release strategy of a group of which any will do is "
        f"complete, the others leave it too. Item {rules.streaming_item}, which asks for the "
        "streaming gate itself, is left out."
    )


def _allowed(rules: RulesText) -> str:
    return f"; more is allowed by {rules.approved_by}" if rules.approved_by else ""


def _streaming_gate(rules: RulesText) -> Iterator[str]:
    asked = next(each.percent for each in rules.targets if each.target == "streaming")
    own = f" (the guide asks {rules.guide_percent} %)" * (asked != rules.guide_percent)
    floor = "and no item of the floor set fails or is unseen" if rules.floor else ""
    yield (
        f"It is open when complete over applicable is at least {asked} %{own} {floor}".strip() + "."
    )
    if rules.floor:
        yield (
            "The floor set is this tool's own: the guardrails, observability and monitoring "
            f"without which no model should act on a stream ({', '.join(rules.floor)})."
        )
    else:
        yield "The floor set of this tool is switched off by the configuration."
    if asked < rules.guide_percent:
        yield f"Item {rules.streaming_item} still asks {rules.guide_percent} %."
    yield (
        "When what could not be seen may change the answer, the gate says that it cannot decide, "
        "and does not open."
    )


def _other_gates(rules: RulesText) -> str:
    others = ", ".join(_asks(each) for each in rules.targets if each.target != "streaming")
    return (
        f"Decided as the streaming gate is, by thresholds of this tool's own: {others}. The guide "
        "names none for them."
    )


def _asks(rule: TargetRule) -> str:
    usual = f" (by default {rule.default} %)" * (rule.percent != rule.default)
    return f"{rule.target} {rule.percent} %{usual}"
