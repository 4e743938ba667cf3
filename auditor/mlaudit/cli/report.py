"""``mlaudit report``: judge a snapshot file and write reports, without AWS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    file: Annotated[Path, typer.Argument(help="A snapshot that mlaudit scan --snapshot wrote.")],
    *,
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", help="html, markdown or json; several may be given. [all]"),
    ] = None,
    out: Annotated[str, typer.Option(help="The folder for reports; - prints one format.")] = "out",
    config: Annotated[
        Path | None, typer.Option(help="The configuration. [mlaudit.yaml, where there is one]")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> None:
    """Judge a snapshot again, offline, with the same verdicts.

    Examples:

      mlaudit report scan.json.gz

      mlaudit report scan.json.gz --format markdown --out -
    """
    from mlaudit.cli.output import Delivery, deliver  # noqa: PLC0415 - keeps --help fast
    from mlaudit.config import load_config  # noqa: PLC0415
    from mlaudit.snapshot import read_snapshot  # noqa: PLC0415

    delivery = Delivery.of(format_ or (), out, quiet=quiet)
    deliver(read_snapshot(file), load_config(config), delivery)
