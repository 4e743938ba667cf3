"""``mlaudit policy``: the read-only IAM policy that a scan needs."""

from __future__ import annotations

import typer


def policy() -> None:
    """Print the IAM policy that lets mlaudit see everything it reads, and change nothing.

    Example:

      mlaudit policy > mlaudit-policy.json
    """
    from mlaudit.collect.policy import policy_document  # noqa: PLC0415 - keeps --help fast

    typer.echo(policy_document(), nl=False)
