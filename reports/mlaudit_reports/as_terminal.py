"""The audit in a terminal: scores first, then what is missing, then what could not be seen."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mlaudit.audit import Audit, GateDecision, ItemResult, Outcome, Scores, Share, WorkloadAudit
from mlaudit.model import Status, Strength
from mlaudit_reports import beyond, grouping, words
from mlaudit_reports.inert import visible

_ROWS = 50
_WORKLOADS = 10
_ITEMS = 15
_ORPHANS = 5
_GAPS = 10
_WARNINGS = 5
_INDENT = (0, 0, 0, 2)
_LADDERS = ("maturity", "automation")

_COLOURS = {
    Status.PASS: "green",
    Status.PARTIAL: "yellow",
    Status.FAIL: "red",
    Status.NOT_APPLICABLE: "dim",
    Status.NOT_ASSESSED: "magenta",
    Outcome.OPEN: "green",
    Outcome.CLOSED: "red",
    Outcome.CANNOT_DECIDE: "magenta",
}
_MOST_URGENT = (Status.FAIL, Status.PARTIAL, Status.NOT_ASSESSED)


def render(audit: Audit, console: Console) -> None:
    """Draw the audit on a console; colours show only where the console can show them."""
    _heading(audit, console)
    _scores(audit, console)
    for workload in audit.workloads[:_WORKLOADS]:
        _workload(workload, audit, console)
    _more(len(audit.workloads) - _WORKLOADS, "workloads in detail", console)
    _platform(audit, console)
    _beyond(audit, console)
    _orphans(audit, console)
    _stale(audit, console)
    _gaps(audit, console)
    _closing(audit, console)


def _heading(audit: Audit, console: Console) -> None:
    regions = ", ".join(audit.regions)
    _line(console, f"Account {audit.account}, {regions}", "bold")
    _line(
        console,
        f"read {words.moment(audit.started_at)}, evidence of the last {audit.window_days} days, "
        f"catalogue {audit.catalogue_version}, mlaudit {audit.tool_version}",
        "dim",
    )


def _scores(audit: Audit, console: Console) -> None:
    if not audit.workloads:
        console.print()
        _line(console, "No workload was found.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Workload", overflow="fold", ratio=1)
    for heading in ("Strict", "Gate score", "Evidence only"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Streaming gate")
    for workload in audit.workloads[:_ROWS]:
        name = shown(console, grouping.full_name(workload, audit))
        table.add_row(name, *_shares(workload.scores), _streaming(workload))
    if audit.lowest:
        table.add_section()
        table.add_row(shown(console, "Lowest of each", "dim"), *_shares(audit.lowest))
    console.print(table)
    _more(len(audit.workloads) - _ROWS, "rows", console)


def _shares(scores: Scores) -> Iterable[str]:
    return (_share(each) for each in (scores.strict, scores.gate, scores.evidence_only))


def _share(share: Share) -> str:
    return f"{share.complete}/{share.applicable}\n{share.percent:.1f} %"


def _streaming(workload: WorkloadAudit) -> Text:
    gate = workload.gates.get(grouping.STREAMING)
    return _outcome(gate) if gate else Text("not judged", "dim")


def _outcome(gate: GateDecision) -> Text:
    return Text(words.OUTCOME[gate.outcome], _COLOURS[gate.outcome])


def _workload(workload: WorkloadAudit, audit: Audit, console: Console) -> None:
    _title(console, grouping.full_name(workload, audit))
    console.print(Padding(_counts(workload.items), _INDENT))
    _not_complete(workload.items, console)
    _declared(workload.items, console)
    _warnings(workload, audit, console)
    _level(workload, audit, console)
    for target, gate in grouping.gates(workload):
        _gate(target, gate, console)


def _warnings(workload: WorkloadAudit, audit: Audit, console: Console) -> None:
    found = beyond.warnings(audit, workload)
    for fact in found[:_WARNINGS]:
        warning = Text.assemble(("Warning: ", "yellow"), shown(console, fact))
        console.print(Padding(warning, _INDENT))
    _more(len(found) - _WARNINGS, "warnings", console)


def _level(workload: WorkloadAudit, audit: Audit, console: Console) -> None:
    """Give the levels that matter most; the written reports have the others."""
    titles = {ladder.id: ladder.title for ladder in audit.ladders}
    for reached in (each for each in workload.levels if each.ladder in _LADDERS):
        heading = Text.assemble(shown(console, titles[reached.ladder]), ": ")
        heading.append(shown(console, words.level(reached)))
        console.print(Padding(heading, _INDENT))


def _gate(target: str, gate: GateDecision, console: Console) -> None:
    """Give the outcome and its reasons; the arithmetic alone of other targets and an open gate."""
    heading = Text.assemble(shown(console, target.capitalize()), " gate: ", _outcome(gate))
    console.print(Padding(heading, _INDENT))
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column()
    grid.add_column(overflow="fold")
    in_short = gate.outcome is Outcome.OPEN or target != grouping.STREAMING
    for reason in gate.reasons[:1] if in_short else gate.reasons:
        grid.add_row("-", shown(console, reason))
    console.print(Padding(grid, (0, 0, 0, 4)))


def _counts(items: Sequence[ItemResult]) -> Text:
    counted = (
        Text(words.counted(items, status), _COLOURS[status])
        for status in grouping.status_counts(items)
    )
    return Text(", ").join(counted)


def _declared(items: Sequence[ItemResult], console: Console) -> None:
    """List what people say of items: words that count, and exceptions."""
    said = [
        (item, words.attestation(item.attestation))
        for item in items
        if item.attestation and item.strength is Strength.ATTESTED
    ]
    said += [(item, words.exception(item.exception)) for item in items if item.exception]
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(overflow="fold", max_width=14)
    grid.add_column(overflow="fold", ratio=1)
    for item, says in said[:_ITEMS]:
        grid.add_row(
            shown(console, item.id),
            Text.assemble(shown(console, item.title, "bold"), ": ", shown(console, says)),
        )
    if said:
        _line(console, "  Said by people:")
        console.print(Padding(grid, _INDENT))
    _more(len(said) - _ITEMS, "declarations", console)


def _stale(audit: Audit, console: Console) -> None:
    if not audit.stale:
        return
    _title(console, f"{len(audit.stale)} declarations do nothing")
    for each in audit.stale[:_ITEMS]:
        console.print(Padding(shown(console, f"{each.item}: {words.stale(each)}"), _INDENT))
    _more(len(audit.stale) - _ITEMS, "declarations", console)


def _not_complete(items: Sequence[ItemResult], console: Console) -> None:
    """List what keeps a score down, the most urgent first."""
    unchecked = sum(grouping.has_no_check(item) for item in items)
    listed = [i for i in items if i.status in _MOST_URGENT and not grouping.has_no_check(i)]
    listed.sort(key=lambda item: (not item.critical, _MOST_URGENT.index(item.status)))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", max_width=14)
    grid.add_column(overflow="fold", ratio=1)
    for item in listed[:_ITEMS]:
        grid.add_row(_status(item), shown(console, item.id), _conclusion(item, console))
    console.print(Padding(grid, _INDENT))
    _more(len(listed) - _ITEMS, "items", console)
    if unchecked:
        _line(console, f"  {unchecked} more not assessed: there is no check for them yet", "dim")


def _status(item: ItemResult) -> Text:
    return Text(words.STATUS[item.status], _COLOURS[item.status])


def _conclusion(item: ItemResult, console: Console) -> Text:
    critical = Text("critical: ", "bold red") if item.critical else ""
    title, summary = shown(console, item.title, "bold"), shown(console, item.summary)
    return Text.assemble(critical, title, ": ", summary)


def _platform(audit: Audit, console: Console) -> None:
    regions = dict.fromkeys(placed.region for placed in audit.platform.items)
    for region in regions:
        items = [placed.item for placed in audit.platform.items if placed.region == region]
        _title(console, f"Platform in {region}, shared by its workloads")
        console.print(Padding(_counts(items), _INDENT))
        _not_complete(items, console)
        _declared(items, console)


def _beyond(audit: Audit, console: Console) -> None:
    if audit.extended:
        console.print()
        _line(console, beyond.in_short(audit))


def _orphans(audit: Audit, console: Console) -> None:
    if not audit.orphans:
        return
    _title(console, f"{len(audit.orphans)} ML resources belong to no workload")
    for arn in audit.orphans[:_ORPHANS]:
        console.print(Padding(shown(console, arn), _INDENT))
    _more(len(audit.orphans) - _ORPHANS, "resources", console)


def _gaps(audit: Audit, console: Console) -> None:
    if not audit.blind_spots:
        return
    _title(console, f"{words.number(len(audit.gaps), 'read')} failed, and what that leaves open")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for spot in audit.blind_spots[:_GAPS]:
        says = [words.REASON[spot.reason], f"leaves open {', '.join(spot.items) or 'no item'}"]
        says += [cure] if (cure := words.cure(spot)) else []
        read = Text.assemble(shown(console, spot.operation, "bold"), ": ")
        grid.add_row(f"{spot.count} x", read.append(shown(console, "; ".join(says))))
    console.print(Padding(grid, _INDENT))
    _more(len(audit.blind_spots) - _GAPS, "kinds of failure", console)


def _closing(audit: Audit, console: Console) -> None:
    gates = [w.gates[grouping.STREAMING] for w in audit.workloads if grouping.STREAMING in w.gates]
    is_open = sum(gate.outcome is Outcome.OPEN for gate in gates)
    seen = "everything that was asked could be seen"
    unseen = f"{words.number(len(audit.gaps), 'failed read')} limit what this says"
    console.print()
    _line(
        console,
        f"Streaming gate open for {is_open} of {len(audit.workloads)} workloads; "
        f"{unseen if audit.gaps else seen}.",
        "bold",
    )


def _title(console: Console, title: str) -> None:
    console.print()
    _line(console, title, "bold underline")


def _more(count: int, what: str, console: Console) -> None:
    if count > 0:
        _line(console, f"  and {count} more {what}; the other formats list them all", "dim")


def _line(console: Console, line: str, style: str = "") -> None:
    console.print(shown(console, line, style))


def shown(console: Console, value: str, style: str = "") -> Text:
    """Make text that neither steers the terminal nor has letters it cannot show."""
    shown = visible(value)
    if console.options.ascii_only:
        shown = shown.encode("ascii", "backslashreplace").decode("ascii")
    return Text(shown, style)
