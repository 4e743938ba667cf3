"""A plan in a terminal: five sentences, then what, for how much, at what risk, and what is left."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mlaudit.remediate.change import Change, Pinned
from mlaudit.remediate.fix import Disposition
from mlaudit.remediate.plan import Plan, StackChange, Step
from mlaudit_reports import plan_costs as costs
from mlaudit_reports import plan_reading as reading
from mlaudit_reports import words
from mlaudit_reports.as_terminal import shown
from mlaudit_reports.plan_differences import diff, wanted
from mlaudit_reports.plan_reading import PlanReport

_LINES = 12
_ROWS = 60

_COLOURS = {
    Disposition.SAFE: "green",
    Disposition.NEEDS_REVIEW: "yellow",
    Disposition.DISRUPTIVE: "red",
}
_SIGNS = {"+": "green", "-": "red"}


def render(report: PlanReport, console: Console) -> None:
    """Draw the plan on a console; colours show only where the console can show them."""
    for sentence in reading.summary(report):
        console.print(shown(console, sentence))
    for step in report.plan.steps:
        _step(step, report, console)
    _costs(report.plan, console)
    _risks(report, console)
    _proofs(report.plan, console)
    _promises(report.plan, console)
    _people(report.plan, console)
    _left_alone(report, console)


def _step(step: Step, report: PlanReport, console: Console) -> None:
    heading = Text.assemble(
        shown(console, f"{step.id} {step.title}", "bold underline"),
        " (",
        Text(reading.DISPOSITION[step.disposition], _COLOURS[step.disposition]),
        ")",
    )
    console.print()
    console.print(heading)
    items = ", ".join(step.items) or "none"
    effort = words.number(step.effort, "minute")
    _indented(
        console,
        f"for {reading.whose(step.workload)}, items {items}; about {effort} of a person's time",
    )
    if step.waits:
        _indented(console, f"Not applied yet: waits for {step.waits}", "yellow")
    if step.stack:
        _stack(step.stack, report.plan, console)
    _listed(console, (f"Write {each.path}: {each.about}" for each in step.files))
    for each in step.pinned:
        _pinned(each, report, console)
    if not step.pinned and not step.left_alone:
        for change in step.changes:
            _unseen(change, report, console)


def _stack(stack: StackChange, plan: Plan, console: Console) -> None:
    fate = reading.fate(stack)
    _indented(console, f"{fate} the stack {stack.name} in {stack.region}: {stack.about}")
    made = reading.resources(plan, stack)
    parameters = [f"parameter {name} is {stack.parameters[name]}" for name in stack.parameters]
    uploads = [f"{each.file} is uploaded as {each.key}" for each in stack.uploads]
    told = [f"CloudFormation is told {each}" for each in stack.capabilities]
    _listed(console, [*made, *sorted(parameters), *told, *uploads])


def _pinned(each: Pinned, report: PlanReport, console: Console) -> None:
    change = each.change
    what = f"{reading.verb(each)} {report.thing(change)} {reading.name_of(change)}"
    managed = f" (managed by {each.managed_by}, which may change it back)" * bool(each.managed_by)
    _indented(console, f"{what} in {change.region}: {change.about}{managed}")
    _diff(diff(each), console)


def _unseen(change: Change, report: PlanReport, console: Console) -> None:
    what = f"{report.thing(change).capitalize()} {reading.name_of(change)} in {change.region}"
    _indented(console, f"{what}, which nobody has looked at yet: {change.about}")
    _diff(wanted(change), console)


def _diff(lines: Sequence[str], console: Console) -> None:
    for each in lines[:_LINES]:
        _indented(console, each, _SIGNS[each[0]], by=4)
    _more(len(lines) - _LINES, "lines", console)


def _costs(plan: Plan, console: Console) -> None:
    _title(console, "What it costs")
    console.print(shown(console, costs.price_source(), "dim"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Step", no_wrap=True)
    table.add_column("", overflow="fold", ratio=1)
    for heading in ("idle/month", "a run", "1000 req.", "at most/month"):
        table.add_column(heading, justify="right", overflow="fold")
    for id_, title, bill in [*reading.rows(plan)][:_ROWS]:
        sums = (bill.idle, bill.run, bill.thousand, bill.worst)
        table.add_row(id_, shown(console, title), *map(costs.money, sums))
    table.add_section()
    whole = plan.bill
    sums = (whole.idle, whole.run, whole.thousand, whole.worst)
    table.add_row("", "All that is applied", *map(costs.money, sums))
    if reading.waiting(plan):
        later = reading.bill_of_waiting(plan)
        sums = (later.idle, later.run, later.thousand, later.worst)
        table.add_row("", "What waits, besides", *map(costs.money, sums))
    console.print(table)
    _more(len(plan.steps) - _ROWS, "rows", console)
    _listed(console, (f"No known price: {each}" for each in costs.unknowns(whole)))
    _listed(console, (f"To be verified: {each}" for each in costs.unverified(whole)))


def _risks(report: PlanReport, console: Console) -> None:
    _title(console, "What can go wrong, and how to go back")
    for each in reading.risks(report):
        care, risk, back, *lost = each.texts
        _named(f"{each.name} ({care})", f"{risk} Back: {back}", console)
        _listed(console, (f"Does not come back: {one}" for one in lost))


def _proofs(plan: Plan, console: Console) -> None:
    open_ = reading.proofs(plan)
    if not open_:
        return
    _title(console, "What it does not prove")
    for each in open_:
        not_proven, exercise = each.texts
        then = f" Then: {exercise}" if exercise else ""
        _named(each.name, f"{not_proven}{then}".strip(), console)


def _promises(plan: Plan, console: Console) -> None:
    if not plan.promises:
        return
    _title(console, "What becomes of the items")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Item", "Workload", "Now", "Once applied", "Passes once used"):
        table.add_column(heading, overflow="fold")
    for each in plan.promises[:_ROWS]:
        applied = each.applied or "not rehearsed"
        used = "yes" if each.used else "no"
        told = (each.item, reading.whose(each.workload), each.now, applied, used)
        table.add_row(*(shown(console, one) for one in told))
    console.print(table)
    _more(len(plan.promises) - _ROWS, "items", console)


def _people(plan: Plan, console: Console) -> None:
    if not plan.people:
        return
    _title(console, "What people must do")
    for each in plan.people[:_ROWS]:
        head = shown(console, f"{each.item} for {reading.whose(each.workload)}: ", "bold")
        told = head + shown(console, f"{each.why} {each.what}")
        console.print(Padding(told, (0, 0, 0, 2)))
    _more(len(plan.people) - _ROWS, "items", console)
    if any(each.attest for each in plan.people):
        ids = dict.fromkeys(each.item for each in plan.people if each.attest)
        said = "A person's word completes these once it is true (`mlaudit attest`): "
        _indented(console, said + ", ".join(ids))


def _left_alone(report: PlanReport, console: Console) -> None:
    alone = reading.left_alone(report.plan)
    if not alone:
        return
    _title(console, "What is left alone")
    for each in alone:
        change = each.change
        thing = f"{report.thing(change).capitalize()} {reading.name_of(change)} in {change.region}"
        _indented(
            console,
            f"{thing} is managed by {each.managed_by}, which would change it back; --adopt changes "
            f"it all the same. What would be done: {change.about}",
        )


def _named(name: str, text: str, console: Console) -> None:
    head = shown(console, f"{name}: ", "bold")
    console.print(Padding(head + shown(console, text), (0, 0, 0, 2)))


def _title(console: Console, title: str) -> None:
    console.print()
    console.print(shown(console, title, "bold underline"))


def _listed(console: Console, entries: Iterable[str]) -> None:
    for each in entries:
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column()
        grid.add_column(overflow="fold")
        grid.add_row("-", shown(console, each))
        _padded(console, grid, 4)


def _indented(console: Console, line: str, style: str = "", by: int = 2) -> None:
    _padded(console, shown(console, line, style), by)


def _padded(console: Console, what: RenderableType, by: int) -> None:
    console.print(Padding(what, (0, 0, 0, by)))


def _more(count: int, what: str, console: Console) -> None:
    if count > 0:
        _indented(console, f"and {count} more {what}; the plan as Markdown has them all", "dim", 4)
