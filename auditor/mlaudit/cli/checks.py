"""``mlaudit checks``: what the checklist asks, and how each item is judged."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    name="checks",
    help="Tell what the checklist asks, and how each item is judged.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(
    section: Annotated[int | None, typer.Option(help="Only the items of one section.")] = None,
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List the items of the checklist.

    Examples:

      mlaudit checks list --section 4

      mlaudit checks list --format json
    """
    from mlaudit.cli.checking import listed  # noqa: PLC0415 - keeps --help fast

    typer.echo(listed(section, form), nl=False)


@app.command()
def show(item: Annotated[str, typer.Argument(help="The item's id, such as 4.5.")]) -> None:
    """Show what an item asks, what counts, what is read, and how to fix or attest it.

    Example:

      mlaudit checks show 6.errors
    """
    from mlaudit.cli.checking import shown  # noqa: PLC0415 - keeps --help fast

    typer.echo(shown(item), nl=False)
