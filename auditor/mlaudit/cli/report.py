"""``mlaudit report``: judge a snapshot file and write reports, without AWS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlaudit.cli import options as option


def report(  # noqa: PLR0913 - one parameter for each option
    file: Annotated[Path, typer.Argument(help="A snapshot that mlaudit scan --snapshot wrote.")],
    *,
    format_: option.Formats = None,
    out: option.Out = "out",
    config: option.ConfigFile = None,
    since: option.Since = None,
    bundle: Annotated[
        Path | None,
        typer.Option(help="Write an evidence bundle to this ZIP file, and no reports."),
    ] = None,
    quiet: option.Quiet = False,
) -> None:
    """Judge a snapshot again, offline, with the same verdicts.

    An evidence bundle holds the snapshot, the configuration, the audit, its decisions and reports,
    with their SHA-256 sums and an in-toto statement; mlaudit verify proves it.

    Examples:

      mlaudit report scan.json.gz

      mlaudit report scan.json.gz --format markdown --out -

      mlaudit report scan.json.gz --bundle evidence.zip
    """
    from mlaudit.cli.output import Delivery, deliver  # noqa: PLC0415 - keeps --help fast
    from mlaudit.config import load_config  # noqa: PLC0415
    from mlaudit.snapshot import read_snapshot  # noqa: PLC0415

    if bundle:
        from mlaudit.cli.bundling import make  # noqa: PLC0415

        made = make(read_snapshot(file), config, bundle)
        if not quiet:
            typer.echo(f"Wrote {made}")
        return
    delivery = Delivery.of(format_ or (), out, quiet=quiet, since=since)
    deliver(read_snapshot(file), load_config(config), delivery)
