"""``mlaudit gate``: may this version go where it is meant to go? Only the options are here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlaudit.cli import options as option
from mlaudit.thresholds import Target


def gate(  # noqa: PLR0913 - one parameter for each option
    *,
    target: Annotated[Target, typer.Option(help="What the candidate is meant to serve.")],
    workload: Annotated[
        str | None, typer.Option(help="The workload; what serves of it is the candidate.")
    ] = None,
    model_package: Annotated[str | None, typer.Option(help="The version, by its ARN.")] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="The endpoint; what serves on it is the candidate.")
    ] = None,
    audit: Annotated[
        Path | None, typer.Option(help="Decide by the audit.json of a scan; reads nothing of AWS.")
    ] = None,
    from_: option.From = None,
    max_age: Annotated[
        float, typer.Option(help="Hours that the audit or the snapshot may be old at most.")
    ] = 24.0,
    threshold: Annotated[
        int | None,
        typer.Option(min=1, max=100, help="Ask for so many percent instead of the configured."),
    ] = None,
    no_regression: Annotated[
        bool,
        typer.Option(
            "--no-regression",
            help="Block only what became worse since --baseline; not before streaming.",
        ),
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="The audit.json that --no-regression compares with.")
    ] = None,
    decision: Annotated[
        Path | None, typer.Option(help="Also write the decision as JSON, with its inputs' hashes.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
    account: option.Account = None,
    region: option.Region = None,
    profile: option.Profile = None,
    role_name: option.RoleName = None,
    role_arn: option.RoleArn = None,
    external_id: option.ExternalId = None,
    endpoint_url: option.EndpointUrl = None,
    repo: option.Repo = None,
    config: option.ConfigFile = None,
    demo: option.Demo = False,
    scenario: option.ScenarioName = None,
    quiet: option.Quiet = False,
) -> None:
    """Decide whether one version may be promoted, and tell what would open the gate.

    The candidate is named by --model-package, --endpoint or --workload. Exit code 0 when the gate
    is open, 1 when it is closed, 2 when the question cannot be understood, 3 when it cannot be
    decided: by what was not seen, an old audit, or one of another account or catalogue.

    Examples:

      mlaudit gate --workload fraud --target streaming

      mlaudit gate --model-package ARN --target registry --audit audit.json

      mlaudit gate --endpoint fraud --target realtime --no-regression --baseline main.json

      mlaudit gate --demo --workload fraud-detection --target batch
    """
    from mlaudit.cli.gating import Asked, run  # noqa: PLC0415 - keeps --help fast
    from mlaudit.cli.scanning import Options  # noqa: PLC0415
    from mlaudit.decision import Question  # noqa: PLC0415

    regions = tuple(region or ())
    run(
        Asked(
            question=Question(
                target=target,
                workload=workload,
                package=model_package,
                endpoint=endpoint,
                region=regions[0] if len(regions) == 1 else None,
                account=account,
                threshold=threshold,
            ),
            audit=audit,
            max_age_hours=max_age,
            baseline=baseline,
            no_regression=no_regression,
            decision=decision,
            as_json=json_,
            reading=Options(
                account=account,
                regions=regions,
                profile=profile,
                role_name=role_name,
                role_arn=role_arn,
                external_id=external_id,
                endpoint_url=endpoint_url,
                replay=from_,
                repositories=tuple(repo or ()),
                config=config,
                demo=demo,
                scenario=scenario,
                quiet=quiet or json_,
            ),
        )
    )
