"""``mlaudit gate``: may this version go where it is meant to go? Only the options are here."""

from __future__ import annotations

from dataclasses import replace

from mlaudit.cli import options as option


def gate(  # noqa: PLR0913 - one parameter for each option
    *,
    target: option.Target,
    workload: option.Workload = None,
    model_package: option.ModelPackage = None,
    endpoint: option.Endpoint = None,
    audit: option.AuditFile = None,
    from_: option.From = None,
    max_age: option.MaxAge = 24.0,
    threshold: option.Threshold = None,
    no_regression: option.NoRegression = False,
    baseline: option.Baseline = None,
    decision: option.DecisionFile = None,
    json_: option.AsJson = False,
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

      mlaudit gate --demo --workload fraud-detection --target batch
    """
    from mlaudit.cli.gating import Asked, run  # noqa: PLC0415 - keeps --help fast
    from mlaudit.cli.scanning import Options  # noqa: PLC0415
    from mlaudit.decision import Question  # noqa: PLC0415

    regions = tuple(region or ())
    one = regions[0] if len(regions) == 1 else None
    asked = Question(target, workload, model_package, endpoint, one, account, threshold)
    where = Options(account, regions, profile, role_name, role_arn, external_id, endpoint_url)
    reading = replace(
        where,
        replay=from_,
        repositories=tuple(repo or ()),
        config=config,
        demo=demo,
        scenario=scenario,
        quiet=quiet or json_,
    )
    run(Asked(asked, audit, max_age, baseline, no_regression, decision, json_, reading))
