"""What ``mlaudit reference run`` does once its options are parsed."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from mlaudit.cli.compiling import manifest_of
from mlaudit.cli.exits import Exit
from mlaudit.errors import MlauditError
from mlaudit_reference.definitions.places import settings_document
from mlaudit_reference.local import dataset, registry
from mlaudit_reference.local.chain import SUMMARY, Plan, run_chain
from mlaudit_reference.local.failures import (
    BelowThresholdsError,
    LocalRunError,
    StepFailedError,
)
from mlaudit_reference.local.frameworks import INSTALL
from mlaudit_reference.local.summary import Summary, Window
from mlaudit_reference.local.tuning import Search


@dataclass(frozen=True)
class Wish:
    """What the options say."""

    manifest: Path | None
    out: Path
    data: Path | None
    rows: int
    frameworks: tuple[str, ...]
    seed: int


def ran(wish: Wish, *, local: bool, quiet: bool) -> None:
    """Run the chain and tell what it reached.

    Raises:
        MlauditError: The options, the manifest or the data cannot be used.
    """
    if not local:
        raise MlauditError(
            "Say --local to run the pipeline on this machine. In AWS it runs from what "
            "`mlaudit reference compile` writes."
        )
    plan = _plan(wish)
    try:
        with _progress(quiet=quiet) as tell:
            summary = run_chain(plan, tell)
    except BelowThresholdsError as error:
        raise _ended(error, Exit.BELOW) from error
    except StepFailedError as error:
        raise _ended(error, Exit.TOOL) from error
    except LocalRunError as error:
        raise MlauditError(str(error)) from error
    if not quiet:
        _tell(summary, plan.out)


def approved(out: Path, name: str) -> None:
    """Approve the newest version of a model.

    Raises:
        MlauditError: There is none, or it is approved already.
    """
    try:
        typer.echo(f"Approved {registry.approve(out / 'registry', name)}")
    except LocalRunError as error:
        raise MlauditError(str(error)) from error


def _plan(wish: Wish) -> Plan:
    manifest = manifest_of(wish.manifest) if wish.manifest else None
    settings = settings_document(manifest) if manifest else None
    data = dataset.Wish(wish.rows, wish.seed, wish.data, settings)
    if manifest is None:
        return Plan(wish.out, data, wish.frameworks, Search(seed=wish.seed))
    tuning = manifest.tuning
    search = Search(tuning.max_jobs, tuning.parallel, wish.seed, tuning.early_stopping)
    return Plan(wish.out, data, wish.frameworks, search if tuning.enabled else None)


def _ended(error: LocalRunError, code: Exit) -> typer.Exit:
    typer.echo(f"mlaudit: error: {error}", err=True)
    return typer.Exit(code)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show what runs and how long each step took, where somebody watches."""
    console = Console(stderr=True, highlight=False)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    steps: list[tuple[str, float]] = []

    def done() -> None:
        for text, start in steps:
            console.print(f"{time.monotonic() - start:6.1f} s  {text}", markup=False)
        steps.clear()

    with console.status("Starting") as status:

        def tell(text: str) -> None:
            done()
            steps.append((text, time.monotonic()))
            status.update(text)

        yield tell
        done()


def _tell(summary: Summary, out: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(_models(summary))
    for line in _lines(summary, out):
        console.print(line, markup=False)


def _models(summary: Summary) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for title in ("model", "AUC on validation", "AUC on test", "bias", ""):
        table.add_column(title, justify="left" if title in {"model", ""} else "right")
    for each in summary.trained:
        numbers = (each.validation_auc, each.test_auc, each.bias)
        said = "picked" if each.name == summary.picked else ""
        verdict = said if each.accepted else "below the thresholds"
        table.add_row(each.name, *(f"{value:.4f}" for value in numbers), verdict)
    return table


def _lines(summary: Summary, out: Path) -> Iterator[str]:
    tuned, stream, latency = summary.tuned, summary.stream, summary.latency
    if summary.left_out:
        yield f"Left out, not installed: {', '.join(summary.left_out)}. Install all: {INSTALL}"
    if tuned:
        yield (
            f"Tuning {tuned.framework}: {tuned.before:.4f} became {tuned.after:.4f} in "
            f"{tuned.trials} trials, {tuned.stopped} of them stopped early."
        )
    yield f"Batch: {summary.scored} records scored."
    yield (
        f"Real time: {latency.requests} requests, p50 {latency.p50} ms, p95 {latency.p95} ms, "
        f"p99 {latency.p99} ms."
    )
    yield (
        f"Stream: {stream.records} records; {stream.failures} calls failed on purpose, "
        f"{stream.crashes} of them deadly; {stream.lost} lost, {stream.doubled} doubled."
    )
    yield f"Drift without a shift: {_window(summary.drift.same)}"
    yield f"Drift with a shift: {_window(summary.drift.shifted)}"
    if summary.resumed:
        resumed = summary.resumed
        yield (
            f"Resuming: {resumed.framework} killed after {resumed.from_epoch} of {resumed.epochs} "
            f"epochs went on to the same model (weights differ by {resumed.difference:g})."
        )
    approve = ["--approve", summary.version.parent.name, "--out", str(out)]
    yield f"Registered {summary.version}"
    yield f"Approve it with: mlaudit reference run --local {shlex.join(approve)}"
    yield f"Done in {summary.seconds} s; the numbers are in {out / SUMMARY}."


def _window(window: Window) -> str:
    verdict = "training starts anew" if window.retrain else "nothing is to be done"
    return f"{verdict} ({'; '.join(window.reasons)})."
