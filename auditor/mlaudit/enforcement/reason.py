"""A decision in one line, as the registry keeps it with a version. Pure."""

from __future__ import annotations

from mlaudit.collect.registry import GATE_NOTE
from mlaudit.decision import Decision

LIMIT = 1024
"""The characters that SageMaker keeps of a reason; line breaks are not among them."""

_ELLIPSIS = "…"


def reason(decision: Decision) -> str:
    """Why the gate did not open, the least effort first, cut to what the registry holds."""
    target = decision.question.target.value
    parts = [f"{GATE_NOTE} for {target}: {decision.outcome.value.replace('_', ' ')}."]
    parts += decision.refusals
    parts += decision.gate.reasons if decision.gate else ()
    must = [each for each in decision.denials if each.required]
    others = [each for each in decision.denials if not each.required]
    for title, denials in (("Each keeps it shut", must), ("Open besides", others)):
        if denials:
            listed = "; ".join(f"{each.item} {each.title} ({each.summary})" for each in denials)
            parts.append(f"{title}: {listed}.")
    return one_line(" ".join(parts))


def one_line(text: str) -> str:
    """Text without line breaks and what cannot be seen, as long as the registry allows."""
    seen = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return seen if len(seen) <= LIMIT else seen[: LIMIT - len(_ELLIPSIS)] + _ELLIPSIS
