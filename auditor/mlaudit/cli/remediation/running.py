"""Which errand ``mlaudit remediate`` is sent on, and in which order it is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from mlaudit.audit import Audit
from mlaudit.cli.exits import Exit
from mlaudit.cli.remediate import Asked
from mlaudit.cli.remediation import drafting, runs
from mlaudit.cli.remediation.meanings import (
    offering_of,
    reading_of,
    repository_of,
    scene_of,
    terms_of,
)
from mlaudit.cli.remediation.scene import Scene, telling
from mlaudit.cli.remediation.telling import show, tell_taken_back, tell_verification
from mlaudit.cli.scanning import check
from mlaudit.errors import MlauditError
from mlaudit.remediate import stacks
from mlaudit.remediate.fix import Kind
from mlaudit.remediate.plan import Plan
from mlaudit.remediate.plan_file import read_plan
from mlaudit.remediate.pricing import TooDearError
from mlaudit.remediate.workplace import Tell


def run(asked: Asked) -> None:
    """Do what is asked for; ends the command with an exit code other than 0 where that is due.

    Raises:
        MlauditError: It cannot be started; nothing was changed.
    """
    _check(asked)
    check(reading_of(asked))
    with telling(quiet=asked.quiet) as tell:
        code = _demonstrated(asked, tell) if asked.demo else _done(asked, scene_of(asked), tell)
    if code is not Exit.OK:
        raise typer.Exit(code)


def _demonstrated(asked: Asked, tell: Tell) -> Exit:
    from mlaudit.cli.remediation.demonstration import demonstrated  # noqa: PLC0415 - an extra

    return demonstrated(asked, tell)


def _done(asked: Asked, scene: Scene, tell: Tell) -> Exit:
    if asked.undo:
        return undo(scene, asked.undo, tell, delete_data=asked.delete_data)
    if asked.verify:
        return verify(scene, asked.verify)
    if asked.resume:
        return _completed(scene, runs.resumed(scene, asked.resume, _terms(asked, tell), tell))
    if asked.apply:
        return _applied_file(asked, scene, tell)
    return _planned(asked, scene, tell)


def _planned(asked: Asked, scene: Scene, tell: Tell) -> Exit:
    """Plan, show, ask, apply and verify."""
    try:
        drafted = drafting.drafted(
            scene, scene.scan(), terms_of(asked), offering_of(asked, scene), tell
        )
    except TooDearError as error:
        typer.echo(f"mlaudit: {error}", err=True)
        return Exit.BELOW
    wanted = asked.rehearse or (asked.rehearse is None and not asked.plan_only)
    if wanted and drafted.plan.ready:
        tell("Rehearsing in an emulated account")
        drafted = drafting.with_rehearsal(drafted, scene)
    show(drafted, scene)
    if asked.plan_only:
        return Exit.OK
    if not drafted.plan.ready:
        typer.echo("There is nothing to apply.")
        return Exit.OK
    if not asked.yes:
        tell("")
        typer.confirm(f"Apply this to account {drafted.plan.account}?", abort=True)
    repository_of(asked).write(drafted.plan)
    if all(each.kind is Kind.FILES for each in drafted.plan.ready):
        return Exit.OK
    return apply(scene, drafted.plan, drafted.audit, _terms(asked, tell), tell)


def _applied_file(asked: Asked, scene: Scene, tell: Tell) -> Exit:
    """Apply a plan that was reviewed."""
    plan = read_plan(asked.apply or Path())
    if any(each.changes and not (each.pinned or each.left_alone) for each in plan.ready):
        raise MlauditError(
            f"{asked.apply} was made offline, without what is there now: it is for reading. "
            "Plan again without --from."
        )
    before = scene.judge(scene.scan())
    if not asked.yes:
        typer.confirm(f"Apply this plan to account {plan.account}?", abort=True)
    repository_of(asked).write(plan)
    return apply(scene, plan, before, _terms(asked, tell), tell)


def apply(scene: Scene, plan: Plan, before: Audit, terms: stacks.Terms, tell: Tell) -> Exit:
    """Apply a plan, scan again, and tell what became of it."""
    return _completed(scene, runs.applied_plan(scene, plan, before, terms, tell))


def _completed(scene: Scene, ran: runs.Ran) -> Exit:
    if ran.applied.stopped:
        typer.echo(f"mlaudit: {ran.applied.stopped}", err=True)
        return Exit.TOOL
    typer.echo(f"Run {ran.run}: {ran.applied.changed} changes made.")
    code = verify(scene, ran.run)
    typer.echo(f"Take it back with: mlaudit remediate --undo {ran.run}{_where(scene)}")
    return code


def verify(scene: Scene, run: str) -> Exit:
    """Scan again, and hold a run to its promises."""
    found = runs.verification_of(scene, run)
    tell_verification(found)
    return Exit.OK if found.is_as_promised else Exit.BELOW


def undo(scene: Scene, run: str, tell: Tell, *, delete_data: bool) -> Exit:
    """Take a run back."""
    found = runs.undone(scene, run, tell, delete_data=delete_data)
    tell_taken_back(found)
    return Exit.OK if found.is_done else Exit.BELOW


def _terms(asked: Asked, tell: Tell) -> stacks.Terms:
    """What was agreed to; what a change set does to what is there already is asked once more."""

    def confirm(lines: Sequence[str]) -> bool:
        if asked.yes or all(": make " in line for line in lines):
            return True
        tell("")
        return typer.confirm("Execute this change set?")

    return stacks.Terms(asked.adopt, asked.allow_replacement, confirm)


def _where(scene: Scene) -> str:
    return "" if scene.state == Path("out/remediate") else f" --state {scene.state}"


def _check(asked: Asked) -> None:
    """Refuse what cannot be an errand before anything is read."""
    errands = {
        "--apply": asked.apply,
        "--resume": asked.resume,
        "--undo": asked.undo,
        "--verify": asked.verify,
    }
    given = [name for name, value in errands.items() if value is not None]
    has_goal = asked.workload or asked.target or asked.items or asked.level
    problems: tuple[tuple[object, str], ...] = (
        (len(given) > 1, f"{' and '.join(given)} are different errands: give one."),
        (given and has_goal, f"{''.join(given)} goes by the plan of its run: give no goal."),
        (given and asked.plan_only, f"--plan-only plans, and {''.join(given)} does not."),
        (asked.demo and given, f"--demo does all of it: give no {''.join(given)} with it."),
        (
            asked.from_ and not asked.plan_only,
            "--from plans by a snapshot: add --plan-only, or apply to an account that is read.",
        ),
        (asked.delete_data and not asked.undo, "--delete-data goes with --undo."),
    )
    for wrong, message in problems:
        if wrong:
            raise MlauditError(message)
