"""``mlaudit scan``: read an account, judge it, write reports. Only the options are here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def scan(  # noqa: PLR0913 - one parameter for each option
    *,
    account: Annotated[
        str | None, typer.Option(help="The account to read; its credentials' own by default.")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="A region to read; may be given several times.")
    ] = None,
    profile: Annotated[str | None, typer.Option(help="A profile of the AWS configuration.")] = None,
    role_name: Annotated[
        str | None, typer.Option(help="A role of the account to assume from another one.")
    ] = None,
    role_arn: Annotated[str | None, typer.Option(help="The same, by its ARN.")] = None,
    external_id: Annotated[str | None, typer.Option(help="The external id the role asks.")] = None,
    endpoint_url: Annotated[
        str | None, typer.Option(help="Send every call there instead of to AWS.")
    ] = None,
    window: Annotated[
        int | None, typer.Option(help="Days in which something must have run to count. [90]")
    ] = None,
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", help="html, markdown or json; several may be given. [all]"),
    ] = None,
    out: Annotated[str, typer.Option(help="The folder for reports; - prints one format.")] = "out",
    snapshot: Annotated[
        Path | None, typer.Option(help="Also write what was read, to replay it later.")
    ] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", help="Judge a snapshot file instead of reading AWS.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="The configuration. [mlaudit.yaml, where there is one]")
    ] = None,
    max_calls: Annotated[
        int, typer.Option(help="Make at most so many API calls; the rest stays unseen.")
    ] = 50_000,
    demo: Annotated[bool, typer.Option("--demo", help="Read an emulated account.")] = False,
    scenario: Annotated[
        str | None, typer.Option(help="With --demo: a bundled scenario, or a scenario file.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no summary.")] = False,
) -> None:
    """Audit the ML systems of an AWS account, read-only, and write reports.

    Exit code 0 when the audit was made, 2 when it could not be started, 4 when nothing could be
    read or a check crashed.

    Examples:

      mlaudit scan --demo

      mlaudit scan --account 123456789012 --region eu-west-1

      mlaudit scan --account 123456789012 --role-name Audit --external-id x --region us-east-1

      mlaudit scan --snapshot scan.json.gz --format json --out -

      mlaudit scan --from scan.json.gz
    """
    from mlaudit.cli.scanning import Options, run  # noqa: PLC0415 - keeps --help fast

    run(
        Options(
            account=account,
            regions=tuple(region or ()),
            profile=profile,
            role_name=role_name,
            role_arn=role_arn,
            external_id=external_id,
            endpoint_url=endpoint_url,
            window=window,
            formats=tuple(format_ or ()),
            out=out,
            snapshot=snapshot,
            replay=from_,
            config=config,
            max_calls=max_calls,
            demo=demo,
            scenario=scenario,
            quiet=quiet,
        )
    )
