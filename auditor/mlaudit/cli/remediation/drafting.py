"""From what was scanned to a plan that can be applied: planned, looked at, priced, rehearsed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlaudit.audit import Audit
from mlaudit.cli.deployed import READS
from mlaudit.cli.remediation.scene import Scene
from mlaudit.cli.remediation.standing import standing
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Record, UnseenError
from mlaudit.errors import MlauditError
from mlaudit.files import write_whole
from mlaudit.model import Gap, GapReason
from mlaudit.remediate import stacks
from mlaudit.remediate.catalogue import fixes, people
from mlaudit.remediate.comparison import Prediction, compared
from mlaudit.remediate.goal import chosen
from mlaudit.remediate.hands import Declared, Hands
from mlaudit.remediate.permissions import Grant, Policies, policies_of
from mlaudit.remediate.pinning import Eyes, operations_to_pin, pinned_steps
from mlaudit.remediate.plan import Plan, Promise, StackChange
from mlaudit.remediate.plan_file import digest, write_plan
from mlaudit.remediate.planning import Means, Offers, Planner, Wish
from mlaudit.remediate.pricing import paid_once, stay_within
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.stacks import Site
from mlaudit.remediate.workplace import Tell
from mlaudit.snapshot import Snapshot
from mlaudit_reference.templates import permissions as handlers
from mlaudit_reports import plan_markdown
from mlaudit_reports.plan_reading import Foreseen, PlanReport


@dataclass(frozen=True)
class Terms:
    """What the user allows.

    Attributes:
        wish: What is asked for.
        adopt: Whether to change what something else manages.
        max_monthly: What it may cost a month at rest, in USD; ``None`` for anything.
    """

    wish: Wish
    adopt: bool = False
    max_monthly: float | None = None


Offering = Callable[[Audit, Hands], Offers]
"""Makes what is offered beside settings, of an audit and hands that may read."""


@dataclass(frozen=True)
class Drafted:
    """A plan that can be applied, and what it rests on.

    Attributes:
        plan: The plan.
        audit: What was concluded before.
        snapshot: What that was concluded from.
        predictions: The verdicts that the rehearsal foresees to change; ``None`` without one.
        limits: What the rehearsal cannot foresee.
    """

    plan: Plan
    audit: Audit
    snapshot: Snapshot
    predictions: tuple[Prediction, ...] | None = None
    limits: tuple[str, ...] = ()

    @property
    def report(self) -> PlanReport:
        """The plan as it is shown."""
        return PlanReport(
            self.plan,
            digest(self.plan),
            {name: each.title for name, each in SETTINGS.items()},
            {name: each.cannot_go_back for name, each in SETTINGS.items()},
            None if self.predictions is None else tuple(_foreseen(self.predictions)),
            self.limits,
        )


def _foreseen(predictions: Iterable[Prediction]) -> Iterator[Foreseen]:
    """The items with another status; that more is said of the same one is no news in a plan."""
    for each in predictions:
        if each.now is not each.then:
            now, then = (one.value if one else "not there" for one in (each.now, each.then))
            worse = each.is_worse
            yield Foreseen(each.item, each.workload, now, then, each.summary, is_worse=worse)


class _Unasked:
    """An account that is not asked, as a plan for a snapshot is made offline."""

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Record:  # noqa: ARG002 - as a real one takes it
        """Tell that it was not asked."""
        raise UnseenError(Gap(operation.id, region, "Offline", GapReason.NOT_ASKED))


BLIND = Hands("", "", _Unasked())
"""Hands that see nothing."""


def drafted(scene: Scene, seen: Snapshot, terms: Terms, offering: Offering, tell: Tell) -> Drafted:
    """Plan for what was scanned, look at what is there now, and mind the price.

    Raises:
        MlauditError: The goal names what is not there, something cannot be looked at, or it is
            dearer than it may be.
    """
    audit = scene.judge(seen)
    chosen(terms.wish.goal, audit)  # before anybody is asked for credentials
    hands = BLIND if scene.is_offline else scene.hands(looking(), audit.account)
    means = Means(fixes(), people(), paid_once(), offering(audit, hands))
    plan = Planner(audit, seen, scene.settings, terms.wish, means).plan()

    def site(region: str) -> Site:
        return Site(region, hands.ask(region), tell, scene.patience)

    if not scene.is_offline:
        plan = _looked_at(plan, hands, site, adopt=terms.adopt)
    if terms.max_monthly is not None:
        stay_within(plan, terms.max_monthly)
    return Drafted(plan, audit, seen)


def _looked_at(plan: Plan, hands: Hands, site: Callable[[str], Site], *, adopt: bool) -> Plan:
    """The plan with what is there now, without what is so already."""
    ours = frozenset(each.stack.name for each in plan.steps if each.stack)
    steps = pinned_steps(plan.steps, Eyes(SETTINGS, hands.ask, plan.account, ours, adopt))
    found = [
        replace(each, stack=_seen(each.stack, plan, site, adopt=adopt))
        if each.stack and not each.waits
        else each
        for each in steps
    ]
    return replace(plan, steps=tuple(found))


def _seen(
    stack: StackChange, plan: Plan, site: Callable[[str], Site], *, adopt: bool
) -> StackChange:
    return stacks.looked_at(stack, plan.files, site(stack.region), adopt=adopt)


def with_rehearsal(drafted: Drafted, scene: Scene) -> Drafted:
    """The same with what a rehearsal foresees.

    Raises:
        MlauditError: No account can be emulated, or what stands already cannot be looked at.
    """
    try:
        from mlaudit.remediate.rehearsal import foreseen, rehearsed  # noqa: PLC0415 - an extra
        from mlaudit.remediate.stage import Script  # noqa: PLC0415 - an extra
    except MlauditError as error:
        raise MlauditError(f"{error} Or go on without a rehearsal: --no-rehearse.") from error

    plan = drafted.plan
    there = standing(plan, scene.hands(looking(), plan.account))
    script = Script(plan.steps, SETTINGS, {**there.files, **plan.files}, there.steps)
    predicted = rehearsed(drafted.snapshot, script)
    then = scene.judge(predicted.snapshot)
    predictions = compared(drafted.audit, then)
    worsens = tuple(_worsening(each) for each in predictions if each.is_worse)
    return replace(
        drafted,
        plan=replace(plan, promises=foreseen(plan.promises, then), worsens=worsens),
        predictions=predictions,
        limits=predicted.cannot_predict,
    )


def _worsening(each: Prediction) -> Promise:
    now, then = (status.value if status else "" for status in (each.now, each.then))
    return Promise(each.item, each.workload, now, then, used=False)


def written(drafted: Drafted, folder: Path, role: str | None = None) -> tuple[Path, ...]:
    """Write the plan as a file to apply, as a text to read, and the policies that it needs.

    Args:
        drafted: The plan.
        folder: Where to.
        role: The role that CloudFormation takes on; ``None`` for the rights of the caller.

    Raises:
        MlauditError: A file cannot be written.
    """
    plan = folder / "plan.json"
    write_plan(drafted.plan, plan)
    needed = policies_of(drafted.plan, Grant(SETTINGS, _handled, role))
    policies = tuple(_policies(needed, folder))
    names = tuple(each.name for each in policies)
    report = replace(drafted.report, policies=names, coarse=needed.coarse)
    text = folder / "plan.md"
    write_whole(text, plan_markdown.render(report).encode())
    return plan, text, *policies


def _policies(needed: Policies, folder: Path) -> Iterator[Path]:
    """As many documents as IAM takes; those of an earlier plan are taken away."""
    for old in folder.glob("policy-*.json"):
        old.unlink()
    for number, each in enumerate(needed.documents, start=1):
        path = folder / f"policy-{number}.json"
        write_whole(path, (json.dumps(each, indent=2) + "\n").encode())
        yield path


def _handled(kinds: Iterable[str]) -> Iterable[str]:
    """What CloudFormation calls for types of resources, by the schemas of its registry."""
    return handlers.actions(kinds, handlers.MAKE)


def looking() -> Declared:
    """What is called before anything is written: reads alone."""
    whole = operations_to_pin((), SETTINGS) + Declared(stacks.DEPLOYING.reads) + Declared(READS)
    for each in SETTINGS.values():
        whole += Declared(each.reads)
    return whole
