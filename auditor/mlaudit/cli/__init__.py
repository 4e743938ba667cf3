"""The command line: parse, call one function, print, exit."""

from __future__ import annotations

import sys

import typer

from mlaudit import __version__
from mlaudit.cli import checks, reference
from mlaudit.cli.attest import attest
from mlaudit.cli.emulate import emulate
from mlaudit.cli.enforcement import enforcement
from mlaudit.cli.exits import Exit
from mlaudit.cli.gate import gate
from mlaudit.cli.policy import policy
from mlaudit.cli.remediate import remediate
from mlaudit.cli.report import report
from mlaudit.cli.scan import scan
from mlaudit.cli.verify import verify
from mlaudit.errors import MlauditError

app = typer.Typer(
    name="mlaudit",
    help="Audit machine-learning systems on AWS against a maturity checklist, with evidence.",
    epilog="Try it without an AWS account: mlaudit scan --demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: rendering it with rich doubles the start
)
app.command()(scan)
app.command()(report)
app.command()(gate)
app.command()(remediate)
app.command()(verify)
app.command()(policy)
app.command()(enforcement)
app.add_typer(checks.app)
app.add_typer(reference.app)
app.command()(attest)
app.command()(emulate)


def _show_version(value: bool) -> None:  # noqa: FBT001 - typer passes the flag
    if value:
        typer.echo(f"mlaudit {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(  # noqa: FBT001 - a flag of the command line
        False,  # noqa: FBT003
        "--version",
        callback=_show_version,
        is_eager=True,
        help="Print the version and exit.",
    ),
) -> None:
    """Options before the command."""


def main() -> None:
    """Run a command; an error of mlaudit is one clear message and exit code 2.

    An interrupt ends with exit code 130, which typer sees to.
    """
    try:
        app()
    except MlauditError as error:
        sys.stderr.write(f"mlaudit: error: {error}\n")
        sys.exit(Exit.USAGE)
