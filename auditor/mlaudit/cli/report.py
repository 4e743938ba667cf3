"""``mlaudit report``: judge a snapshot file and write reports, without AWS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlaudit.cli import options as option


def report(
    file: Annotated[Path, typer.Argument(help="A snapshot that mlaudit scan --snapshot wrote.")],
    *,
    format_: option.Formats = None,
    out: option.Out = "out",
    config: option.ConfigFile = None,
    quiet: option.Quiet = False,
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
