"""``mlaudit scan``: read an account, judge it, write reports. Only the options are here."""

from __future__ import annotations

from dataclasses import replace

from mlaudit.cli import options as option


def scan(  # noqa: PLR0913 - one parameter for each option
    *,
    account: option.Account = None,
    region: option.Region = None,
    profile: option.Profile = None,
    role_name: option.RoleName = None,
    role_arn: option.RoleArn = None,
    external_id: option.ExternalId = None,
    endpoint_url: option.EndpointUrl = None,
    window: option.WindowDays = None,
    format_: option.Formats = None,
    out: option.Out = "out",
    snapshot: option.SnapshotFile = None,
    from_: option.From = None,
    repo: option.Repo = None,
    config: option.ConfigFile = None,
    since: option.Since = None,
    max_calls: option.MaxCalls = 50_000,
    demo: option.Demo = False,
    scenario: option.ScenarioName = None,
    quiet: option.Quiet = False,
) -> None:
    """Audit the ML systems of an AWS account, read-only, and write reports.

    Exit code 0 when the audit was made, 2 when it could not be started, 4 when nothing could be
    read or a check crashed.

    Examples:

      mlaudit scan --demo

      mlaudit scan --account 123456789012 --role-name Audit --external-id x

      mlaudit scan --snapshot scan.json.gz --format json --out -

      mlaudit scan --from scan.json.gz
    """
    from mlaudit.cli.scanning import Options, run  # noqa: PLC0415 - keeps --help fast

    regions = tuple(region or ())
    where = Options(account, regions, profile, role_name, role_arn, external_id, endpoint_url)
    run(
        replace(
            where,
            window=window,
            formats=tuple(format_ or ()),
            out=out,
            snapshot=snapshot,
            replay=from_,
            repositories=tuple(repo or ()),
            config=config,
            max_calls=max_calls,
            demo=demo,
            scenario=scenario,
            quiet=quiet,
            since=since,
        )
    )
