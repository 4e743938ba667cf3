"""Runs: apply a plan, go on with it, hold it to its promises, take it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from mlaudit.audit import Audit
from mlaudit.cli.output import loaded
from mlaudit.cli.remediation.scene import Scene
from mlaudit.errors import MlauditError
from mlaudit.files import write_whole
from mlaudit.remediate import stacks
from mlaudit.remediate.apply import Applied, Deploy, applied
from mlaudit.remediate.entries import Intent
from mlaudit.remediate.hands import Declared, Hands, operations_of, operations_to_undo
from mlaudit.remediate.journal import Journal, begin
from mlaudit.remediate.locks import LOCKING, Holder, LockedError, alone, held, reopened
from mlaudit.remediate.plan import Plan, Step
from mlaudit.remediate.plan_file import read_plan, write_plan
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.stacks import Site, Terms
from mlaudit.remediate.undo import TakenBack, Told, taken_back
from mlaudit.remediate.verification import Verification, verified
from mlaudit.remediate.workplace import Tell, Workplace
from mlaudit_reports import as_json

PLAN, BEFORE, AFTER = "plan.json", "before.json", "after.json"
"""What a run keeps beside its journal: the plan, and the audits from before and after it."""


@dataclass(frozen=True)
class Ran:
    """A run that was applied, as far as it came.

    Attributes:
        run: Its id.
        plan: What it applies.
        applied: How that ended.
    """

    run: str
    plan: Plan
    applied: Applied


def applied_plan(scene: Scene, plan: Plan, before: Audit, terms: Terms, tell: Tell) -> Ran:
    """Apply a plan that was looked at.

    Raises:
        LockedError: Another remediation is under way.
        MlauditError: It cannot be begun; nothing was changed.
    """
    journal = begin(scene.state, scene.now)
    write_plan(plan, journal.folder / PLAN)
    write_whole(journal.folder / BEFORE, as_json.render(before).encode())
    try:
        with alone(journal.folder):
            return _apply(scene, plan, journal, terms, tell)
    except LockedError:
        rmtree(journal.folder)  # nothing was begun
        raise


def resumed(scene: Scene, run: str, terms: Terms, tell: Tell) -> Ran:
    """Complete a run that was interrupted.

    Raises:
        MlauditError: There is no such run, or it cannot be gone on with.
    """
    with reopened(scene.state, run) as journal:
        plan = read_plan(journal.folder / PLAN)
        return _apply(scene, plan, journal, terms, tell)


def verification_of(scene: Scene, run: str) -> Verification:
    """Scan again, and hold a run to what its plan promises.

    Raises:
        MlauditError: There is no such run, or the account cannot be read.
    """
    with reopened(scene.state, run) as journal:
        plan = read_plan(journal.folder / PLAN)
        before = loaded(journal.folder / BEFORE)
        after = scene.judge(scene.scan())
        write_whole(journal.folder / AFTER, as_json.render(after).encode())
        return verified(before, after, plan.promises, plan.worsens)


def undone(scene: Scene, run: str, tell: Tell, *, delete_data: bool) -> TakenBack:
    """Take a run back.

    Raises:
        MlauditError: There is no such run, or it cannot be begun.
    """
    with reopened(scene.state, run) as journal:
        plan = read_plan(journal.folder / PLAN)
        declared = operations_to_undo(journal.intents, SETTINGS) + LOCKING
        if any(each.kind in stacks.KINDS for each in journal.intents):
            declared += stacks.UNDOING
        with _working(scene, plan, journal, declared, tell) as (place, hands):

            def restore(intent: Intent) -> Told:
                site = Site(
                    intent.region, hands.ask(intent.region), tell, scene.patience, scene.role_arn
                )
                return stacks.undone(intent, site, journal, delete_data=delete_data)

            return taken_back(place, restore, delete_data=delete_data)


def declared_by(plan: Plan) -> Declared:
    """Every operation that applying a plan may call."""
    pins = [pin for step in plan.ready for pin in step.pinned]
    declared = operations_of(pins, SETTINGS) + LOCKING
    has_stacks = any(step.stack for step in plan.ready)
    return declared + stacks.DEPLOYING if has_stacks else declared


def _apply(scene: Scene, plan: Plan, journal: Journal, terms: Terms, tell: Tell) -> Ran:
    with _working(scene, plan, journal, declared_by(plan), tell) as (place, hands):
        deploy = _deploying(plan, scene, hands, place, terms)
        return Ran(journal.run, plan, applied(plan.ready, place, deploy))


def _deploying(plan: Plan, scene: Scene, hands: Hands, place: Workplace, terms: Terms) -> Deploy:
    def site_in(region: str) -> Site:
        return Site(region, hands.ask(region), place.tell, scene.patience, scene.role_arn)

    def deploy(step: Step) -> None:
        if step.stack is None:
            raise MlauditError(f"Step {step.id} has no stack.")
        for each in place.journal.intents:
            if each.kind in stacks.KINDS and place.journal.outcome(each.number) is None:
                stacks.settled(each, site_in(each.region), place.journal)
        stacks.deployed(step, plan.files, site_in(step.stack.region), place.journal, terms)

    return deploy


@contextmanager
def _working(
    scene: Scene, plan: Plan, journal: Journal, declared: Declared, tell: Tell
) -> Iterator[tuple[Workplace, Hands]]:
    """The workplace of a run, with the lock of the account in all regions of its plan."""
    hands = scene.hands(declared, plan.account)
    place = Workplace(SETTINGS, hands.ask, hands.caller, journal, tell, scene.patience)
    holder = Holder(journal.run, hands.caller, scene.now())
    with held(plan.regions, hands.ask, holder, tell):
        yield place, hands


def kept_plan(state: Path, run: str) -> Plan:
    """The plan of a run."""
    return read_plan(state / run / PLAN)
