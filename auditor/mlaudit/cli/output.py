"""Judge a snapshot, print the summary, write the reports, choose the exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from mlaudit.audit import Audit
from mlaudit.catalog import catalogue
from mlaudit.cli.exits import Exit
from mlaudit.config import Config
from mlaudit.errors import MlauditError
from mlaudit.files import write_whole
from mlaudit.judge import Settings, judge
from mlaudit.model import GapReason
from mlaudit.snapshot import Snapshot
from mlaudit.trend import with_trends
from mlaudit_reports import FORMATS, Format, as_json
from mlaudit_reports.as_terminal import render

STDOUT = "-"


@dataclass(frozen=True)
class Delivery:
    """Where reports go.

    Attributes:
        formats: The formats to write.
        folder: The folder to write to; ``None`` prints the one format.
        quiet: Whether to leave out the summary.
        since: An earlier audit to compare with; ``None`` compares with nothing.
    """

    formats: tuple[Format, ...]
    folder: Path | None
    quiet: bool
    since: Path | None

    @classmethod
    def of(
        cls, names: Sequence[str], out: str, *, quiet: bool, since: Path | None = None
    ) -> Delivery:
        """Check what the options ask for.

        Raises:
            MlauditError: A format is unknown, or several are to be printed.
        """
        unknown = [name for name in names if name not in FORMATS]
        if unknown:
            raise MlauditError(
                f"There is no format {unknown[0]!r}. Choose from {', '.join(sorted(FORMATS))}."
            )
        usual = [each.name for each in FORMATS.values() if each.usual]
        formats = tuple(FORMATS[name] for name in dict.fromkeys(names or usual))
        if out == STDOUT and len(formats) != 1:
            raise MlauditError("--out - prints one report: name one --format.")
        return cls(formats, None if out == STDOUT else Path(out), quiet, since)


def judged(snapshot: Snapshot, config: Config) -> Audit:
    """Judge a snapshot by the bundled catalogue and a configuration."""
    settings = Settings(config.tag_keys, config.workloads, config.declarations, config.rules)
    return judge(snapshot, catalogue(), settings)


def loaded(path: Path) -> Audit:
    """Read an audit that a scan wrote.

    Raises:
        MlauditError: It cannot be read, or is no audit.
    """
    try:
        return as_json.load(path.read_text("utf-8"))
    except OSError as error:
        raise MlauditError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise MlauditError(f"{path} is not an audit: it is no UTF-8.") from error


def deliver(snapshot: Snapshot, config: Config, delivery: Delivery) -> None:
    """Judge and write. Ends the command with an exit code other than 0 where that is due."""
    audit = judged(snapshot, config)
    if delivery.since:
        audit = with_trends(audit, loaded(delivery.since))
    texts = [(each, each.render(audit)) for each in delivery.formats]
    if delivery.folder is None:
        sys.stdout.write(texts[0][1])
    else:
        _write(audit, texts, delivery.folder, quiet=delivery.quiet)
    code = _exit_code(audit, snapshot)
    if code is not Exit.OK:
        raise typer.Exit(code)


def _write(audit: Audit, texts: Sequence[tuple[Format, str]], folder: Path, *, quiet: bool) -> None:
    paths = [folder / each.file_name for each, _ in texts]
    for path, (_, text) in zip(paths, texts, strict=True):
        write_whole(path, text.encode())
    if quiet:
        return
    console = Console()
    render(audit, console)
    for path in paths:
        console.print(f"Wrote {path}", markup=False, highlight=False, soft_wrap=True)


def _exit_code(audit: Audit, snapshot: Snapshot) -> Exit:
    crashed = [
        item.id
        for each in audit.workloads
        for item in each.items
        if any(gap.reason is GapReason.CRASHED for gap in item.gaps)
    ]
    if crashed:
        sys.stderr.write(
            f"mlaudit: the checks of {', '.join(sorted(set(crashed)))} crashed; "
            "please report it with the traceback above\n"
        )
        return Exit.TOOL
    answered = sum(each.made - each.failed for each in snapshot.scope.calls)
    if not answered:
        sys.stderr.write("mlaudit: nothing could be read; the report lists why\n")
        return Exit.TOOL
    return Exit.OK
