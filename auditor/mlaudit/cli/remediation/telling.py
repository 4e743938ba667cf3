"""A plan and what became of it, in a terminal: how promises were kept, what was taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from rich import box
from rich.console import Console
from rich.table import Table

from mlaudit.audit import Outcome
from mlaudit.cli.remediation.drafting import Drafted, written
from mlaudit.cli.remediation.scene import Scene
from mlaudit.model import Status
from mlaudit.remediate.comparison import Prediction
from mlaudit.remediate.undo import Fate, TakenBack, Undone
from mlaudit.remediate.verification import Turn, Verdicts, Verification
from mlaudit_reports import plan_terminal, words
from mlaudit_reports.as_terminal import shown

_TURN: Mapping[Turn, tuple[str, str]] = {
    Turn.KEPT: ("as promised", "green"),
    Turn.WAITS_FOR_USE: ("passes once it has been used", "yellow"),
    Turn.NOT_KEPT: ("not as promised", "red"),
    Turn.NOT_SEEN: ("could not be seen", "magenta"),
}
_FATE: Mapping[Fate, str] = {
    Fate.UNDONE: "taken back",
    Fate.WAS_SO: "as before already",
    Fate.PARTLY: "taken back as far as AWS lets it",
    Fate.CHANGED: "left alone, as somebody else changed it since",
    Fate.KEPT: "kept, as it holds data or others need it",
    Fate.FAILED: "not taken back",
}


def show(drafted: Drafted, scene: Scene) -> None:
    """Show a plan in the terminal, and write it."""
    console = Console(highlight=False)
    plan_terminal.render(drafted.report, console)
    if drafted.predictions is not None:
        tell_predictions(drafted.predictions, drafted.limits)
    for path in written(drafted, scene.state, scene.role_arn):
        console.print(f"Wrote {path}", markup=False, soft_wrap=True)


def tell_predictions(changed: Iterable[Prediction], limits: Iterable[str]) -> None:
    """Print what a rehearsal foresees, and what it cannot."""
    console = Console(highlight=False)
    found = tuple(changed)
    if not found:
        console.print("Rehearsed: no verdict changes by the plan alone.")
    else:
        console.print("Rehearsed in an emulated account; today, and with the plan applied:")
        console.print(_items(found, console))
    for each in limits:
        console.print(shown(console, f"Not foreseen: {each}"), soft_wrap=True)


def tell_verification(found: Verification) -> None:
    """Print the verdicts before and after, and what became of each promise."""
    console = Console(highlight=False)
    scores = Table("workload", "score", "gates that opened", "maturity", box=box.SIMPLE_HEAD)
    for each in found.verdicts:
        scores.add_row(shown(console, each.workload), *_standings(each))
    console.print(scores)
    if found.changed:
        console.print(_items(found.changed, console))
    if found.promises:
        console.print(_promises(found, console))
    for gap in found.gaps:
        console.print(shown(console, f"Cannot be seen any more: {gap.words}"), soft_wrap=True)
    for arn in found.orphans:
        console.print(shown(console, f"Belongs to no workload: {arn}"), soft_wrap=True)
    for one in found.worse:
        worse = f"{one.item} of {one.workload}, {_status(one.now)} -> {_status(one.then)}"
        console.print(shown(console, f"Worse, and not foreseen: {worse}"), soft_wrap=True)
    said = "All is as promised." if found.is_as_promised else "Not all is as promised."
    console.print(said, style="bold green" if found.is_as_promised else "bold red")


def tell_taken_back(found: TakenBack) -> None:
    """Print what became of each change, and whether all is as before."""
    console = Console(highlight=False)
    for fate, count in Counter(each.fate for each in found.changes).items():
        console.print(f"{words.number(count, 'change')}: {_FATE[fate]}")
    for each in found.changes:
        if each.fate not in {Fate.UNDONE, Fate.WAS_SO} or each.why:
            console.print(shown(console, f"  {_told(each)}"), soft_wrap=True)
    console.print(_end(found), style="bold green" if found.is_done else "bold red")


def _end(found: TakenBack) -> str:
    if found.is_as_before:
        return "All that the run changed is as it was before."
    if found.is_done:
        return "All that the run changed is as it was before, as far as AWS lets it."
    return "Not all is as it was before."


def _told(each: Undone) -> str:
    about = f"{each.intent.about}: {_FATE[each.fate]}"
    return f"{about}: {each.why}" if each.why else about


def _items(changed: Iterable[Prediction], console: Console) -> Table:
    table = Table("workload", "item", "before", "after", "because", box=box.SIMPLE_HEAD)
    for each in changed:
        if each.now is each.then:
            continue
        style = "red" if each.is_worse else "green"
        table.add_row(
            shown(console, each.workload),
            each.item,
            _status(each.now),
            shown(console, _status(each.then), style),
            shown(console, each.summary),
        )
    return table


def _promises(found: Verification, console: Console) -> Table:
    table = Table("workload", "promised item", "now", "", box=box.SIMPLE_HEAD)
    for each in found.promises:
        said, style = _TURN[each.turn]
        table.add_row(
            shown(console, each.promise.workload),
            each.promise.item,
            _status(each.status),
            shown(console, said, style),
        )
    return table


def _status(status: Status | None) -> str:
    return "-" if status is None else words.STATUS[status]


def _standings(each: Verdicts) -> Iterator[str]:
    before, after = each.before, each.after
    scores = [
        "-" if one is None else f"{one.scores.gate.complete} of {one.scores.gate.applicable}"
        for one in (before, after)
    ]
    yield " -> ".join(scores)
    opened = [
        target
        for target, outcome in (after.gates if after else {}).items()
        if outcome is Outcome.OPEN and (before is None or before.gates[target] is not Outcome.OPEN)
    ]
    yield ", ".join(opened) or "none"
    levels = [
        f"{old if before else '-'} -> {new}"
        for ladder, new in (after.levels if after else {}).items()
        if (old := before.levels.get(ladder, "-") if before else "-") != new
    ]
    yield "; ".join(levels) or "unchanged"
