"""What a plan says to people, for every way of showing it: its parts, and five sentences.

Texts come out as they are: whoever shows them makes them harmless.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from mlaudit.remediate.bill import Amount, Bill, total
from mlaudit.remediate.change import Change, Pinned
from mlaudit.remediate.fix import Disposition
from mlaudit.remediate.plan import ForAPerson, LeftAlone, Plan, StackChange, Step
from mlaudit_reports import words
from mlaudit_reports.plan_costs import money, unknowns, unverified

DISPOSITION: Mapping[Disposition, str] = {
    Disposition.SAFE: "safe",
    Disposition.NEEDS_REVIEW: "needs review",
    Disposition.DISRUPTIVE: "disruptive",
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An item that will be judged otherwise, as the rehearsal found.

    Attributes:
        item: Its id.
        workload: The workload; ``*`` for the platform.
        now: What is said of it today.
        then: What will be said of it.
        because: Why.
        is_worse: Whether it is further from complete then, or out of sight.
    """

    item: str
    workload: str
    now: str
    then: str
    because: str
    is_worse: bool


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A plan with what its readers want to know beside it.

    Attributes:
        plan: The plan.
        digest: The SHA-256 sum that its file ends with; empty for one that has no file.
        titles: What each kind of setting is called, by its name.
        lost: What undoing does not bring back, by the name of the kind of setting.
        foreseen: What the rehearsal found that changes; ``None`` without a rehearsal.
        limits: What the rehearsal cannot foresee.
        policies: The files of the policies that applying and undoing it take.
        coarse: Where these allow more than the plan needs.
    """

    plan: Plan
    digest: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    lost: Mapping[str, str] = field(default_factory=dict)
    foreseen: tuple[Foreseen, ...] | None = None
    limits: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    coarse: tuple[str, ...] = ()

    def thing(self, change: Change) -> str:
        """What is changed, in words."""
        return self.titles.get(change.kind, change.kind)

    def not_brought_back(self, step: Step) -> tuple[str, ...]:
        """What undoing a step does not bring back, each once."""
        kinds = [each.change.kind for each in step.pinned] or [each.kind for each in step.changes]
        return tuple(dict.fromkeys(self.lost[kind] for kind in kinds if self.lost.get(kind)))


def name_of(change: Change) -> str:
    """What tells a thing from others of its kind."""
    return " ".join(change.key.values())


def verb(pinned: Pinned) -> str:
    """What is done to a thing."""
    if pinned.after is None:
        return "Delete"
    return "Make" if pinned.before is None else "Change"


def whose(workload: str) -> str:
    """For which workload something is."""
    return "the whole account" if workload == "*" else workload


def waiting(plan: Plan) -> tuple[Step, ...]:
    """The steps that are not applied yet."""
    return tuple(each for each in plan.steps if each.waits)


def bill_of_waiting(plan: Plan) -> Bill:
    """What the steps add that are not applied yet."""
    return total(each.bill for each in waiting(plan))


def rows(plan: Plan) -> Iterator[tuple[str, str, Bill]]:
    """What each step costs: its id, what it does for whom, and its bill."""
    for each in plan.steps:
        waits = " (waits)" if each.waits else ""
        yield each.id, f"{each.title}, for {whose(each.workload)}{waits}", each.bill


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of several steps in the same words.

    Attributes:
        steps: The steps.
        texts: What is said of each of them.
    """

    steps: tuple[Step, ...]
    texts: tuple[str, ...]

    @property
    def name(self) -> str:
        """Their ids, and what they do, where they do the same."""
        ids = ", ".join(each.id for each in self.steps)
        titles = {each.title for each in self.steps}
        return f"{ids} {titles.pop()}" if len(titles) == 1 else f"{ids}"


def risks(report: PlanReport) -> tuple[Said, ...]:
    """How much care steps ask for, what can go wrong, how to go back, and what does not come back.

    The first three texts are always there, and every further one is about what is lost.
    """
    return _said(
        (
            step,
            (DISPOSITION[step.disposition], step.risk, step.back, *report.not_brought_back(step)),
        )
        for step in report.plan.steps
    )


def proofs(plan: Plan) -> tuple[Said, ...]:
    """What steps do not prove, and what has to happen then."""
    return _said(
        (step, (step.not_proven, step.exercise))
        for step in plan.steps
        if step.not_proven or step.exercise
    )


def _said(told: Iterable[tuple[Step, tuple[str, ...]]]) -> tuple[Said, ...]:
    steps: dict[tuple[str, ...], list[Step]] = {}
    for step, texts in told:
        steps.setdefault(texts, []).append(step)
    return tuple(Said(tuple(some), texts) for texts, some in steps.items())


def resources(plan: Plan, stack: StackChange) -> tuple[str, ...]:
    """What a stack makes, each type with its number."""
    try:
        template = yaml.safe_load(plan.files[stack.template])
        found = Counter(str(each["Type"]) for each in template["Resources"].values())
    except (AttributeError, KeyError, TypeError, yaml.YAMLError):
        return ("what its template says, which cannot be read here",)
    return tuple(f"{count} x {kind}" for kind, count in sorted(found.items()))


