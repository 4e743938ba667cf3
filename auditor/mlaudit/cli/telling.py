"""A decision in words: what was decided, by which numbers, and what would change it."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from mlaudit.audit import Audit, Outcome
from mlaudit.decision import Decision
from mlaudit.denials import TITLES, Denial, Effort
from mlaudit.model import Status
from mlaudit.versions import Candidate, Need
from mlaudit_reports import words
from mlaudit_reports.inert import visible

_COLOUR = {Outcome.OPEN: "green", Outcome.CLOSED: "red", Outcome.CANNOT_DECIDE: "magenta"}
_DO = {
    Effort.LET_SEE: "Let it be seen",
    Effort.ATTEST: "Have a person attest",
    Effort.FINISH: "Finish",
    Effort.BUILD: "Build",
}
_MOST = 12


def tell(decision: Decision, audit: Audit) -> None:
    """Print the decision; colours show only on a terminal."""
    console = Console(highlight=False)
    question, outcome = decision.question, decision.outcome
    head = Text(f"{question.target.value.capitalize()} gate: ", "bold")
    head.append(words.OUTCOME[outcome], f"bold {_COLOUR[outcome]}")
    head.append(f" for {visible(question.words)}")
    console.print(head, soft_wrap=True)
    for reason in decision.refusals:
        _line(console, reason)
    if decision.gate:
        _about(decision, audit, console)
    if outcome is not Outcome.OPEN:
        _against(decision, console)


def _about(decision: Decision, audit: Audit, console: Console) -> None:
    gate = decision.gate
    where = f"{visible(decision.workload)} in {decision.region} of account {audit.account}"
    _line(console, f"workload {where}, read {words.moment(audit.started_at)}", "dim")
    if decision.regressions is not None:
        found = ", ".join(decision.regressions) or "nothing"
        _line(console, f"Worse than in the baseline: {found}.")
    elif gate:
        for reason in gate.reasons:
            _line(console, reason)
    for each in decision.candidates:
        _candidate(each, console)


def _candidate(candidate: Candidate, console: Console) -> None:
    places = ", ".join(map(visible, candidate.serves))
    serves = f", which serves on {places}" if places else ", which serves nowhere yet"
    console.print()
    console.print(Text(f"Candidate {visible(candidate.name)}{serves}", "bold"), soft_wrap=True)
    for (status, summary), needs in _alike(candidate).items():
        titles = TITLES[needs[0]] if len(needs) == 1 else ", ".join(needs).capitalize()
        _line(console, f"{words.SYMBOL[status]} {titles}: {visible(summary)}")


def _alike(candidate: Candidate) -> dict[tuple[Status, str], list[Need]]:
    """What is asked of a version, joined where the answer is the same."""
    found: dict[tuple[Status, str], list[Need]] = {}
    for each in candidate.requirements:
        found.setdefault((each.status, each.summary), []).append(each.need)
    return found


def _against(decision: Decision, console: Console) -> None:
    must = [each for each in decision.denials if each.required]
    others = [each for each in decision.denials if not each.required]
    _listed("Each of these keeps it shut", must, console)
    if decision.regressions is not None:
        _listed("Became worse", others, console)
    elif others:
        _listed(f"And {decision.short_by} of these {len(others)}", others, console)


def _listed(title: str, denials: list[Denial], console: Console) -> None:
    if not denials:
        return
    console.print()
    console.print(Text(f"{title}, the least effort first:", "bold"))
    for each in denials[:_MOST]:
        _line(console, f"{_DO[each.effort]}: {each.item} {each.title} ({visible(each.summary)})")
        if each.next_step:
            console.print(Padding(Text(each.next_step, "dim"), (0, 0, 0, 6)))
    _line(console, _more(len(denials) - _MOST))


def _more(count: int) -> str:
    return f"and {count} more; --json lists them all" if count > 0 else ""


def _line(console: Console, text: str, style: str = "") -> None:
    if text:
        console.print(Padding(Text(text, style), (0, 0, 0, 2)))
