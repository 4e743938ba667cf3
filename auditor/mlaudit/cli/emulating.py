"""What ``mlaudit emulate`` does once its options are parsed."""

from __future__ import annotations

import signal
from threading import Event

import typer

from mlaudit.emulator import EmulatedAccount, emulated_account, load_scenario
from mlaudit.errors import MlauditError

_LAST_PORT = 65535


def serve(scenario: str, port: int) -> None:
    """Serve a scenario and say how to use it, until interrupted.

    Raises:
        MlauditError: The scenario is broken or the port is taken.
    """
    if not 0 <= port <= _LAST_PORT:
        raise MlauditError(f"--port must be between 0 and {_LAST_PORT}, not {port}.")
    with emulated_account(load_scenario(scenario), port=port) as account:
        try:
            # A shell starts a background command with SIGINT ignored; both end it all the same.
            for ending in (signal.SIGINT, signal.SIGTERM):
                signal.signal(ending, signal.default_int_handler)
            _tell(account)
            Event().wait()
        except KeyboardInterrupt:
            typer.echo("Stopped.", err=True)


def _tell(account: EmulatedAccount) -> None:
    """How a shell reaches the account."""
    typer.echo(f"export AWS_ENDPOINT_URL={account.endpoint_url}")
    typer.echo(f"export AWS_ACCESS_KEY_ID={account.access_key}")
    typer.echo(f"export AWS_SECRET_ACCESS_KEY={account.secret_key}")
    typer.echo(f"export AWS_REGION={account.region}")
    typer.echo(f"Account {account.account} is up. Press Ctrl-C to stop.", err=True)
