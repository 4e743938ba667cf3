"""``mlaudit enforcement``: the template that puts the gate into an account."""

from __future__ import annotations

import typer


def enforcement() -> None:
    """Print the CloudFormation template that has approvals judged where they are given.

    A version that is approved in the model registry is judged by the gate; unless that is open, its
    approval is withdrawn, with the reason in its description.

    Example:

      mlaudit enforcement > enforcement.json
    """
    from mlaudit.enforcement.template import template  # noqa: PLC0415 - keeps --help fast

    typer.echo(template(), nl=False)
