"""``mlaudit verify``: prove an evidence bundle. Only the options are here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify(
    file: Annotated[Path, typer.Argument(help="A bundle that mlaudit report --bundle wrote.")],
) -> None:
    """Prove that an evidence bundle is unchanged, and that its verdicts follow from its snapshot.

    Exit code 0 when both hold, 1 when one does not, 2 when the file is no bundle, 3 when another
    version of mlaudit or of the catalogue concluded it.

    Examples:

      mlaudit verify evidence.zip
    """
    from mlaudit.cli.bundling import verify as prove  # noqa: PLC0415 - keeps --help fast

    prove(file)
