"""What ``mlaudit emulate`` does once its options are parsed."""

from __future__ import annotations

import shlex
import signal
from datetime import UTC, datetime
from threading import Event

import typer

from mlaudit.emulator import (
    Companions,
    EmulatedAccount,
    companions,
    emulated_account,
    load_scenario,
)
from mlaudit.errors import MlauditError

_LAST_PORT = 65535


def serve(scenario: str, port: int) -> None:
    """Serve a scenario and say how to use it, until interrupted.

    Raises:
        MlauditError: The scenario is broken or the port is taken.
    """
    if not 0 <= port <= _LAST_PORT:
        raise MlauditError(f"--port must be between 0 and {_LAST_PORT}, not {port}.")
    loaded = load_scenario(scenario)
    with (
        companions(loaded, datetime.now(UTC)) as brought,
        emulated_account(loaded, port=port) as account,
    ):
        try:
            # A shell starts a background command with SIGINT ignored; both end it all the same.
            for ending in (signal.SIGINT, signal.SIGTERM):
                signal.signal(ending, signal.default_int_handler)
            _tell(account, brought)
            Event().wait()
        except KeyboardInterrupt:
            typer.echo("Stopped.", err=True)


def _tell(account: EmulatedAccount, brought: Companions) -> None:
    """How a shell reaches the account, and a scan what the scenario brings beside it."""
    given = ["--config", str(brought.config)] if brought.config else []
    given += [each for one in brought.repositories for each in ("--repo", one)]
    if given:
        typer.echo(f"Scan it with: mlaudit scan {shlex.join(given)}", err=True)
    typer.echo(f"export AWS_ENDPOINT_URL={account.endpoint_url}")
    typer.echo(f"export AWS_ACCESS_KEY_ID={account.access_key}")
    typer.echo(f"export AWS_SECRET_ACCESS_KEY={account.secret_key}")
    typer.echo(f"export AWS_REGION={account.region}")
    typer.echo(f"Account {account.account} is up. Press Ctrl-C to stop.", err=True)
