"""``mlaudit reference``: the pipeline that everything on the checklist is shown by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlaudit.cli.reference_run import run

app = typer.Typer(
    name="reference",
    help="Compile, run and explain the reference pipeline.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command()(run)

Manifest = Annotated[
    Path, typer.Option(metavar="FILE", help="What describes the system; see `example`.")
]


@app.command()
def example() -> None:
    """Print a manifest to start from.

    Example:

      mlaudit reference example > pipeline.yaml
    """
    from mlaudit_reference.manifest import example as text  # noqa: PLC0415 - keeps --help fast

    typer.echo(text(), nl=False)


@app.command("compile")
def compile_(
    manifest: Manifest = Path("pipeline.yaml"),
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write to.")] = Path(
        "out/reference"
    ),
) -> None:
    """Write the templates, definitions and code that a manifest describes.

    Nothing is deployed. stacks.json tells the order in which the templates are deployed, and what
    each takes.

    Examples:

      mlaudit reference compile

      mlaudit reference compile --manifest pipeline.yaml --out out/reference
    """
    from mlaudit.cli.compiling import write_compiled  # noqa: PLC0415 - keeps --help fast

    for line in write_compiled(manifest, out):
        typer.echo(line)


@app.command()
def capabilities(
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List what the pipeline can do: which items each part turns, which it cannot, and its price.

    Examples:

      mlaudit reference capabilities

      mlaudit reference capabilities --format json
    """
    from mlaudit.cli.compiling import listed  # noqa: PLC0415 - keeps --help fast

    typer.echo(listed(form), nl=False)
