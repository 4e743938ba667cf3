"""``mlaudit attest``: put a person's word for an item into the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlaudit.cli import options as option


def attest(  # noqa: PLR0913 - one parameter for each option
    item: Annotated[str, typer.Argument(help="The item's id, such as 5.1.")],
    *,
    workload: Annotated[str, typer.Option(help="The workload's name; * is every workload.")],
    who: Annotated[str, typer.Option(help="Who says so, as others can reach them.")],
    link: Annotated[str, typer.Option(help="Where the evidence is: https, http or s3.")],
    statement: Annotated[str, typer.Option(help="What is done, in a sentence.")],
    days: Annotated[int, typer.Option(help="How long it holds, at most 180 days.")] = 90,
    config: option.ConfigFile = None,
    audit: Annotated[
        Path | None, typer.Option(help="An audit.json: refuse what it contradicts.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print, and write nothing.")] = False,
) -> None:
    """Attest that an item is done, where no API can tell; the rest of the file stays as it is.

    An attestation never lifts what a scan sees fail. Exit code 2 when it is refused.

    Example:

      mlaudit attest 5.1 --workload fraud --who jo@example.com
      --link https://wiki.example.com/x --statement "Reviewed by two."
    """
    from mlaudit.cli.attesting import Word, write  # noqa: PLC0415 - keeps --help fast

    write(Word(item, workload, who, link, statement, days), config, audit, dry_run=dry_run)
