"""``mlaudit emulate``: keep an emulated account running for other tools."""

from __future__ import annotations

from typing import Annotated

import typer


def emulate(
    *,
    scenario: Annotated[str, typer.Option(help="A bundled scenario, or a scenario file.")] = "demo",
    port: Annotated[int, typer.Option(help="The port on 127.0.0.1; 0 takes a free one.")] = 5005,
) -> None:
    """Serve an emulated AWS account on loopback until interrupted.

    Any AWS client can use it: the AWS CLI, boto3, Terraform, and mlaudit scan.

    Examples:

      mlaudit emulate

      mlaudit emulate --scenario empty --port 0
    """
    from mlaudit.cli.emulating import serve  # noqa: PLC0415 - keeps --help fast

    serve(scenario, port)