def fate(stack: StackChange) -> str:
    """What becomes of a stack."""
    if stack.before is None:
        return "Make"
    return "Update" if stack.before else "Make or update"


def left_alone(plan: Plan) -> tuple[LeftAlone, ...]:
    """What is not changed because something else manages it."""
    return tuple(each for step in plan.steps for each in step.left_alone)


def adopted(plan: Plan) -> tuple[Pinned, ...]:
    """What is changed although something else manages it."""
    return tuple(each for step in plan.steps for each in step.pinned if each.managed_by)


def stub(each: ForAPerson) -> tuple[str, ...]:
    """An attestation for ``mlaudit.yaml`` to be filled in; a comment, so that it claims nothing."""
    return (
        f"# - item: {json.dumps(each.item)}",
        f"#   workload: {json.dumps(each.workload)}",
        "#   who: (who says so)",
        "#   when: (the day, such as 2026-03-31)",
        "#   expires: (until when it holds)",
        "#   link: (https://… to what shows it)",
        "#   statement: (what you know to be true)",
    )


def summary(report: PlanReport) -> tuple[str, ...]:
    """The plan in five sentences: what, how much of it, what it costs, the risk, and the result."""
    plan = report.plan
    return (
        _about(report),
        f"{_amount_of_change(plan)}.",
        _cost(plan),
        _risk(report),
        _result(report),
    )


def _about(report: PlanReport) -> str:
    plan = report.plan
    named = f"Plan {report.digest[:12]}" if report.digest else "Plan"
    return (
        f"{named}: {words.number(len(plan.steps), 'step')} for "
        f"{', '.join(plan.workloads) or 'no workload'} in account {plan.account} "
        f"({', '.join(plan.regions)}), toward {plan.goal.words}; it rests on what was read "
        f"{words.moment(plan.scanned_at)}."
    )


def _amount_of_change(plan: Plan) -> str:
    done = Counter(verb(each) for step in plan.ready for each in step.pinned)
    unseen = sum(len(step.changes) for step in plan.ready if not _was_looked_at(step))
    counts = (
        (done["Make"], "setting", "made"),
        (done["Change"], "setting", "changed"),
        (done["Delete"], "setting", "deleted"),
        (unseen, "setting", "changed that nobody has looked at yet"),
        (sum(step.stack is not None for step in plan.ready), "stack", "deployed"),
        (sum(len(step.files) for step in plan.ready), "file", "written"),
    )
    parts = [f"{words.number(count, thing)} {what}" for count, thing, what in counts if count]
    said = f"Changes: {', '.join(parts) or 'none'}"
    if waits := waiting(plan):
        said += f"; {words.number(len(waits), 'step')} not applied yet, because of what comes first"
    if alone := left_alone(plan):
        said += f"; {words.number(len(alone), 'change')} not made, because others manage it"
    return said


def _was_looked_at(step: Step) -> bool:
    return bool(step.pinned or step.left_alone)


def _cost(plan: Plan) -> str:
    bill, later = plan.bill, bill_of_waiting(plan).idle
    missing = "; what has no known price is named below" if any(unknowns(bill)) else ""
    doubted = "; some prices are to be verified" if any(unverified(bill)) else ""
    waits = f"; what waits would add {money(later)} a month" if later != Amount() else ""
    return (
        f"Cost: {money(bill.idle)} USD a month while nobody uses it, {money(bill.run)} a run, "
        f"{money(bill.thousand)} a thousand requests, {money(bill.worst)} a month at its maximum "
        f"all the time{waits}{missing}{doubted}."
    )


def _risk(report: PlanReport) -> str:
    steps = report.plan.ready
    parts = []
    for disposition in reversed(Disposition):
        some = [each.id for each in steps if each.disposition is disposition]
        if some:
            ids = "" if disposition is Disposition.SAFE else f" ({', '.join(some)})"
            parts.append(f"{len(some)} {DISPOSITION[disposition]}{ids}")
    lost = any(report.not_brought_back(each) for each in steps)
    back = "all of it but what is told below" if lost else "all of it"
    return (
        f"Risk: {', '.join(parts) or 'none'}; mlaudit remediate --undo RUN takes back {back}, "
        "and keeps what people or machines have written unless --delete-data is given."
    )


def _result(report: PlanReport) -> str:
    promises = report.plan.promises
    people = f"{words.number(len(report.plan.people), 'item')} for people"
    if not any(each.applied for each in promises):
        return (
            f"Result: {words.number(len(promises), 'wanted item')} helped; not rehearsed, so which "
            f"of them pass is not known; {people}."
        )
    now = sum(each.applied == "pass" for each in promises)
    used = sum(each.used and each.applied != "pass" for each in promises)
    worse = [each.item for each in report.foreseen or () if each.is_worse]
    harm = f"; worse, as rehearsed: {', '.join(dict.fromkeys(worse))}" if worse else ""
    return (
        f"Result: of {words.number(len(promises), 'wanted item')} {now} pass once this is applied, "
        f"as rehearsed, and {used} more once it has been used{harm}; {people}."
    )
