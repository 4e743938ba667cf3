"""Progress on stderr, only where somebody watches it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

from mlaudit.collect.run import Progress as Tell


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Tell]:
    """Show how far some work is. Yields the function to tell it to."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    shown = console.is_terminal and not quiet
    with Progress(
        *columns,
        MofNCompleteColumn(),
        Elapsed(),
        console=console,
        transient=True,
        disable=not shown,
    ) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield tell
